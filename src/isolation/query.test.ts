import { describe, expect, it } from "vitest";
import * as v from "valibot";
import {
  holds,
  type Observation,
  type Process,
  type Query,
  QuerySchema,
  toldByAgent,
  whyNot,
} from "./index.ts";

const INIT = { cgroup: 1, ipc: 2, mnt: 3, net: 4, pid: 5, time: 6, user: 7, uts: 8 };

function process(pid: number, comm: string, more: Partial<Process> = {}): Process {
  return {
    pid,
    ppid: 1,
    state: "S",
    uid: 0,
    pids: [pid],
    comm,
    kernelThread: false,
    cgroup: "/",
    namespaces: INIT,
    forChildren: { pid: 5, time: 6 },
    procMount: 5,
    details: undefined,
    ...more,
  };
}

/** A process in a PID namespace of its own, below the machine's. */
function inside(pid: number, inner: number, comm: string, more: Partial<Process> = {}): Process {
  return process(pid, comm, {
    pids: [pid, inner],
    namespaces: { ...INIT, pid: 50, mnt: 30 },
    forChildren: { pid: 50, time: 6 },
    procMount: 50,
    ...more,
  });
}

function seen(...processes: Process[]): Observation {
  const kthread = process(9, "sleep", { kernelThread: true, namespaces: {}, forChildren: {} });
  return toldByAgent([process(1, "init"), kthread, process(30, "bash"), ...processes]);
}

const SLEEP: Query = {
  process: { comm: "sleep", namespace: { pid: "not-init" }, innermostPid: { atLeast: 2 } },
};
const DEAD: Query = { process: { comm: "bash", forChildren: { pid: "dead" } } };

describe("a query", () => {
  it.each<[string, Query, Observation, boolean]>([
    ["a name", { process: { comm: "bash" } }, seen(), true],
    ["one of several names", { process: { comm: ["zsh", "bash"] } }, seen(), true],
    ["kernel threads do not count", { process: { comm: "sleep" } }, seen(), false],
    [
      "zombies do not count",
      { process: { comm: "sleep" } },
      seen(process(40, "sleep", { state: "Z" })),
      false,
    ],
    [
      "zombies that are asked for",
      { process: { state: "Z" } },
      seen(process(40, "sleep", { state: "Z" })),
      true,
    ],
    ["a namespace of its own", SLEEP, seen(inside(54, 2, "sleep")), true],
    ["init's namespace", SLEEP, seen(process(54, "sleep")), false],
    ["PID 1 inside", SLEEP, seen(inside(54, 1, "sleep")), false],
    ["an unreadable namespace is no match", SLEEP, seen(inside(54, 2, "sleep", { namespaces: {} })), false],
    ["levels", { process: { pidLevels: 2 } }, seen(inside(54, 2, "sleep")), true],
    [
      "own /proc",
      { process: { comm: "bash", pidLevels: 2, procMount: "own" } },
      seen(inside(50, 1, "bash")),
      true,
    ],
    [
      "another's /proc",
      { process: { pidLevels: 2, procMount: "other" } },
      seen(inside(50, 1, "bash", { procMount: 5 })),
      true,
    ],
    [
      "children are born elsewhere, dead",
      DEAD,
      seen(process(40, "bash", { forChildren: { pid: 50 } })),
      true,
    ],
    [
      "children are born elsewhere, alive",
      DEAD,
      seen(process(40, "bash", { forChildren: { pid: 50 } }), inside(41, 1, "ls")),
      false,
    ],
    ["a birthplace that nobody could read", DEAD, seen(process(40, "bash", { forChildren: {} })), false],
    [
      "a parent",
      { process: { comm: "ls", parent: { comm: "bash" } } },
      seen(process(40, "ls", { ppid: 30 })),
      true,
    ],
    ["a user", { process: { comm: "bash", uid: 1000 } }, seen(), false],
    ["none", { none: { namespace: { pid: "not-init" } } }, seen(), true],
    [
      "some where none is wanted",
      { none: { namespace: { pid: "not-init" } } },
      seen(inside(54, 1, "sh")),
      false,
    ],
    ["all", { all: [SLEEP, { process: { comm: "bash" } }] }, seen(inside(54, 2, "sleep")), true],
    ["any", { any: [SLEEP, { process: { comm: "bash" } }] }, seen(), true],
    ["too few", { process: { comm: "sleep" }, count: { atLeast: 2 } }, seen(inside(54, 2, "sleep")), false],
  ])("%s", (_name, query, observation, expected) => {
    expect(v.parse(QuerySchema, query)).toEqual(query);
    expect(holds(query, observation)).toBe(expected);
    expect(whyNot(query, observation) === "").toBe(expected);
  });

  it.each([
    { proces: { comm: "sleep" } },
    { process: { command: "sleep" } },
    { process: { namespace: { pids: "init" } } },
    { process: { innermostPid: 0 } },
    { all: [] },
    {},
    [],
    "sleep",
    null,
  ])("refuses what it does not know: %j", (data) => {
    expect(v.safeParse(QuerySchema, data).success).toBe(false);
  });
});

describe("an explanation names the nearest miss", () => {
  it.each<[string, Query, Observation, string]>([
    ["nobody", SLEEP, seen(), "There is no `sleep` running."],
    [
      "the wrong namespace",
      SLEEP,
      seen(process(54, "sleep")),
      "There is `sleep` (54), but it shares init's PID namespace.",
    ],
    [
      "the nearest of two",
      SLEEP,
      seen(process(54, "sleep"), inside(60, 1, "sleep")),
      "There is `sleep` (60), but it calls itself 1, not 2 or more.",
    ],
    [
      "the old /proc",
      { process: { comm: "bash", namespace: { pid: "not-init" }, procMount: "own" } },
      seen(inside(50, 1, "bash", { procMount: 5 })),
      "There is `bash` (50), but its `/proc` still lists the processes of another PID namespace.",
    ],
    [
      "too deep",
      { process: { comm: "sleep", pidLevels: 2 } },
      seen(inside(50, 3, "sleep", { pids: [50, 7, 3] })),
      "There is `sleep` (50), but it has 3 numbers (50, 7, 3), not 2.",
    ],
    [
      "no first child yet",
      DEAD,
      seen(process(40, "bash", { forChildren: {} })),
      "There is `bash` (40), but the PID namespace that its children will be born into has had no process yet.",
    ],
    [
      "who is still there",
      { none: { namespace: { pid: "not-init" } } },
      seen(inside(54, 1, "sh"), inside(55, 2, "sleep")),
      "Still there: `sh` (54) and `sleep` (55).",
    ],
    [
      "how many",
      { process: { comm: "sleep" }, count: { atLeast: 2 } },
      seen(inside(55, 2, "sleep")),
      "There is 1 of the 2 processes asked for.",
    ],
    [
      "the first that fails of all",
      { all: [{ process: { comm: "bash" } }, SLEEP] },
      seen(),
      "There is no `sleep` running.",
    ],
  ])("%s", (_name, query, observation, sentence) => {
    expect(whyNot(query, observation)).toBe(sentence);
  });
});
