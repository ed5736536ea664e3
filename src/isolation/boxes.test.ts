import { describe, expect, test } from "vitest";
import { type Box, walkBoxes, walkProcesses } from "./box.ts";
import { boxesOf } from "./boxes.ts";
import {
  aCgroup,
  aMemory,
  aMount,
  aNamespace,
  aProcess,
  INIT,
  inOwn,
  seen,
  toldProcess,
} from "./observation-builder.ts";
import { seeded } from "../../tests/support/random.ts";
import { NAMESPACE_KINDS } from "./namespace.ts";
import { toldByAgent } from "./observation.ts";

/** A box in one line: what it has of its own, who lives in it, what lies in it. */
function sketch(box: Box): string {
  const own = box.own.map(({ kind, inode }) => `${kind}${inode}`).join(" ");
  const inside = [
    ...[...walkProcesses(box.processes)].map(({ comm, pid }) => `${comm} ${pid}`),
    ...box.boxes.map((one) => sketch(one)),
  ];
  return `[${box.role} ${own}: ${inside.join(", ")}]`;
}

const drawn = (observation: Parameters<typeof boxesOf>[0]): string =>
  boxesOf(observation)
    .boxes.map((box) => sketch(box))
    .join(" ");

const roles = (observation: Parameters<typeof boxesOf>[0]): string[] =>
  [...walkBoxes(boxesOf(observation))].map(({ role }) => role);

const inPid = (pid: number): object => ({ pids: [pid, 1], forChildren: {} });

describe("nesting", () => {
  test("a machine without boxes holds its processes by parents", () => {
    const machine = boxesOf(seen([aProcess(31, "sleep", { ppid: 30 })]));
    expect(machine.boxes).toEqual([]);
    expect(machine.processes.map(({ process }) => process.pid)).toEqual([1]);
    expect([...walkProcesses(machine.processes)].map(({ pid }) => pid)).toEqual([1, 30, 31]);
  });

  test("the PID lesson: the one who unshared stays outside, its child is inside", () => {
    const observation = seen(
      [
        aProcess(97, "unshare", { ppid: 30, forChildren: { pid: 50 } }),
        aProcess(98, "bash", { ppid: 97, pids: [98, 1], ...inOwn({ pid: 50 }) }),
      ],
      { namespaces: [aNamespace("pid", 50, { init: 98 })] },
    );
    expect(drawn(observation)).toBe("[part pid50: bash 98]");
    const [box] = boxesOf(observation).boxes;
    expect(box?.bornOf?.pid).toBe(97);
    expect(box?.badges).toEqual(["outer-proc"]);
    expect(box?.shared).toEqual(["cgroup", "ipc", "mnt", "net", "time", "user", "uts"]);
  });

  test("a container in a container lies in it, and has of its own only what differs", () => {
    const observation = seen(
      [
        aProcess(40, "sh", { ppid: 30, ...inPid(40), ...inOwn({ pid: 50, mnt: 51, net: 52 }) }),
        aProcess(41, "sh", { ppid: 40, pids: [41, 2, 1], ...inOwn({ pid: 60, mnt: 61, net: 52 }) }),
      ],
      {
        namespaces: [
          aNamespace("pid", 50, { init: 40 }),
          aNamespace("pid", 60, { init: 41, parent: 50, level: 2 }),
          aNamespace("mnt", 51),
          aNamespace("mnt", 61),
          aNamespace("net", 52),
        ],
      },
    );
    expect(drawn(observation)).toBe("[container pid50 mnt51 net52: sh 40, [container pid60 mnt61: sh 41]]");
  });

  test("who makes a mount namespace in a container is drawn in it", () => {
    const observation = seen(
      [
        aProcess(40, "sh", { ppid: 30, ...inPid(40), ...inOwn({ pid: 50, mnt: 51 }) }),
        aProcess(41, "sh", { ppid: 40, pids: [41, 2], ...inOwn({ pid: 50, mnt: 61 }) }),
      ],
      { namespaces: [aNamespace("pid", 50, { init: 40 }), aNamespace("mnt", 51), aNamespace("mnt", 61)] },
    );
    expect(drawn(observation)).toBe("[container pid50 mnt51: sh 40, [part mnt61: sh 41]]");
  });

  test("who waits for the PID namespace of its making shares the box, without a number in it", () => {
    const observation = seen(
      [
        aProcess(97, "unshare", { ppid: 30, ...inOwn({ mnt: 51, net: 52 }), forChildren: { pid: 50 } }),
        aProcess(98, "bash", { ppid: 97, ...inPid(98), ...inOwn({ pid: 50, mnt: 51, net: 52 }) }),
      ],
      { namespaces: [aNamespace("pid", 50, { init: 98 })] },
    );
    expect(drawn(observation)).toBe("[container pid50 mnt51 net52: bash 98]");
    const [box] = boxesOf(observation).boxes;
    expect(box?.launchers.map(({ process }) => process.pid)).toEqual([97]);
    expect(box?.bornOf?.pid).toBe(30);
  });

  test("containers that share a network are joined by it", () => {
    const pod = (pid: number, own: number): ReturnType<typeof aProcess> =>
      aProcess(pid, "app", { ...inPid(pid), ...inOwn({ pid: own, mnt: own + 1, net: 70, ipc: 71 }) });
    const observation = seen([pod(40, 50), pod(41, 52)], {
      namespaces: [aNamespace("pid", 50, { init: 40 }), aNamespace("pid", 52, { init: 41 })],
    });
    expect(drawn(observation)).toBe(
      "[shared net70 ipc71: [container pid50 mnt51: app 40], [container pid52 mnt53: app 41]]",
    );
  });

  test("a pod with one PID namespace holds containers, not one in the other", () => {
    const observation = seen(
      [
        aProcess(40, "pause", { ...inPid(40), ...inOwn({ pid: 50, mnt: 51, net: 70 }) }),
        aProcess(41, "app", { pids: [41, 2], ...inOwn({ pid: 50, mnt: 52, net: 70 }) }),
      ],
      { namespaces: [aNamespace("pid", 50, { init: 40 })] },
    );
    expect(drawn(observation)).toBe(
      "[shared pid50 net70: [container mnt51: pause 40], [container mnt52: app 41]]",
    );
  });

  test("user namespaces nest as the kernel nests them", () => {
    const observation = seen(
      [
        aProcess(40, "bash", { ppid: 30, uid: 1000, ...inOwn({ user: 50 }) }),
        aProcess(41, "bash", { ppid: 40, uid: 1000, ...inOwn({ user: 60, net: 61 }) }),
      ],
      { namespaces: [aNamespace("user", 50), aNamespace("user", 60, { parent: 50, level: 2 })] },
    );
    expect(drawn(observation)).toBe("[part user50: bash 40, [part user60 net61: bash 41]]");
  });

  test("neighbours that share two and two fall apart by the most telling kind", () => {
    const observation = seen([
      aProcess(40, "a", inOwn({ net: 50 })),
      aProcess(41, "b", inOwn({ net: 50, ipc: 51 })),
      aProcess(42, "c", inOwn({ ipc: 51 })),
    ]);
    expect(drawn(observation)).toBe("[part net50: a 40, [part ipc51: b 41]] [part ipc51: c 42]");
    const keys = [...walkBoxes(boxesOf(observation))].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("a zombie stays where it was, though it has left its namespaces", () => {
    const observation = seen([
      aProcess(40, "sh", { ppid: 30, ...inPid(40), ...inOwn({ pid: 50 }) }),
      aProcess(41, "gone", { ppid: 40, state: "Z", pids: [41, 2], namespaces: { pid: 50 } }),
    ]);
    expect(drawn(observation)).toBe("[part pid50: sh 40, gone 41]");
  });

  test("parents in a circle are all drawn, once", () => {
    const observation = seen([aProcess(40, "a", { ppid: 41 }), aProcess(41, "b", { ppid: 40 })]);
    const all = [...walkProcesses(boxesOf(observation).processes)].map(({ pid }) => pid);
    expect(all.toSorted((a, b) => a - b)).toEqual([1, 30, 40, 41]);
  });

  test("what the agent tells is drawn too, with levels from the pids", () => {
    const observation = toldByAgent([
      toldProcess(1, "init"),
      toldProcess(40, "sh", { ...inPid(40), ...inOwn({ pid: 50, mnt: 51 }) }),
      toldProcess(41, "sh", { ppid: 40, pids: [41, 2, 1], ...inOwn({ pid: 60, mnt: 51 }) }),
    ]);
    expect(drawn(observation)).toBe("[container pid50 mnt51: sh 40, [part pid60: sh 41]]");
  });

  test("kernel threads are told apart, and what they alone live in makes no box", () => {
    const observation = seen([aProcess(2, "kthreadd", { kernelThread: true, ...inOwn({ mnt: 9 }) })], {
      namespaces: [aNamespace("mnt", 9)],
    });
    expect(roles(observation)).toEqual(["machine"]);
    expect(boxesOf(observation).kernelThreads.map(({ comm }) => comm)).toEqual(["kthreadd"]);
  });
});

describe("namespaces without anybody", () => {
  test("one that a mount keeps is an empty box", () => {
    const pin = { by: "mount", path: "/run/netns/blue", mountNamespace: INIT.mnt } as const;
    const [box] = boxesOf(seen([], { namespaces: [aNamespace("net", 50, { pins: [pin] })] })).boxes;
    expect(box?.role).toBe("kept");
    expect(box?.kept).toEqual([pin]);
  });

  test("one that waits for its first process says whose child that will be", () => {
    const observation = seen([aProcess(97, "unshare", { ppid: 30, forChildren: { pid: 50 } })], {
      namespaces: [aNamespace("pid", 50)],
    });
    expect(boxesOf(observation).boxes[0]?.kept).toEqual([{ by: "next-child", pid: 97, comm: "unshare" }]);
  });
});

describe("containers", () => {
  const own = inOwn({ pid: 50, mnt: 51 });
  const made = aProcess(40, "x", { ...inPid(40), ...own, cgroup: "/demo" });

  test("are known by PID and mount namespace, whatever their names", () => {
    for (const comm of ["conmon", "my-own-thing"]) {
      expect(roles(seen([{ ...made, comm }]))).toEqual(["machine", "container"]);
    }
  });

  test("are not made by sharing a cgroup", () => {
    const observation = seen([
      aProcess(40, "podman", { cgroup: "/libpod" }),
      aProcess(41, "nginx", { cgroup: "/libpod" }),
    ]);
    expect(roles(observation)).toEqual(["machine"]);
  });

  test("say what they lack", () => {
    const mounts = [aMount("/")];
    const observation = seen([made], {
      namespaces: [aNamespace("mnt", 51, { mounts })],
      cgroups: [aCgroup("/"), aCgroup("/demo", { memory: aMemory() })],
    });
    expect(boxesOf(observation).boxes[0]?.badges).toEqual([
      "outer-proc",
      "no-user",
      "no-net",
      "machine-root",
      "no-limits",
      "all-capabilities",
      "seccomp-off",
      "no-uts",
      "no-ipc",
    ]);
  });

  test("that lack nothing say nothing", () => {
    const process = aProcess(40, "x", {
      ...inPid(40),
      ...inOwn({ pid: 50, mnt: 51, net: 52, user: 53, uts: 54, ipc: 55 }),
      procMount: 50,
      cgroup: "/demo/inner",
      details: { seccomp: "filter" },
    });
    const mounts = [aMount("/", { type: "overlay", device: "0:40" })];
    const observation = seen([process], {
      namespaces: [aNamespace("mnt", 51, { mounts }), aNamespace("user", 53)],
      cgroups: [aCgroup("/"), aCgroup("/demo", { memory: aMemory({ max: 1 }) }), aCgroup("/demo/inner")],
    });
    expect(boxesOf(observation).boxes[0]?.badges).toEqual([]);
  });
});

describe("whatever was read", () => {
  const random = seeded(20261125);
  const below = (most: number): number => Math.floor(random() * most);

  /** As torn memory may show it: any parents, any namespaces, circles among them, and records that contradict. */
  function torn(): Parameters<typeof boxesOf>[0] {
    const count = 1 + below(40);
    const processes = Array.from({ length: count }, (_, i) => {
      const namespaces = Object.fromEntries(
        NAMESPACE_KINDS.filter(() => below(8) > 0).map((kind) => [
          kind,
          below(2) === 0 ? INIT[kind] : 50 + below(4),
        ]),
      );
      const pids = Array.from({ length: 1 + below(3) }, () => 1 + below(3));
      const forChildren = below(2) === 0 ? {} : { pid: 50 + below(4) };
      return aProcess(100 + i, "x", { ppid: 99 + below(count + 2), namespaces, pids, forChildren });
    });
    const namespaces = NAMESPACE_KINDS.flatMap((kind) =>
      [50, 51, 52, 53]
        .filter(() => below(3) > 0)
        .map((inode) => aNamespace(kind, inode, { owner: 50 + below(4) })),
    ).map((one) =>
      one.kind === "pid" || one.kind === "user"
        ? { ...one, parent: 50 + below(4), init: 100 + below(count) }
        : one,
    );
    return seen(processes, { namespaces });
  }

  test("a chain of thousands takes no longer than its length", () => {
    const chain = Array.from({ length: 5000 }, (_, i) =>
      aProcess(100 + i, "x", { ppid: i === 0 ? 1 : 99 + i }),
    );
    const before = performance.now();
    expect([...walkProcesses(boxesOf(seen(chain)).processes)]).toHaveLength(5002);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test("each process is drawn once, and each box has a key of its own", () => {
    for (let round = 0; round < 400; round++) {
      const observation = torn();
      const boxes = [...walkBoxes(boxesOf(observation))];
      const drawnPids = boxes
        .flatMap(({ processes, launchers }) => [...walkProcesses(processes), ...walkProcesses(launchers)])
        .map(({ pid }) => pid)
        .toSorted((a, b) => a - b);
      expect(drawnPids).toEqual(observation.processes.map(({ pid }) => pid).toSorted((a, b) => a - b));
      expect(new Set(boxes.map(({ key }) => key)).size).toBe(boxes.length);
    }
  });
});
