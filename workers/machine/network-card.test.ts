import { afterEach, expect, test } from "vitest";
import { poll } from "../../tests/support/poll.ts";
import { Emitter } from "../../src/base/index.ts";
import { NETWORK_WINDOW, postFrames, readNetworkMessage } from "../../src/protocol/network.ts";
import { NetworkCard } from "./network-card.ts";

/** A guest that has room for so many frames. */
class Guest {
  readonly frames = new Emitter<Uint8Array>();
  readonly slices = new Emitter<void>();
  readonly onFrame = this.frames.event;
  readonly onSlice = this.slices.event;
  readonly got: number[] = [];
  room = 0;

  receiveFrame(frame: Uint8Array): boolean {
    if (this.got.length >= this.room) return false;
    this.got.push(frame[0] ?? 0);
    return true;
  }
}

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

function setUp() {
  const clock = { now: 0 };
  const guest = new Guest();
  const card = new NetworkCard(() => clock.now);
  card.attach(guest);
  const { port1, port2 } = new MessageChannel();
  const cable = { out: [] as number[][], granted: 0 };
  port1.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = readNetworkMessage(data);
    if (message === undefined) throw new Error("the card sent what is no message");
    if ("taken" in message) cable.granted += message.taken;
    else cable.out.push(message.frames.map((frame) => frame[0] ?? 0));
  };
  card.plug(port2);
  ended.push(() => {
    card.dispose();
    port1.close();
  });
  const send = (count: number): void => postFrames(port1, marked(count));
  return { card, clock, guest, cable, send, port: port1 };
}

const marked = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => Uint8Array.of(i % 256, 0));

test("what the guest sends in a slice goes out as one message at its end", async () => {
  const { guest, cable, card } = setUp();
  for (const frame of marked(3)) guest.frames.fire(frame);
  guest.slices.fire();
  guest.slices.fire();
  guest.frames.fire(Uint8Array.of(9));
  guest.slices.fire();
  await poll(() => cable.out.length === 2);
  expect(cable.out).toEqual([[0, 1, 2], [9]]);
  expect(card.counters).toEqual({ sent: 4, received: 0, sentDropped: 0, receivedDropped: 0 });
});

test("the guest may be a window ahead of the switch; more is dropped, and room comes back with what was taken", async () => {
  const { guest, cable, card, port } = setUp();
  const sendOne = (): void => {
    guest.frames.fire(Uint8Array.of(1));
    guest.slices.fire();
  };
  for (let i = 0; i < NETWORK_WINDOW + 10; i++) sendOne();
  await poll(() => cable.out.length === NETWORK_WINDOW);
  expect(card.counters).toMatchObject({ sent: NETWORK_WINDOW, sentDropped: 10 });
  port.postMessage({ kind: "taken", frames: 2 });
  // An answer to what follows it on the same way says that it has arrived.
  guest.room = 1;
  postFrames(port, marked(1));
  await poll(() => cable.granted === 1);
  for (let i = 0; i < 5; i++) sendOne();
  await poll(() => cable.out.length === NETWORK_WINDOW + 2);
  expect(card.counters).toMatchObject({ sent: NETWORK_WINDOW + 2, sentDropped: 13 });
});

test("what the guest has no buffer for waits for one, in order, and is not granted again before", async () => {
  const { guest, cable, send, card } = setUp();
  guest.room = 2;
  send(5);
  await poll(() => cable.granted === 2);
  expect(guest.got).toEqual([0, 1]);
  guest.room = 4;
  guest.slices.fire();
  await poll(() => cable.granted === 4);
  expect(guest.got).toEqual([0, 1, 2, 3]);
  expect(card.counters).toMatchObject({ received: 4, receivedDropped: 0 });
});

test("a guest that takes nothing for a second loses what waited, and the switch may send again", async () => {
  const { guest, clock, cable, send, card } = setUp();
  send(5);
  guest.room = 1;
  await poll(() => cable.granted === 1);
  clock.now = 1000;
  guest.slices.fire();
  expect(card.counters).toMatchObject({ received: 1, receivedDropped: 0 });
  clock.now = 1001;
  guest.slices.fire();
  await poll(() => cable.granted === 5);
  expect(card.counters).toMatchObject({ received: 1, receivedDropped: 4 });
  guest.room = 9;
  guest.slices.fire();
  expect(guest.got).toEqual([0]);
});

test("a guest that goes back in time gets nothing of what was under way, and the switch may send again", async () => {
  const { guest, cable, send, card } = setUp();
  send(5);
  guest.room = 1;
  await poll(() => cable.granted === 1);
  guest.frames.fire(Uint8Array.of(7));
  card.forget();
  guest.room = 9;
  guest.slices.fire();
  await poll(() => cable.granted === 5);
  expect(guest.got).toEqual([0]);
  expect(cable.out).toEqual([]);
});

test("without a cable nothing waits; another cable starts afresh, and the old one is closed", async () => {
  const { guest, cable, card, port, send } = setUp();
  send(1);
  let closed = false;
  port.addEventListener("close", () => {
    closed = true;
  });
  const { port1, port2 } = new MessageChannel();
  const out: unknown[] = [];
  port1.onmessage = ({ data }) => out.push(data);
  card.plug(port2);
  await poll(() => closed, { what: "the old cable to be closed" });
  guest.frames.fire(Uint8Array.of(5));
  guest.slices.fire();
  await poll(() => out.length === 1);
  expect(cable.out).toEqual([]);
  port1.close();

  const unplugged = new NetworkCard();
  const alone = new Guest();
  unplugged.attach(alone);
  alone.frames.fire(Uint8Array.of(1));
  alone.slices.fire();
  expect(unplugged.counters).toMatchObject({ sent: 0, sentDropped: 1 });
});
