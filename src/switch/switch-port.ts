import type { Disposable } from "../base/index.ts";
import { NETWORK_WINDOW, postFrames, readNetworkMessage } from "../protocol/network.ts";
import { isMalformed } from "./frame.ts";

/** Frames that wait for a machine which does not read. */
const QUEUE = 512;

interface Traffic {
  readonly frames: number;
  readonly bytes: number;
}

/** What went through a port since it was connected, as the switch sees it. */
export interface PortCounters {
  /** From the machine. */
  readonly received: Traffic;
  /** To the machine. */
  readonly sent: Traffic;
  readonly dropped: {
    /** From the machine: frames of a wrong length or from a group address, and messages that are none. */
    readonly malformed: number;
    /** From the machine: more than it was granted. */
    readonly overrun: number;
    /** To the machine: it does not read. */
    readonly unread: number;
  };
  /** Frames that wait for the machine. */
  readonly waiting: number;
}

/** Where a machine is connected. */
export class SwitchPort implements Disposable {
  readonly name: string;
  /** Frames never leave it. */
  readonly segment: number;
  readonly #port: MessagePort;
  readonly #disconnect: (port: SwitchPort) => void;
  readonly #received = { frames: 0, bytes: 0 };
  readonly #sent = { frames: 0, bytes: 0 };
  readonly #dropped = { malformed: 0, overrun: 0, unread: 0 };
  #queue: Uint8Array[] = [];
  #credit = NETWORK_WINDOW;
  #open = true;

  /**
   * @param port Is the switch port's own from now on.
   * @param take What to do with the frames of one message.
   * @param disconnect Called once, when it is disposed.
   */
  constructor(
    { name, segment, port }: { readonly name: string; readonly segment: number; readonly port: MessagePort },
    take: (from: SwitchPort, frames: readonly Uint8Array[]) => void,
    disconnect: (port: SwitchPort) => void,
  ) {
    this.name = name;
    this.segment = segment;
    this.#port = port;
    this.#disconnect = disconnect;
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readNetworkMessage(data);
      if (message === undefined) {
        this.#dropped.malformed++;
      } else if ("taken" in message) {
        this.#credit = Math.min(NETWORK_WINDOW, this.#credit + message.taken);
        this.flush();
      } else {
        take(this, this.#accept(message.frames));
        // All were dealt with: what the switch keeps of them it has copied or bounded.
        port.postMessage({ kind: "taken", frames: message.frames.length });
      }
    };
  }

  get counters(): PortCounters {
    return {
      received: { ...this.#received },
      sent: { ...this.#sent },
      dropped: { ...this.#dropped },
      waiting: this.#queue.length,
    };
  }

  #accept(frames: readonly Uint8Array[]): readonly Uint8Array[] {
    // Each message is granted again as soon as it was dealt with, so none can hold more than the window.
    const granted = frames.slice(0, NETWORK_WINDOW);
    this.#dropped.overrun += frames.length - granted.length;
    const good = granted.filter((frame) => !isMalformed(frame));
    this.#dropped.malformed += granted.length - good.length;
    for (const frame of good) {
      this.#received.frames++;
      this.#received.bytes += frame.length;
    }
    return good;
  }

  /** Queues a frame for the machine; `flush` sends it on, in the same turn. */
  enqueue(frame: Uint8Array): void {
    if (this.#queue.length >= QUEUE) this.#dropped.unread++;
    // A view would keep its whole message: what has to wait waits as a copy.
    else this.#queue.push(this.#queue.length < this.#credit ? frame : frame.slice());
  }

  /** Sends as many of the waiting frames as the machine has granted. */
  flush(): void {
    const count = Math.min(this.#credit, this.#queue.length);
    if (count === 0) return;
    const frames = this.#queue.splice(0, count);
    this.#credit -= count;
    for (const frame of frames) {
      this.#sent.frames++;
      this.#sent.bytes += frame.length;
    }
    postFrames(this.#port, frames);
  }

  dispose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#port.onmessage = null;
    this.#port.close();
    this.#queue = [];
    this.#disconnect(this);
  }
}
