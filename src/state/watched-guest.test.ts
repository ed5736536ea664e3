import { afterEach, expect, test, vi } from "vitest";
import { type Disposable, toDisposable } from "../base/index.ts";
import { type Observation, toldByAgent } from "../isolation/index.ts";
import type { Machine } from "../machine/index.ts";
import { WatchedGuest } from "./watched-guest.ts";

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

  async rewind(): Promise<void> {
    this.rewound++;
  }

  look(time: number): void {
    this.#onLook?.(toldByAgent([], time));
  }
}

function guestOf(machine: SeenMachine): WatchedGuest {
  return new WatchedGuest(machine as unknown as Machine);
}

afterEach(() => {
  vi.useRealTimers();
});

test("whoever asks is given the latest look that was not given yet, or the next", async () => {
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  const first = guest.observe();
  machine.look(1);
  expect((await first).time).toBe(1);
  machine.look(2);
  machine.look(3);
  expect((await guest.observe()).time).toBe(3);
  const next = guest.observe();
  machine.look(4);
  expect((await next).time).toBe(4);
  expect(machine.watches).toBe(1);
  guest.dispose();
  expect(machine.watches).toBe(0);
});

test("nobody watches when nobody has asked for a while, and again when somebody does", async () => {
  vi.useFakeTimers();
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  const asked = guest.observe();
  machine.look(1);
  await asked;
  vi.advanceTimersByTime(2900);
  expect(machine.watches).toBe(1);
  vi.advanceTimersByTime(200);
  expect(machine.watches).toBe(0);
  void guest.observe();
  expect(machine.watches).toBe(1);
  guest.dispose();
});

test("what was seen before the machine went back is not given any more", async () => {
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  void guest.observe();
  machine.look(1);
  machine.look(2);
  await guest.rewind({ id: 1 });
  const next = guest.observe();
  machine.look(3);
  expect((await next).time).toBe(3);
  guest.dispose();
});

test("an ask that is called off ends, and a second one is served", async () => {
  const machine = new SeenMachine();
  const guest = guestOf(machine);
  const stop = new AbortController();
  const asked = guest.observe(stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: "aborted" });
  const again = guest.observe();
  machine.look(7);
  expect((await again).time).toBe(7);
  guest.dispose();
});
