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

function guestOf(machine: SeenMachine): LessonGuest {
  return new LessonGuest({
    machines: new Map([["m", machine as unknown as Machine]]),
    terminal: () => undefined,
  });
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
  const guest = new LessonGuest({
    machines: new Map([
      ["one", one as unknown as Machine],
      ["two", two as unknown as Machine],
    ]),
    terminal: () => undefined,
  });
  const both = ["one", "two"];
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
  await expect(guest.observe(["three"])).rejects.toMatchObject({ code: "bad-argument" });
  guest.dispose();
});
