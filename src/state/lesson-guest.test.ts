import { afterEach, expect, test, vi } from "vitest";
import { type Disposable, toDisposable } from "../base/index.ts";
import { type Observation, toldByAgent } from "../isolation/index.ts";
import type { Looks } from "../lessons/index.ts";
import type { Machine } from "../machine/index.ts";
import { LessonGuest } from "./lesson-guest.ts";

/** A machine of which only what is seen counts. */
class SeenMachine {
  watches = 0;
  rewound = 0;
  #onLook: ((observation: Observation) => void) | undefined;

  watch(onLook: (observation: Observation) => void): Disposable {
    this.watches++;
    this.#onLook = onLook;
    return toDisposable(() => {
      this.watches--;
    });
  }

  async checkpoint(): Promise<{ id: number }> {
    return { id: 1 };
  }

  async rewind(): Promise<void> {
    this.rewound++;
  }

  look(time: number): void {
    this.#onLook?.(toldByAgent([], time));
  }
}

const M = ["m"];

/** @param machines Those that are on; a machine that is switched on is a new one. */
function guestWith(names: readonly string[], machines: Map<string, SeenMachine>): LessonGuest {
  return new LessonGuest({
    names,
    machine: (name) => machines.get(name) as unknown as Machine | undefined,
    switchOn: async (name) => void machines.set(name, new SeenMachine()),
    switchOff: (name) => void machines.delete(name),
    terminal: () => undefined,
  });
}

function guestOf(machine: SeenMachine): LessonGuest {
  return guestWith(M, new Map([["m", machine]]));
}

async function timeOf(asked: Promise<Looks>): Promise<number | undefined> {
  return (await asked).get("m")?.time;
}

afterEach(() => {
  vi.useRealTimers();
});

test("whoever asks is given the latest look that was not given yet, or the next", async () => {
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  const first = guest.observe(M);
  machine.look(1);
  expect(await timeOf(first)).toBe(1);
  machine.look(2);
  machine.look(3);
  expect(await timeOf(guest.observe(M))).toBe(3);
  const next = guest.observe(M);
  machine.look(4);
  expect(await timeOf(next)).toBe(4);
  expect(machine.watches).toBe(1);
  guest.dispose();
  expect(machine.watches).toBe(0);
});

test("nobody watches when nobody has asked for a while, and again when somebody does", async () => {
  vi.useFakeTimers();
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  const asked = guest.observe(M);
  machine.look(1);
  await asked;
  vi.advanceTimersByTime(2900);
  expect(machine.watches).toBe(1);
  vi.advanceTimersByTime(200);
  expect(machine.watches).toBe(0);
  void guest.observe(M);
  expect(machine.watches).toBe(1);
  guest.dispose();
});

test("what was seen before the machine went back is not given any more", async () => {
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  void guest.observe(M);
  machine.look(1);
  machine.look(2);
  await guest.rewind(await guest.checkpoint());
  const next = guest.observe(M);
  machine.look(3);
  expect(await timeOf(next)).toBe(3);
  guest.dispose();
});

test("an ask that is called off ends, and a second one is served", async () => {
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  const stop = new AbortController();
  const asked = guest.observe(M, stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: "aborted" });
  const again = guest.observe(M);
  machine.look(7);
  expect(await timeOf(again)).toBe(7);
  guest.dispose();
});

test("of two machines both are given when one has news", async () => {
  const [one, two] = [new SeenMachine(), new SeenMachine()];
  const both = ["one", "two"];
  const guest = guestWith(
    both,
    new Map([
      ["one", one],
      ["two", two],
    ]),
  );
  const first = guest.observe(both);
  one.look(1);
  two.look(2);
  expect([...(await first)].map(([name, { time }]) => [name, time])).toEqual([
    ["one", 1],
    ["two", 2],
  ]);
  const next = guest.observe(both);
  two.look(3);
  expect([...(await next).values()].map(({ time }) => time)).toEqual([1, 3]);
  guest.dispose();
});

test("a machine that is off is left out, and a command for it is refused, until it is switched on", async () => {
  const machines = new Map([["one", new SeenMachine()]]);
  const guest = guestWith(["one", "two"], machines);
  expect(guest.isOn("two")).toBe(false);
  expect(await guest.observe(["two"])).toEqual(new Map());
  const script = { machine: "two", script: "true", user: "root", timeoutMs: 1 };
  await expect(guest.exec(script)).rejects.toMatchObject({ code: "machine-off" });
  await guest.switchOn("two");
  const asked = guest.observe(["two"]);
  machines.get("two")?.look(5);
  expect([...(await asked).keys()]).toEqual(["two"]);
  guest.dispose();
});

test("going back to before a machine was on switches it off, and what it had in checkpoints is gone", async () => {
  const machines = new Map([["one", new SeenMachine()]]);
  const guest = guestWith(["one", "two"], machines);
  const before = await guest.checkpoint();
  await guest.switchOn("two");
  const after = await guest.checkpoint();
  expect([guest.holds(before), guest.holds(after)]).toEqual([true, true]);
  await guest.rewind(before);
  expect([...machines.keys()]).toEqual(["one"]);
  expect(machines.get("one")?.rewound).toBe(1);
  await guest.switchOn("two");
  expect([guest.holds(before), guest.holds(after)]).toEqual([true, false]);
  await expect(guest.rewind(after)).rejects.toMatchObject({ code: "bad-argument" });
  guest.dispose();
});
