import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NamespaceNumbers, type Observation, type Process, toldByAgent } from "../isolation/index.ts";
import type { Machine, Terminal } from "../machine/index.ts";
import { TerminalPlaces } from "./terminal-places.ts";

const MIB = 1024 * 1024;
const INIT = { cgroup: 1, ipc: 2, mnt: 3, net: 4, pid: 5, time: 6, user: 7, uts: 8 };

/** Of what memory shows only this counts here. */
function process(pid: number, comm: string, more: object = {}): Process {
  const [told] = toldByAgent([{ pid, ppid: 1, comm, uid: 0, pids: [pid] } as unknown as Process]).processes;
  const details = { startedAt: pid, group: pid, session: pid, terminal: undefined };
  return {
    kernelThread: false,
    forChildren: {},
    namespaces: INIT,
    details,
    ...told,
    ...more,
  } as unknown as Process;
}

const AGENT = process(40, "vivarium-agent");
const inOwn = (own: Partial<typeof INIT>): object => ({ namespaces: { ...INIT, ...own } });
const seen = (processes: readonly Process[], more: Partial<Observation> = {}): Observation => ({
  ...toldByAgent([process(1, "init"), ...processes]),
  ...more,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function shell(pid: number, more: object = {}): Process {
  const terminal = { name: `pts/${pid}`, foreground: pid };
  const details = { startedAt: pid, group: pid, session: pid, terminal };
  return process(pid, "bash", { ppid: AGENT.pid, details, ...more });
}

/** A page with these terminals on one machine that shows what it is told to. */
function page(terminals: readonly { name: string; user: string }[]) {
  let observation: Observation = seen([AGENT]);
  let xray: Observation | undefined;
  let looks = 0;
  const ends = new Map<string, { latest: Uint8Array }>();
  const machine: { phase: Machine["phase"]; observe: () => Promise<Observation> } = {
    phase: "running",
    observe: async () => {
      looks++;
      return observation;
    },
  };
  let there = machine as Machine | undefined;
  const places = new TerminalPlaces({
    machines: () => ["one"],
    machine: () => there,
    terminals: () => terminals.map((one) => ({ ...one, machine: "one" })),
    end: (name) => ends.get(name) as Terminal | undefined,
    seen: () => xray,
    numbersOf: () => new NamespaceNumbers(),
    now: Date.now,
  });
  return {
    places,
    print: (name: string) =>
      void ends.set(name, Object.assign(ends.get(name) ?? {}, { latest: new Uint8Array(1) })),
    open: (name: string) => void ends.set(name, { latest: new Uint8Array(0) }),
    show: (next: Observation) => void (observation = next),
    xray: (next: Observation) => void (xray = next),
    leave: () => void (there = undefined),
    crash: () => void (machine.phase = "crashed"),
    looks: () => looks,
  };
}

const boxKind = (one: ReturnType<typeof page>, terminal: string): string | undefined =>
  one.places.place(terminal).value?.box?.box.own[0]?.kind;

it("looks soon after a terminal has printed, and seldom while all are silent", async () => {
  const one = page([{ name: "a", user: "root" }]);
  one.open("a");
  one.show(seen([AGENT, shell(50)]));
  await vi.advanceTimersByTimeAsync(1000);
  const begun = one.looks();
  expect(one.places.place("a").value).toMatchObject({ box: undefined, process: { pid: 50 } });
  await vi.advanceTimersByTimeAsync(4000);
  expect(one.looks()).toBe(begun);
  await vi.advanceTimersByTimeAsync(5000);
  expect(one.looks()).toBe(begun + 1);
  one.show(seen([AGENT, shell(50, inOwn({ uts: 100 }))]));
  one.print("a");
  await vi.advanceTimersByTimeAsync(600);
  expect(boxKind(one, "a")).toBe("uts");
  one.places.setVisible(false);
  const before = one.looks();
  one.print("a");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(one.looks()).toBe(before);
  one.places.dispose();
});

it("tells terminals of one user apart by the order in which they were opened", async () => {
  const one = page([
    { name: "a", user: "root" },
    { name: "b", user: "root" },
    { name: "c", user: "learner" },
  ]);
  for (const name of ["a", "b", "c"]) one.open(name);
  await vi.advanceTimersByTimeAsync(600);
  const [second, third] = [shell(51, inOwn({ uts: 100 })), shell(52, { ...inOwn({ net: 101 }), uid: 1000 })];
  one.show(seen([AGENT, shell(50), second, third]));
  one.print("b");
  await vi.advanceTimersByTimeAsync(1000);
  expect(["a", "b", "c"].map((name) => boxKind(one, name))).toEqual([undefined, "uts", "net"]);
  // The first one ends and is opened anew: now it is the younger of the two.
  one.open("a");
  one.show(seen([AGENT, second, shell(60, inOwn({ net: 101 })), third]));
  await vi.advanceTimersByTimeAsync(1000);
  expect(["a", "b", "c"].map((name) => boxKind(one, name))).toEqual(["net", "uts", "net"]);
  one.places.dispose();
});

it("takes what the X-ray sees, tells the memory, and forgets what is gone", async () => {
  const one = page([{ name: "a", user: "root" }]);
  one.open("a");
  const kernel = { memory: { total: 120 * MIB, free: 90 * MIB } } as Observation["kernel"];
  one.xray(seen([AGENT, shell(50)], { kernel }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(one.looks()).toBe(0);
  expect(one.places.memory("one").value).toEqual({ used: 30, total: 120 });
  expect(one.places.place("a").value).toBeDefined();
  one.leave();
  await vi.advanceTimersByTimeAsync(1000);
  expect(one.places.memory("one").value).toBeUndefined();
  expect(one.places.place("a").value).toBeUndefined();
  one.places.dispose();
});

it("says nothing more of one that has crashed", async () => {
  const one = page([{ name: "a", user: "root" }]);
  one.open("a");
  one.show(seen([AGENT, shell(50)]));
  await vi.advanceTimersByTimeAsync(1000);
  expect(one.places.place("a").value).toBeDefined();
  one.crash();
  await vi.advanceTimersByTimeAsync(1000);
  expect(one.places.place("a").value).toBeUndefined();
  one.places.dispose();
});

it("looks every second while somebody looks at the figures", async () => {
  const one = page([]);
  await vi.advanceTimersByTimeAsync(600);
  const before = one.looks();
  const wanted = one.places.want("one");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(one.looks() - before).toBe(10);
  wanted.dispose();
  const after = one.looks();
  await vi.advanceTimersByTimeAsync(4000);
  expect(one.looks()).toBe(after);
  one.places.dispose();
});
