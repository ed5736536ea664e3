import type { Namespace } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import {
  aCgroup,
  aDevice,
  aKernel,
  aMap,
  aMemory,
  aMount,
  aNamespace,
  aPids,
  aProcess,
  inOwn,
  seen,
} from "./observation-builder.ts";
import type { Process } from "./process.ts";

/** An observation of anything at all: numbers from so small a set that most of it fits together somehow. */
export function anyObservation(random: () => number): Observation {
  const below = (count: number): number => Math.floor(random() * count);
  const some = <Thing>(count: number, make: (i: number) => Thing): Thing[] =>
    Array.from({ length: below(count) }, (_, i) => make(i));
  const process = (): Process =>
    aProcess(1 + below(9), ["sh", "cat", "`a`"][below(3)] ?? "", {
      ppid: below(9),
      state: ["S", "R", "Z", "T"][below(4)] ?? "S",
      uid: below(2) * 1000,
      pids: some(4, () => 1 + below(9)),
      kernelThread: random() < 0.1,
      cgroup: ["/", "/demo", "/demo/inner", undefined][below(4)],
      ...inOwn({ pid: 5 + below(3), net: 4 + below(2), user: 7 + below(2), mnt: 3 + below(2) }),
      forChildren: { pid: 5 + below(3), time: 6 },
      details: { startedAt: below(3), frozen: random() < 0.5, exitStatus: below(3) * 9 },
    });
  const namespace = (): Namespace => {
    const generation = below(2);
    const kinds: readonly (() => Namespace)[] = [
      () =>
        aNamespace("pid", 5 + below(3), {
          generation,
          init: below(9),
          parent: 5 + below(3),
          dead: below(2) === 0,
        }),
      () =>
        aNamespace("net", 4 + below(2), {
          generation,
          devices: some(4, () =>
            aDevice(below(4), "veth", { kind: "veth", mac: `${below(3)}`, up: random() < 0.5 }),
          ),
        }),
      () => aNamespace("user", 7 + below(2), { generation, uidMap: aMap(below(2), 1000, below(3)) }),
      () =>
        aNamespace("mnt", 3 + below(2), {
          generation,
          mounts: some(7, () => aMount(`/${below(3)}`, { id: below(5) })),
          pins: some(2, () => ({ by: "file", pid: below(9), fd: 3 })),
        }),
    ];
    return (kinds[below(kinds.length)] ?? kinds[0])?.() ?? aNamespace("uts", 8);
  };
  return {
    ...seen([], {
      kernel: aKernel({ uptime: random() < 0.1 ? 10 : 1000, panic: random() < 0.1 ? "no" : undefined }),
      cgroups: some(4, () =>
        aCgroup(["/", "/demo", "/demo/inner"][below(3)] ?? "/", {
          inode: below(3),
          frozen: random() < 0.5,
          memory: random() < 0.5 ? undefined : aMemory({ events: { oomKill: below(3), oom: below(2) } }),
          pids: aPids({ max: below(3), refused: below(4) }),
        }),
      ),
      missing: random() < 0.2 ? [{ what: "something", count: 1 }] : [],
    }),
    processes: some(12, process),
    namespaces: some(9, namespace),
  };
}
