import { type Disposable, Emitter, type Event } from "../base/index.ts";
import { FRAME_MAX } from "../protocol/network.ts";
import { pcapFile } from "./pcap.ts";
import { type PacketSummary, summarize } from "./summary.ts";

export interface CaptureOptions {
  /** Most frames that are kept; 10,000 if not given. */
  readonly frames?: number;
  /** Most bytes of frames that are kept; 4 MiB if not given. */
  readonly bytes?: number;
  /** Bytes that are kept of each frame; all if not given. */
  readonly snapLength?: number;
}

/** One frame as it went through the switch. */
export interface CapturedFrame {
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly segment: number;
  /** Whose port it came in by. */
  readonly port: string;
  /** The frame, or its beginning. */
  readonly frame: Uint8Array;
  /** Bytes of the whole frame. */
  readonly length: number;
  /** Counts the frames of the switch from 1 on. */
  readonly number: number;
}

/** A line of a live view: plain data. */
export interface CapturedPacket extends PacketSummary, Omit<CapturedFrame, "frame"> {}

/** The latest frames of the switch, each once however many ports it went out by. */
export class Capture implements Disposable {
  readonly #limits: Required<CaptureOptions>;
  readonly #packets = new Emitter<CapturedPacket>();
  #kept: CapturedFrame[] = [];
  /** Where in `#kept` the oldest is: what lies before it has been let go. */
  #first = 0;
  #bytes = 0;
  #seen = 0;

  /** Each frame when it goes through. */
  readonly onPacket: Event<CapturedPacket> = this.#packets.event;

  constructor({ frames = 10_000, bytes = 4 * 1024 * 1024, snapLength = FRAME_MAX }: CaptureOptions = {}) {
    this.#limits = { frames, bytes, snapLength };
  }

  /** Frames since the switch was made; those that are not kept any more are counted too. */
  get seen(): number {
    return this.#seen;
  }

  add({ frame, ...about }: Omit<CapturedFrame, "length" | "number">): void {
    const entry = {
      ...about,
      frame: frame.slice(0, this.#limits.snapLength),
      length: frame.length,
      number: ++this.#seen,
    };
    this.#kept.push(entry);
    this.#bytes += entry.frame.length;
    this.#trim();
    if (this.#packets.listenerCount > 0) this.#packets.fire(toPacket(entry));
  }

  #trim(): void {
    while (this.#kept.length - this.#first > this.#limits.frames || this.#bytes > this.#limits.bytes) {
      this.#bytes -= this.#kept[this.#first]?.frame.length ?? 0;
      this.#first++;
    }
    // Moved together now and then only, so that each frame costs the same.
    if (this.#first > 1000 || this.#first > this.#kept.length / 2) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
  }

  /** What is kept, oldest first. */
  frames(): readonly CapturedFrame[] {
    return this.#kept.slice(this.#first);
  }

  /** The list behind a live view, oldest first. */
  packets(): readonly CapturedPacket[] {
    return this.frames().map(toPacket);
  }

  /** What is kept of one segment, or of all, as a file that packet analysers read. */
  pcap(segment?: number): Uint8Array<ArrayBuffer> {
    const chosen = this.frames().filter((frame) => segment === undefined || frame.segment === segment);
    return pcapFile(chosen, this.#limits.snapLength);
  }

  clear(): void {
    this.#kept = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  dispose(): void {
    this.#packets.dispose();
    this.clear();
  }
}

function toPacket({ frame, ...about }: CapturedFrame): CapturedPacket {
  return { ...about, ...summarize(frame) };
}
