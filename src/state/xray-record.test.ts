import { expect, test } from "vitest";
import { type Observation, type Process, toldByAgent } from "../isolation/index.ts";
import { XrayRecord } from "./xray-record.ts";

function process(pid: number, comm: string): Process {
  return {
    pid,
    ppid: 1,
    state: "S",
    uid: 0,
    pids: [pid],
    comm,
    kernelThread: false,
    cgroup: "/",
    namespaces: { pid: 5 },
    forChildren: { pid: 5 },
    procMount: 5,
    details: undefined,
  };
}

const at = (time: number, ...more: readonly Process[]): Observation =>
  toldByAgent([process(1, "init"), process(30, "bash"), ...more], time);

test("where nothing happens, one observation a second is kept, and the latest", () => {
  const record = new XrayRecord("one");
  for (let time = 0; time <= 3000; time += 100) record.add(at(time));
  const times = record.observations.map(({ time }) => time);
  expect(times.at(-1)).toBe(3000);
  expect(times.length).toBeGreaterThan(3);
  expect(times.length).toBeLessThan(8);
  expect(record.events).toEqual([]);
  expect(record.beforeLatest?.time).toBe(2900);
});

test("what happens is told in a sentence, and the moments around it are kept", () => {
  const record = new XrayRecord("one");
  for (const time of [0, 100, 200]) record.add(at(time));
  record.add(at(300, process(40, "sleep")));
  for (const time of [400, 500]) record.add(at(time, process(40, "sleep")));
  expect(record.events).toHaveLength(1);
  expect(record.events[0]).toMatchObject({ machine: "one", time: 300 });
  expect(record.events[0]?.sentence).toContain("`sleep` (40)");
  expect(record.observations.map(({ time }) => time)).toEqual(expect.arrayContaining([300, 500]));
});

test("what is kept is bounded, and the oldest goes first", () => {
  const record = new XrayRecord("one");
  const crowd = Array.from({ length: 1000 }, (_, i) => process(100 + i, "sleep"));
  for (let i = 0; i < 60; i++) record.add(at(i * 2000, ...crowd));
  const kept = record.observations.reduce((sum, { processes }) => sum + processes.length, 0);
  expect(kept).toBeLessThanOrEqual(15_000 + 1002);
  expect(record.observations.at(-1)?.time).toBe(59 * 2000);
  expect(record.observations[0]?.time).toBeGreaterThan(20 * 2000);
});
