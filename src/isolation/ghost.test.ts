import { describe, expect, it } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import {
  type Ghost,
  type GhostNode,
  ghostOf,
  type GhostThing,
  holds,
  type Observation,
  type Query,
  toldByAgent,
} from "./index.ts";
import {
  aCgroup,
  aMount,
  aNamespace,
  aPids,
  aProcess,
  inOwn,
  seen,
  toldProcess,
} from "./observation-builder.ts";
import { anyObservation } from "./random-observation.ts";

function ghost(query: Query, observation: Observation): Ghost {
  return ghostOf({ queries: [query], commands: 0 }, observation);
}

/** As lines, as a picture shows it: what is so bears a tick. */
function lines(nodes: readonly GhostNode[], indent = ""): string[] {
  const tick = (isSo: boolean | undefined): string => (isSo === undefined ? "-" : isSo ? "✓" : "○");
  return nodes.flatMap((node): string[] => {
    if (node.node === "before") return [`${indent}${tick(node.isSo)} first: ${node.words}`];
    if (node.node === "any")
      return [`${indent}${tick(node.isSo)} one of`, ...lines(node.nodes, `${indent}  `)];
    const { isAbsent, isSo, isThere, title, parts, inner } = node;
    return [
      `${indent}${tick(isAbsent ? isSo : isThere)} ${isAbsent ? "no " : ""}${title}`,
      ...parts.map((part) => `${indent}  ${tick(part.isSo)} ${part.words}`),
      ...lines(inner, `${indent}  `),
    ];
  });
}

function only({ nodes }: Ghost): GhostThing {
  const [node] = nodes;
  if (node?.node !== "thing") throw new Error("the ghost has no thing");
  return node;
}

const SMALL: Query = {
  all: [
    { cgroup: { path: "/small", "pids.max": { atMost: 5 } } },
    { process: { comm: "sleep", cgroup: "/small" } },
    { none: { comm: "bash", cgroup: "/small" } },
  ],
};

describe("a ghost", () => {
  it("of a cgroup fills in as it is built, with those who are to live in it", () => {
    const nothing = ghost(SMALL, seen([aProcess(9, "bash")]));
    expect(lines(nothing.nodes)).toEqual([
      "○ cgroup `/small`",
      "  ○ `pids.max` 5 or less",
      "  ○ process `sleep`",
      "    ○ in the cgroup `/small`",
      "  ✓ no process `bash`",
      "    - in the cgroup `/small`",
    ]);
    expect([nothing.so, nothing.all, nothing.isSo]).toEqual([1, 5, false]);
    expect(only(nothing).why).toBe("There is no cgroup `/small`.");
    const made = aCgroup("/small", { pids: aPids({ max: 5 }) });
    const half = ghost(SMALL, seen([aProcess(9, "bash"), aProcess(12, "sleep")], { cgroups: [made] }));
    expect(lines(half.nodes)).toEqual([
      "✓ cgroup `/small`",
      "  ✓ `pids.max` 5 or less",
      "  ✓ process `sleep`",
      "    ○ in the cgroup `/small`",
      "  ✓ no process `bash`",
      "    - in the cgroup `/small`",
    ]);
    expect(only(half).found).toEqual({ kind: "cgroup", key: "/small" });
    const [sleep] = only(half).inner;
    expect(sleep?.why).toBe("There is `sleep` (12), but its cgroup is `/`, not `/small`.");
    const all = ghost(SMALL, seen([aProcess(12, "sleep", { cgroup: "/small" })], { cgroups: [made] }));
    expect([all.so, all.all, all.isSo]).toEqual([5, 5, true]);
    const inside = [aProcess(9, "bash", { cgroup: "/small" }), aProcess(12, "sleep", { cgroup: "/small" })];
    const shell = ghost(SMALL, seen(inside, { cgroups: [made] }));
    expect(shell.isSo).toBe(false);
    expect(only(shell).inner.map(({ why }) => why)).toEqual(["", "Still there: `bash` (9)."]);
  });

  it("of a process has a plate, its memberships, and who comes nearest", () => {
    const query: Query = {
      process: { comm: "sleep", namespace: { pid: "not-init", net: "init" }, innermostPid: 1 },
    };
    const outside = ghost(query, seen([aProcess(9, "sleep")]));
    expect(lines(outside.nodes)).toEqual([
      "✓ process `sleep`",
      "  ○ PID namespace of its own",
      "  ✓ init's network namespace",
      "  ○ number 1 inside",
    ]);
    expect(only(outside).plate).toEqual({ name: "sleep", inside: 1, isSo: true });
    expect(only(outside).parts.map(({ place }) => place?.membership)).toEqual([
      "not-init",
      "init",
      undefined,
    ]);
    expect(only(outside).found).toEqual({ kind: "process", key: "9@9" });
    expect(only(ghost(query, seen())).plate?.isSo).toBe(false);
    expect(only(ghost(query, seen())).found).toBeUndefined();
  });

  it("of a namespace, a mount and a device says what is wanted of each", () => {
    const blue = aNamespace("uts", 80, { hostName: "blue" });
    const query: Query = {
      all: [
        { namespace: { kind: "uts", initial: false, hostName: "blue", member: { comm: "bash" } } },
        { mount: { point: "/mnt", type: "tmpfs", namespace: "not-init", readonly: true } },
        { device: { name: "veth0", peer: "other", up: true } },
      ],
    };
    const found = ghost(query, seen([aProcess(9, "bash", inOwn({ uts: 80 }))], { namespaces: [blue] }));
    expect(lines(found.nodes)).toEqual([
      "✓ UTS namespace",
      "  ✓ a process `bash` lives in it",
      "  ✓ not the machine's first",
      "  ✓ host name `blue`",
      "○ mount on `/mnt`",
      "  ○ in another mount namespace than init's",
      "  ○ type `tmpfs`",
      "  ○ read-only",
      "○ network device `veth0`",
      "  ○ its other end is in another network namespace",
      "  ○ up",
    ]);
    expect(only(found).found).toEqual({ kind: "namespace", of: { kind: "uts", inode: 80, generation: 0 } });
    const mounted = aNamespace("mnt", 30, { mounts: [aMount("/mnt", { type: "tmpfs" })] });
    const [, mount] = ghost(query, seen([], { namespaces: [blue, mounted] })).nodes;
    expect(lines(mount === undefined ? [] : [mount])).toEqual([
      "✓ mount on `/mnt`",
      "  ✓ in another mount namespace than init's",
      "  ✓ type `tmpfs`",
      "  ○ read-only",
    ]);
  });

  it("of what is not to be there is ticked while it is not", () => {
    const query: Query = {
      all: [
        { not: { any: [{ process: { comm: "cat" } }, { none: { comm: "sleep" } }] } },
        { not: { all: [{ process: { comm: "a" } }, { process: { comm: "b" } }] } },
        { process: { comm: "top" }, count: 0 },
      ],
    };
    expect(lines(ghost(query, seen([aProcess(9, "cat"), aProcess(10, "a")])).nodes)).toEqual([
      "○ no process `cat`",
      "○ process `sleep`",
      "✓ one of",
      "  ○ no process `a`",
      "  ✓ no process `b`",
      "✓ no process `top`",
    ]);
  });

  it("counts, and says when anything of several will do", () => {
    const query: Query = {
      any: [{ process: { comm: "sleep" }, count: 2 }, { kernel: { panicked: true } }],
    };
    expect(lines(ghost(query, seen([aProcess(9, "sleep")])).nodes)).toEqual([
      "○ one of",
      "  ✓ process `sleep`",
      "    ○ 2 of them",
      "  ✓ kernel",
      "    ○ has panicked",
    ]);
    expect(ghost(query, seen([aProcess(9, "sleep"), aProcess(10, "sleep")])).isSo).toBe(true);
  });

  it("keeps in mind what has to come first", () => {
    const before = { query: { process: { comm: "sleep", state: "Z" } }, isMet: false } as const;
    const wanted = { queries: [{ none: { comm: "sleep" } }], commands: 1 };
    const early = ghostOf({ ...wanted, before }, seen());
    expect(lines(early.nodes)).toEqual(["○ first: process `sleep` (a zombie)", "✓ no process `sleep`"]);
    expect([early.isSo, early.commands]).toEqual([false, 1]);
    expect(ghostOf({ ...wanted, before: { ...before, isMet: true } }, seen()).isSo).toBe(true);
  });

  it("of what cannot be seen is not so, and says why", () => {
    const told = toldByAgent([toldProcess(1, "init"), toldProcess(12, "sleep")]);
    const small = ghost(SMALL, told);
    expect(small.isSo).toBe(false);
    expect(only(small).why).toContain("cannot be seen now");
  });

  it("is so exactly when its query holds, and wants the same whatever is seen", () => {
    const queries: Query[] = [
      SMALL,
      { not: SMALL },
      { not: { any: [{ none: { comm: "sh" } }, { namespace: { kind: "pid" }, count: { atMost: 1 } }] } },
      { any: [{ process: { comm: "cat", frozen: true } }, { not: { not: { mount: { point: "/1" } } } }] },
      {
        all: [{ device: { name: "veth", up: true }, count: { atLeast: 2 } }, { kernel: { panicked: false } }],
      },
    ];
    for (const query of queries) {
      const next = seeded(7);
      const words = lines(ghost(query, seen()).nodes).map((line) => line.replaceAll(/[✓○]/g, ""));
      for (let i = 0; i < 200; i++) {
        const observation = anyObservation(next);
        const drawn = ghost(query, observation);
        expect(drawn.isSo).toBe(holds(query, observation));
        expect(lines(drawn.nodes).map((line) => line.replaceAll(/[✓○]/g, ""))).toEqual(words);
        expect(drawn.so).toBeLessThanOrEqual(drawn.all);
      }
    }
  });
});
