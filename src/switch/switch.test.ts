import { afterEach, expect, test } from "vitest";
import {
  FRAME_MAX,
  NETWORK_WINDOW,
  type NetworkMessage,
  postFrames,
  readNetworkMessage,
} from "../protocol/network.ts";
import { poll } from "../../tests/support/poll.ts";
import { Switch, type SwitchOptions } from "./switch.ts";
import type { SwitchPort } from "./switch-port.ts";

const BROADCAST = 0xff;

/** The other end of a cable, with everything that came out of it. */
class Station {
  readonly port: SwitchPort;
  readonly got: Uint8Array[] = [];
  /** Whether it grants again what it has got. */
  reads = true;
  granted = 0;
  readonly #cable: MessagePort;

  constructor(lan: Switch, name: string, segment = 1) {
    const cable = new MessageChannel();
    this.port = lan.connect({ name, segment, port: cable.port1 });
    this.#cable = cable.port2;
    this.#cable.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readNetworkMessage(data);
      if (message === undefined) throw new Error("the switch sent what is no message");
      if ("taken" in message) this.granted += message.taken;
      else this.got.push(...message.frames);
      if ("frames" in message && this.reads) this.take(message.frames.length);
    };
  }

  take(frames: number): void {
    this.post({ kind: "taken", frames });
  }

  post(message: NetworkMessage | { readonly kind: string } | null): void {
    this.#cable.postMessage(message, []);
  }

  /** Sends frames and waits until the switch has dealt with them. */
  async send(...frames: Uint8Array[]): Promise<void> {
    const before = this.granted;
    postFrames(this.#cable, frames);
    await poll(() => this.granted === before + frames.length, { what: "the switch to take them" });
  }

  close(): void {
    this.#cable.close();
  }
}

const lans: Switch[] = [];
const stations: Station[] = [];
afterEach(() => {
  for (const lan of lans.splice(0)) lan.dispose();
  for (const station of stations.splice(0)) station.close();
});

function build(segments: readonly number[], options?: SwitchOptions): { lan: Switch; all: Station[] } {
  const lan = new Switch(options);
  lans.push(lan);
  const all = segments.map((segment, i) => new Station(lan, `machine-${i + 1}`, segment));
  stations.push(...all);
  return { lan, all };
}

/** A frame between stations that are named by the last byte of their address. */
function frame(to: number, from: number, length = 60, mark = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  if (to === BROADCAST) bytes.fill(BROADCAST, 0, 6);
  else bytes.set([2, 0, 0, 0, 0, to]);
  bytes.set([2, 0, 0, 0, 0, from], 6);
  if (length > 14) bytes[14] = mark;
  return bytes;
}

const counts = (all: readonly Station[]): number[] => all.map((station) => station.got.length);

/** Waits until every port has handed on all that it has. */
const arrived = (all: readonly Station[], wanted: readonly number[]): Promise<unknown> =>
  poll(() => counts(all).join() === wanted.join(), { what: `frames ${wanted.join()} at the stations` });

test("floods what it does not know, and sends what it knows to one port alone", async () => {
  const { all } = build([1, 1, 1]);
  const [a, b, c] = all as [Station, Station, Station];
  await a.send(frame(2, 1));
  await arrived(all, [0, 1, 1]);
  await b.send(frame(1, 2));
  await arrived(all, [1, 1, 1]);
  await a.send(frame(2, 1));
  await arrived(all, [1, 2, 1]);
  await c.send(frame(BROADCAST, 3));
  await arrived(all, [2, 3, 1]);
  // IPv6 all nodes: a group, also when somebody claims to be one of it.
  const multicast = frame(0, 3);
  multicast.set([0x33, 0x33, 0, 0, 0, 1]);
  await c.send(multicast);
  await arrived(all, [3, 4, 1]);
  // For somebody at the port that it came from: it is there already.
  await a.send(frame(1, 9));
  await b.send(frame(1, 2, 60, 5));
  await arrived(all, [4, 4, 1]);
  expect(a.got.at(-1)).toEqual(frame(1, 2, 60, 5));
});

test("follows a station that moves, and forgets one that is silent", async () => {
  let now = 0;
  const { all } = build([1, 1, 1], { now: () => now, ageMs: 1000 });
  const [a, b, c] = all as [Station, Station, Station];
  await b.send(frame(BROADCAST, 2));
  await a.send(frame(2, 1));
  await arrived(all, [1, 1, 1]);
  await c.send(frame(BROADCAST, 2));
  await a.send(frame(2, 1));
  await arrived(all, [2, 2, 2]);
  now = 1001;
  await a.send(frame(2, 1));
  await arrived(all, [2, 3, 3]);
  expect(c.got.at(-1)).toEqual(frame(2, 1));
});

test("nothing crosses between segments: neither a broadcast nor what is known elsewhere", async () => {
  const { lan, all } = build([1, 1, 2, 2]);
  const [a, , c, d] = all as [Station, Station, Station, Station];
  await c.send(frame(BROADCAST, 3));
  await arrived(all, [0, 0, 0, 1]);
  await a.send(frame(3, 1), frame(BROADCAST, 1));
  await d.send(frame(3, 4));
  await arrived(all, [0, 2, 1, 1]);
  expect(c.got).toEqual([frame(3, 4)]);
  expect(lan.capture.frames().map((one) => [one.segment, one.port])).toEqual([
    [2, "machine-3"],
    [1, "machine-1"],
    [1, "machine-1"],
    [2, "machine-4"],
  ]);
});

test("drops and counts hostile frames; the good one among them goes through", async () => {
  const { lan, all } = build([1, 1]);
  const [a, b] = all as [Station, Station];
  const fromGroup = frame(2, 1);
  fromGroup[6] = 3;
  await a.send(
    new Uint8Array(0),
    frame(2, 1, 13),
    frame(2, 1, FRAME_MAX + 1),
    fromGroup,
    frame(2, 1, FRAME_MAX),
    frame(2, 1, 14),
  );
  await arrived(all, [0, 2]);
  expect(b.got.map((one) => one.length)).toEqual([FRAME_MAX, 14]);
  expect(a.port.counters).toEqual({
    received: { frames: 2, bytes: FRAME_MAX + 14 },
    sent: { frames: 0, bytes: 0 },
    dropped: { malformed: 4, overrun: 0, unread: 0 },
    waiting: 0,
  });
  expect(b.port.counters.sent).toEqual({ frames: 2, bytes: FRAME_MAX + 14 });
  expect(lan.capture.seen).toBe(2);
});

test("counts messages that are none and goes on", async () => {
  const { all } = build([1, 1]);
  const [a] = all as [Station, Station];
  const bytes = new Uint8Array(20);
  for (const message of [
    null,
    { kind: "frames" },
    { kind: "frames", bytes, lengths: [21] },
    { kind: "frames", bytes, lengths: [19] },
    { kind: "frames", bytes, lengths: [-1, 21] },
    { kind: "frames", bytes, lengths: [Number.NaN] },
    { kind: "taken", frames: -5 },
    { kind: "taken", frames: 1e300 },
    { kind: "other" },
  ]) {
    a.post(message);
  }
  await a.send(frame(2, 1));
  await arrived(all, [0, 1]);
  expect(a.port.counters.dropped).toEqual({ malformed: 9, overrun: 0, unread: 0 });
});

test("what a machine does not read waits up to a bound, in order, and the rest is dropped and counted", async () => {
  const { all } = build([1, 1, 1]);
  const [a, b, c] = all as [Station, Station, Station];
  b.reads = false;
  const total = NETWORK_WINDOW * 4;
  const batch = NETWORK_WINDOW / 2;
  for (let from = 0; from < total; from += batch) {
    await a.send(...Array.from({ length: batch }, (_, i) => frame(BROADCAST, 1, 60, (from + i) % 251)));
  }
  await arrived(all, [0, NETWORK_WINDOW, total]);
  const { sent, dropped, waiting } = b.port.counters;
  expect(sent.frames).toBe(NETWORK_WINDOW);
  expect(waiting).toBe(512);
  expect(dropped).toEqual({ malformed: 0, overrun: 0, unread: total - NETWORK_WINDOW - waiting });
  expect(c.port.counters.dropped.unread).toBe(0);
  // It reads again: what waited comes, in order, and then what is new.
  b.reads = true;
  b.take(NETWORK_WINDOW);
  await arrived(all, [0, NETWORK_WINDOW + waiting, total]);
  await a.send(frame(BROADCAST, 1, 60, 250));
  await arrived(all, [0, NETWORK_WINDOW + waiting + 1, total + 1]);
  const marks = b.got.map((one) => one[14]);
  expect(marks.slice(0, -1)).toEqual(Array.from({ length: NETWORK_WINDOW + waiting }, (_, i) => i % 251));
  expect(marks.at(-1)).toBe(250);
});

test("one message can bring no more than the window; a machine cannot grant itself more than that", async () => {
  const { all } = build([1, 1]);
  const [a, b] = all as [Station, Station];
  b.reads = false;
  b.take(NETWORK_WINDOW * 100);
  // Behind it on the same way, so that it has arrived.
  await b.send(frame(BROADCAST, 2));
  await a.send(...Array.from({ length: NETWORK_WINDOW + 7 }, () => frame(2, 1)));
  await a.send(frame(2, 1));
  await arrived(all, [1, NETWORK_WINDOW]);
  expect(a.port.counters.dropped.overrun).toBe(7);
  expect(b.port.counters.waiting).toBe(1);
});

test("a port that is taken away is gone, with what was known of it; the others go on", async () => {
  const { lan, all } = build([1, 1, 1]);
  const [a, b] = all as [Station, Station, Station];
  await b.send(frame(BROADCAST, 2));
  await arrived(all, [1, 0, 1]);
  b.port.dispose();
  expect(lan.ports.map((port) => port.name)).toEqual(["machine-1", "machine-3"]);
  await a.send(frame(2, 1));
  await arrived(all, [1, 0, 2]);
});
