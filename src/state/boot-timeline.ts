import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { BootStage } from "../protocol/machine.ts";

/** A stage of a start. The last one, `ready`, is the wait for the first prompt. */
export interface BootPart {
  readonly stage: BootStage;
  /** Milliseconds since the start began. */
  readonly at: number;
  /** Undefined while it lasts. */
  readonly took: number | undefined;
  /** What was fetched in it over the wire; 0 where nothing was. */
  readonly bytes: number;
}

/** What a machine did from when it was asked for until its first prompt. */
export interface BootTimeline {
  readonly parts: readonly BootPart[];
  /** Milliseconds to the first prompt; undefined before it, and where none came. */
  readonly total: number | undefined;
}

const NOTHING: BootTimeline = { parts: [], total: undefined };

/** Measures a start by what the machine tells of it, and keeps it to be looked at. */
export class BootClock {
  readonly #now: () => number;
  readonly #timeline = signal<BootTimeline>(NOTHING);
  #since: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  get timeline(): ReadonlySignal<BootTimeline> {
    return this.#timeline;
  }

  /** A machine starts anew. */
  begin(): void {
    this.#since = this.#now();
    this.#timeline.value = NOTHING;
  }

  /** A stage begins, and the one before it is over. */
  enter(stage: BootStage): void {
    if (this.#isOver) return;
    const at = this.#now() - this.#since;
    this.#timeline.value = {
      parts: [...this.#closed(at), { stage, at, took: undefined, bytes: 0 }],
      total: undefined,
    };
  }

  fetched(bytes: number): void {
    const { parts } = this.#timeline.value;
    const last = parts.at(-1);
    if (this.#isOver || last === undefined) return;
    this.#timeline.value = {
      parts: [...parts.slice(0, -1), { ...last, bytes: Math.max(last.bytes, bytes) }],
      total: undefined,
    };
  }

  /** The first prompt is there. */
  prompted(): void {
    if (this.#isOver || this.#timeline.value.parts.length === 0) return;
    const total = this.#now() - this.#since;
    this.#timeline.value = { parts: this.#closed(total), total };
  }

  get #isOver(): boolean {
    return this.#timeline.value.total !== undefined;
  }

  #closed(at: number): readonly BootPart[] {
    return this.#timeline.value.parts.map((part) =>
      part.took === undefined ? { ...part, took: at - part.at } : part,
    );
  }
}
