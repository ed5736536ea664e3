import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Emitter } from "../../src/base/index.ts";
import type { Look } from "../../src/protocol/machine.ts";
import type { Introspection } from "./introspection.ts";
import { Xray } from "./xray.ts";

/** A machine whose kernel nobody knows: each look is refused, which is enough to count them. */
class Guest {
  readonly slices = new Emitter<void>();
  readonly onSlice = this.slices.event;
  running = true;
  halted = false;
  mode: "real" | "kernel" | "user" = "user";
  instructions = 0;
  haltedMs = 0;
  memory(): Uint8Array {
    return new Uint8Array();
  }
}

class Port {
  onmessage: ((event: { data: unknown }) => void) | undefined;
  readonly looks: Look[] = [];
  closed = false;
  postMessage(look: Look): void {
    this.looks.push(look);
  }
  close(): void {
    this.closed = true;
  }
  say(data: unknown): void {
    this.onmessage?.({ data });
  }
}

const introspection = {
  load: async () => {
    throw new Error("there is none");
  },
} as unknown as Introspection;

let guest: Guest;
let port: Port;
let xray: Xray;

beforeEach(() => {
  vi.useFakeTimers();
  guest = new Guest();
  port = new Port();
  xray = new Xray({
    subject: guest,
    introspection,
    facts: () => ({ chunksInFlight: 0, frames: { sent: 0, received: 0, waiting: 0 } }),
  });
});

afterEach(() => {
  xray.dispose();
  vi.useRealTimers();
});

/** Lets the guest run for a while, in slices of a millisecond. */
async function run(ms: number, instructions = 0): Promise<void> {
  for (let i = 0; i < ms; i++) {
    await vi.advanceTimersByTimeAsync(1);
    guest.instructions += instructions;
    guest.slices.fire();
  }
}

/** Whoever watches takes every look in at once. */
async function watched(ms: number, instructions: number): Promise<number> {
  const before = port.looks.length;
  for (let i = 0; i < ms; i++) {
    await run(1, instructions);
    port.say({ kind: "taken" });
  }
  return port.looks.length - before;
}

test("a look goes out at once, and the next when it has been taken in", async () => {
  xray.watch({ hz: 10 }, port as unknown as MessagePort);
  await run(1);
  expect(port.looks).toMatchObject([{ kind: "refused" }]);
  await run(3000, 1_000_000);
  expect(port.looks).toHaveLength(1);
  port.say({ kind: "taken" });
  await run(200, 1_000_000);
  expect(port.looks).toHaveLength(2);
});

test("a guest that does nothing is looked at once a second, one that stands still as well", async () => {
  xray.watch({ hz: 30 }, port as unknown as MessagePort);
  await run(1);
  port.say({ kind: "taken" });
  const idle = await watched(5000, 0);
  expect(idle).toBeGreaterThanOrEqual(4);
  expect(idle).toBeLessThanOrEqual(6);
  port.looks.length = 0;
  for (let i = 0; i < 5; i++) {
    await vi.advanceTimersByTimeAsync(1000);
    port.say({ kind: "taken" });
  }
  expect(port.looks.length).toBeGreaterThanOrEqual(4);
  expect(port.looks.length).toBeLessThanOrEqual(6);
});

test("one that has just worked is looked at as often as is wanted for a second more, whoever else looks", async () => {
  xray.watch({ hz: 10 }, port as unknown as MessagePort);
  await run(1);
  port.say({ kind: "taken" });
  expect(await watched(2000, 0)).toBeLessThanOrEqual(2);
  expect(await watched(200, 10_000)).toBeGreaterThanOrEqual(1);
  void xray.look();
  const soon = await watched(900, 0);
  expect(soon).toBeGreaterThanOrEqual(7);
  expect(soon).toBeLessThanOrEqual(10);
  await watched(500, 0);
  expect(await watched(2000, 0)).toBeLessThanOrEqual(3);
});

test("one that rests after it has done something is looked at as soon as is wanted, once, slice or not", async () => {
  xray.watch({ hz: 10 }, port as unknown as MessagePort);
  await run(1);
  port.say({ kind: "taken" });
  await watched(3000, 0);
  port.looks.length = 0;
  guest.halted = true;
  guest.instructions += 200_000;
  guest.slices.fire();
  await vi.advanceTimersByTimeAsync(100);
  expect(port.looks).toHaveLength(1);
  port.say({ kind: "taken" });
  guest.instructions += 20_000;
  guest.slices.fire();
  await vi.advanceTimersByTimeAsync(300);
  expect(port.looks).toHaveLength(1);
});

test("who asks for more is given thirty a second at most", async () => {
  xray.watch({ hz: 1000 }, port as unknown as MessagePort);
  await run(1);
  port.say({ kind: "taken" });
  const looks = await watched(2000, 1_000_000);
  expect(looks).toBeGreaterThan(30);
  expect(looks).toBeLessThanOrEqual(61);
});

test("a look waits for the kernel to be at rest, but not for long", async () => {
  guest.mode = "kernel";
  const looked = vi.fn<() => void>();
  void xray.look().then(looked);
  await run(10);
  expect(looked).not.toHaveBeenCalled();
  guest.mode = "user";
  await run(2);
  expect(looked).toHaveBeenCalledOnce();
  guest.mode = "kernel";
  void xray.look().then(looked);
  await run(60);
  expect(looked).toHaveBeenCalledTimes(2);
});

test("whoever leaves is told no more, and ends hold nothing", async () => {
  xray.watch({ hz: 10 }, port as unknown as MessagePort);
  await run(1);
  port.say({ kind: "close" });
  expect(port.closed).toBe(true);
  await run(2000, 1_000_000);
  expect(port.looks).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
