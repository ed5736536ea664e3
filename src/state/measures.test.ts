import { expect, test } from "vitest";
import { type Cgroup, type Observation, type Process, toldByAgent } from "../isolation/index.ts";
import type { MeasureBlock } from "../lessons/index.ts";
import type { Machine } from "../machine/index.ts";
import { Measures } from "./measures.ts";

const KIB = 1024;
const BOX: MeasureBlock = {
  type: "measure",
  id: "box",
  name: [],
  machine: "machine-1",
  process: { comm: "sleep" },
};

/** A machine that has run so many instructions each time it is asked. */
function machine(counts: number[], observation: Observation): Pick<Machine, "stats" | "observe"> {
  return {
    stats: async () => ({ instructions: counts.shift() ?? 0 }) as Awaited<ReturnType<Machine["stats"]>>,
    observe: async () => observation,
  };
}

/** Someone in the cgroup /box. */
function aProcess(pid: number, comm: string, mnt: number): Process {
  return {
    ...{ pid, comm, ppid: 1, state: "S", uid: 0, pids: [pid], kernelThread: false, cgroup: "/box" },
    ...{ namespaces: { mnt }, forChildren: {}, procMount: undefined, details: undefined },
  };
}

/** What was seen of a machine in which the cgroup /box holds 300 KiB. */
function seen(...processes: readonly Process[]): Observation {
  const box = { path: "/box", memory: { current: 300 * KIB } } as Cgroup;
  return { ...toldByAgent(processes), cgroups: [box] };
}

const IN_BOX = aProcess(9, "sleep", 30);

test("counts from the last Enter to when it is there, with the memory that a cgroup of its own holds", async () => {
  const one = machine([5, 100, 1100], seen(IN_BOX));
  const measures = new Measures(() => one);
  measures.begin(BOX);
  measures.begin(BOX);
  const taken = await measures.end();
  expect(taken).toEqual({
    id: "box",
    measured: { instructions: 1000, memoryBytes: 300 * KIB, kernel: "shared" },
  });
});

test("memory that others have a share in is not said", async () => {
  const neighbour = aProcess(10, "bash", 3);
  const one = machine([100, 1100], seen(IN_BOX, neighbour));
  const measures = new Measures(() => one);
  measures.begin(BOX);
  expect((await measures.end())?.measured).toEqual({ instructions: 1000, kernel: "shared" });
});

test("a machine that was off counts from its first instruction, and has all its memory and a kernel", async () => {
  const machines = new Map<string, Pick<Machine, "stats" | "observe">>();
  const measures = new Measures((name) => machines.get(name));
  measures.begin({ type: "measure", id: "boot", name: [], machine: "machine-2" });
  const observation = seen();
  machines.set("machine-2", machine([45], observation));
  expect(await measures.end()).toEqual({
    id: "boot",
    measured: { instructions: 45, memoryBytes: observation.machine?.ram, kernel: "own" },
  });
});

test("nothing is measured that nobody began, that was given up, or whose machine has died", async () => {
  const one = machine([1, 2, 3], seen(IN_BOX));
  const measures = new Measures(() => one);
  expect(await measures.end()).toBeUndefined();
  measures.begin(BOX);
  measures.forget();
  expect(await measures.end()).toBeUndefined();
  const dying = new Measures(() => ({
    stats: async () => {
      throw new Error("gone");
    },
    observe: async () => seen(),
  }));
  dying.begin(BOX);
  expect(await dying.end()).toBeUndefined();
});
