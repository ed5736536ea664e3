import { type Disposable, DisposableStore, type Event } from "../../src/base/index.ts";
import { NETWORK_WINDOW, postFrames, readNetworkMessage } from "../../src/protocol/network.ts";

/** How long a frame waits for a buffer of the guest's. */
const PATIENCE_MS = 1000;

/** The guest's side of the card: the emulated device. */
export interface NetworkDevice {
  /** A frame that the guest has sent. */
  readonly onFrame: Event<Uint8Array>;
  readonly onSlice: Event<void>;
  /** @returns false when the guest has no buffer for it. */
  receiveFrame(frame: Uint8Array): boolean;
}

export interface NetworkCounters {
  /** By the guest. */
  readonly sent: number;
  readonly received: number;
  /** The guest sent more than the other end took, or nobody is at the other end. */
  readonly sentDropped: number;
  /** The guest had no buffer for them. */
  readonly receivedDropped: number;
}

/**
 * Joins the emulated card and a port of the switch. What either side does not take in time is dropped, as a real card
 * does: nothing waits without a bound.
 */
export class NetworkCard implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #now: () => number;
  #device: NetworkDevice | undefined;
  #port: MessagePort | undefined;
  /** Sent by the guest within this slice. */
  #outgoing: Uint8Array[] = [];
  #credit = 0;
  /** What the guest has no buffer for yet; bounded by what the switch was granted. */
  #incoming: { readonly frame: Uint8Array; readonly since: number }[] = [];
  readonly #counters = { sent: 0, received: 0, sentDropped: 0, receivedDropped: 0 };

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get counters(): NetworkCounters {
    return { ...this.#counters };
  }

  /** Frames that crossed, and such as wait for either side. */
  get frames(): { readonly sent: number; readonly received: number; readonly waiting: number } {
    const { sent, received } = this.#counters;
    return { sent, received, waiting: this.#incoming.length + this.#outgoing.length };
  }

  attach(device: NetworkDevice): void {
    this.#device = device;
    this.#owned.add(device.onFrame((frame) => this.#send(frame)));
    this.#owned.add(device.onSlice(() => this.#sliceEnded()));
  }

  /** Plugs the cable in; one that was plugged in before is pulled out. */
  plug(port: MessagePort): void {
    this.#unplug();
    this.#port = port;
    this.#credit = NETWORK_WINDOW;
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readNetworkMessage(data);
      if (message === undefined) return;
      if ("taken" in message) this.#credit = Math.min(NETWORK_WINDOW, this.#credit + message.taken);
      else this.#receive(message.frames);
    };
  }

  /** Forgets what is under way: the guest went to another time. */
  forget(): void {
    this.#outgoing = [];
    const count = this.#incoming.length;
    this.#incoming = [];
    this.#taken(count);
  }

  #send(frame: Uint8Array): void {
    if (this.#port !== undefined && this.#outgoing.length < this.#credit) this.#outgoing.push(frame);
    else this.#counters.sentDropped++;
  }

  #receive(frames: readonly Uint8Array[]): void {
    const since = this.#now();
    for (const frame of frames) this.#incoming.push({ frame, since });
    this.#deliver();
  }

  #sliceEnded(): void {
    if (this.#outgoing.length > 0 && this.#port !== undefined) {
      this.#credit -= this.#outgoing.length;
      this.#counters.sent += this.#outgoing.length;
      postFrames(this.#port, this.#outgoing);
      this.#outgoing = [];
    }
    if (this.#incoming.length > 0) this.#deliver();
  }

  #deliver(): void {
    const latest = this.#now() - PATIENCE_MS;
    let done = 0;
    for (const { frame, since } of this.#incoming) {
      if (this.#device?.receiveFrame(frame) === true) this.#counters.received++;
      else if (since < latest) this.#counters.receivedDropped++;
      else break;
      done++;
    }
    this.#incoming.splice(0, done);
    this.#taken(done);
  }

  #taken(frames: number): void {
    if (frames > 0) this.#port?.postMessage({ kind: "taken", frames });
  }

  #unplug(): void {
    this.forget();
    if (this.#port !== undefined) this.#port.onmessage = null;
    this.#port?.close();
    this.#port = undefined;
  }

  dispose(): void {
    this.#unplug();
    this.#owned.dispose();
  }
}
