import { expect, test } from "vitest";
import { compare, NAMESPACE_KINDS, toldByAgent } from "./index.ts";
import { aMap, aMount, aNamespace, aProcess, inOwn, seen, toldProcess } from "./observation-builder.ts";

const BASH = aProcess(30, "bash", { cgroup: "/", uid: 0 });

test("a process shares everything with itself", () => {
  const result = compare(seen([BASH]), 30, 30);
  expect(NAMESPACE_KINDS.map((kind) => result?.namespaces[kind].shared)).toEqual(Array(8).fill(true));
  expect(result?.cgroup).toEqual({
    shared: true,
    of: ["/", "/"],
    sentence: "Both are in the cgroup `/`: they share its limits.",
  });
  expect(result?.root.shared).toBe(true);
  expect(result?.user).toEqual({ shared: true, of: [0, 0], sentence: "Both run as user 0." });
});

test("what isolates two processes is said, kind by kind", () => {
  const own = aProcess(98, "sh", {
    uid: 1000,
    cgroup: "/demo",
    ...inOwn({ pid: 91, mnt: 90, net: 92, user: 70 }),
  });
  const more = {
    namespaces: [
      aNamespace("mnt", 90, { mounts: [aMount("/", { device: "0:30", type: "overlay" })] }),
      aNamespace("user", 70, { uidMap: aMap(0, 1000) }),
    ],
  };
  const result = compare(seen([own], more), 30, 98);
  expect(result?.namespaces.pid).toEqual({
    shared: false,
    of: [5, 91],
    sentence: "They live in different PID namespaces: they number processes each in their own way.",
  });
  expect(result?.namespaces.uts).toEqual({
    shared: true,
    of: [8, 8],
    sentence: "Both live in one UTS namespace: they have the same host name.",
  });
  expect(result?.cgroup.sentence).toBe("They are in different cgroups, `/` and `/demo`.");
  expect(result?.root).toEqual({
    shared: false,
    of: ["/", "/"],
    sentence: "They have different root directories: the same path leads to different files.",
  });
  expect(result?.user).toEqual({
    shared: false,
    of: [0, 1000],
    sentence:
      "`bash` (30) runs as user 0, `sh` (98) as user 0 (1000 outside); where `sh` (98) lives, `bash` (30) belongs to nobody it knows (65534).",
  });
});

test("a root is the same directory however one comes to it", () => {
  const roots = (first: string, mounts: ReturnType<typeof aMount>[]): boolean | undefined =>
    compare(
      seen([aProcess(40, "a", { details: { root: first } }), aProcess(41, "b", inOwn({ mnt: 90 }))], {
        namespaces: [aNamespace("mnt", 90, { mounts })],
      }),
      40,
      41,
    )?.root.shared;
  // The second has pivoted onto a bind mount of the directory that is the first one's root.
  expect(roots("/srv/jail", [aMount("/", { root: "/srv/jail" })])).toBe(true);
  expect(roots("/srv/other", [aMount("/", { root: "/srv/jail" })])).toBe(false);
  // A mount on top of the root hides the one below.
  expect(roots("/", [aMount("/"), aMount("/", { device: "0:30" })])).toBe(false);
  expect(roots("/", [])).toBeUndefined();
});

test("what could not be read is neither shared nor not", () => {
  const told = toldByAgent([
    toldProcess(1, "init"),
    toldProcess(40, "sleep", { namespaces: {}, cgroup: undefined }),
  ]);
  const result = compare(told, 1, 40);
  expect(result?.namespaces.net).toEqual({
    shared: undefined,
    of: [4, undefined],
    sentence: "The network namespace of `sleep` (40) could not be read.",
  });
  expect(result?.cgroup.sentence).toBe("The cgroup of `sleep` (40) could not be read.");
  expect(result?.root.shared).toBeUndefined();
  expect(compare(told, 1, 41)).toBeUndefined();
});
