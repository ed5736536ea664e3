import type { Disposable } from "../base/index.ts";
import { Capture, type CaptureOptions } from "./capture.ts";
import { destination, isForGroup, source } from "./frame.ts";
import { MacTable } from "./mac-table.ts";
import { SwitchPort } from "./switch-port.ts";

/** Addresses of one segment; a small switch of the field knows a few thousand. */
const ADDRESSES = 1024;
/** How long an address is believed (IEEE 802.1D, table 7-5, the recommended value). */
const AGE_MS = 300_000;

export interface SwitchOptions {
  /** Milliseconds since 1970, with fractions. */
  readonly now?: () => number;
  readonly addresses?: number;
  readonly ageMs?: number;
  readonly capture?: CaptureOptions;
}

export interface Connection {
  /** Who is connected, for people. */
  readonly name: string;
  /** Ports see each other only within one. */
  readonly segment: number;
  /** Speaks `src/protocol/network.ts`; the switch takes it over. */
  readonly port: MessagePort;
}

/**
 * A learning switch: a frame for a known station goes to that station's port alone, anything else to all ports of its
 * segment but the one that it came from. It holds a bounded number of frames whatever the machines do.
 */
export class Switch implements Disposable {
  readonly capture: Capture;
  readonly #now: () => number;
  readonly #options: SwitchOptions;
  readonly #ports = new Set<SwitchPort>();
  readonly #tables = new Map<number, MacTable<SwitchPort>>();

  constructor(options: SwitchOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.timeOrigin + performance.now());
    this.capture = new Capture(options.capture);
  }

  get ports(): readonly SwitchPort[] {
    return [...this.#ports];
  }

  /** Disposing the port disconnects it. */
  connect(connection: Connection): SwitchPort {
    const port = new SwitchPort(
      connection,
      (from, frames) => this.#forward(from, frames),
      (closed) => {
        this.#ports.delete(closed);
        this.#tables.get(closed.segment)?.forget(closed);
      },
    );
    this.#ports.add(port);
    return port;
  }

  #table(segment: number): MacTable<SwitchPort> {
    let table = this.#tables.get(segment);
    if (table === undefined) {
      const { addresses = ADDRESSES, ageMs = AGE_MS } = this.#options;
      table = new MacTable(addresses, ageMs);
      this.#tables.set(segment, table);
    }
    return table;
  }

  #forward(from: SwitchPort, frames: readonly Uint8Array[]): void {
    const now = this.#now();
    const table = this.#table(from.segment);
    const others = this.ports.filter((port) => port !== from && port.segment === from.segment);
    for (const frame of frames) {
      table.learn(source(frame), from, now);
      this.capture.add({ at: now, segment: from.segment, port: from.name, frame });
      const known = isForGroup(frame) ? undefined : table.find(destination(frame), now);
      if (known === undefined) for (const port of others) port.enqueue(frame);
      else if (known !== from) known.enqueue(frame);
    }
    for (const port of others) port.flush();
  }

  dispose(): void {
    for (const port of this.ports) port.dispose();
    this.capture.dispose();
  }
}
