import { CodedError, deferred, type Disposable, DisposableStore } from "../../src/base/index.ts";
import type { EmulatorFacts } from "../../src/introspect/index.ts";
import type { Look, WatchInput, WatchSpec } from "../../src/protocol/machine.ts";
import type { Introspection } from "./introspection.ts";

/** The next look comes no sooner than so many times what the last one took. What surrounds it takes as much again. */
const REST = 80;
/** The same at a guest that rests, from which a look takes nothing. */
const AT_REST = 10;
/** A guest that rests after so many instructions has done something, which is looked at soon; idle, it does half in a second. */
const DONE_INSTRUCTIONS = 150_000;
const MOST_HZ = 30;
/** What is slow is read no more often. */
const SLOW_MS = 500;
/** A guest that does next to nothing is looked at so often, and not before it has done so for as long. */
const IDLE_MS = 1000;
/** So long a look waits for the kernel to be at rest. */
const PATIENCE_MS = 50;
/** Fewer instructions in {@link IDLE_MS} are a kernel that looks at its clock and an agent that says that it lives. */
const IDLE_INSTRUCTIONS = 1_000_000;

const STARTING = "The kernel of this machine has not started yet.";
const NOT_LOADED = "What the X-ray knows of this kernel could not be loaded.";

/** What is looked at. */
export interface Subject {
  /** The whole RAM; taken anew each time. */
  memory(): Uint8Array;
  readonly running: boolean;
  readonly halted: boolean;
  readonly mode: "real" | "kernel" | "user";
  readonly instructions: number;
  readonly haltedMs: number;
  onSlice(listener: () => void): Disposable;
}

export interface XrayOptions {
  readonly subject: Subject;
  readonly introspection: Introspection;
  /** What else is known of the machine. */
  facts(): Pick<EmulatorFacts, "chunksInFlight" | "frames">;
}

interface Watcher {
  readonly port: MessagePort;
  readonly periodMs: number;
  ready: boolean;
}

/**
 * Looks at the guest from outside, for those who ask once and those who watch. The guest does nothing for it and does not
 * notice.
 */
export class Xray implements Disposable {
  readonly #options: XrayOptions;
  readonly #owned = new DisposableStore();
  readonly #watchers = new Set<Watcher>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
  #lastSlowAt = Number.NEGATIVE_INFINITY;
  #lastMs = 0;
  /** Instructions when the watchers were told last. */
  #told = 0;
  /** The guest has worked, and what it does last may be little. */
  #busyUntil = Number.NEGATIVE_INFINITY;
  #since = { at: 0, instructions: 0, haltedMs: 0 };

  constructor(options: XrayOptions) {
    this.#options = options;
    this.#owned.add(options.subject.onSlice(() => this.#sliceEnded()));
    this.#owned.defer(() => {
      clearTimeout(this.#timer);
      clearTimeout(this.#soon);
    });
    this.#owned.defer(() => {
      for (const { port } of this.#watchers) port.close();
      this.#watchers.clear();
    });
  }

  /** One look, at everything. */
  async look(): Promise<Look> {
    await this.#load();
    if (this.#options.subject.running && !this.#clean) await this.#rested();
    return this.#look(true);
  }

  /** Settles at the next moment in which the kernel is at rest, or when none comes soon. */
  async #rested(): Promise<void> {
    const rest = deferred<void>();
    const watch = this.#options.subject.onSlice(() => {
      if (this.#clean) rest.resolve();
    });
    const patience = setTimeout(() => rest.resolve(), PATIENCE_MS);
    await rest.promise;
    clearTimeout(patience);
    watch.dispose();
  }

  watch({ hz }: WatchSpec, port: MessagePort): void {
    const periodMs = 1000 / Math.min(Math.max(hz, 1 / 60), MOST_HZ);
    const watcher: Watcher = { port, periodMs, ready: true };
    this.#watchers.add(watcher);
    port.onmessage = ({ data }: MessageEvent<WatchInput>) => {
      if (data.kind === "taken") watcher.ready = true;
      else this.#leave(watcher);
    };
    void this.#begin();
  }

  async #begin(): Promise<void> {
    await this.#load();
    this.#tellAll();
    this.#wake();
  }

  #leave(watcher: Watcher): void {
    watcher.port.close();
    this.#watchers.delete(watcher);
  }

  /** The guest was put into another state. */
  reset(): void {
    this.#options.introspection.introspector?.reset();
    this.#lastSlowAt = Number.NEGATIVE_INFINITY;
    this.#lastAt = Number.NEGATIVE_INFINITY;
  }

  /** The guest has stopped: what it looks like now is the last that there is to see. */
  stopped(): void {
    if (this.#watchers.size === 0) return;
    this.#lastSlowAt = Number.NEGATIVE_INFINITY;
    this.#tellAll();
  }

  async #load(): Promise<void> {
    try {
      await this.#options.introspection.load();
    } catch {
      // `look` says that there is none; the next one tries again.
    }
  }

  #look(all: boolean): Look {
    const { subject, introspection } = this.#options;
    const { introspector } = introspection;
    if (introspector === undefined) return { kind: "refused", why: NOT_LOADED };
    const ram = subject.memory();
    if (subject.mode === "real") return { kind: "refused", why: STARTING };
    const refused = introspector.refusal(ram);
    if (refused !== undefined) return { kind: "refused", why: refused };
    const since = performance.now();
    const slow = all || since - this.#lastSlowAt >= SLOW_MS;
    const observation = introspector.look({
      ram,
      time: Date.now(),
      midKernel: !this.#clean,
      slow,
      emulator: this.#facts(since),
    });
    this.#lastAt = since;
    this.#lastMs = performance.now() - since;
    if (slow) this.#lastSlowAt = since;
    return { kind: "seen", observation };
  }

  #facts(now: number): EmulatorFacts {
    const { subject } = this.#options;
    const { instructions, haltedMs } = subject;
    const ms = now - this.#since.at;
    const first = this.#since.at === 0 || ms <= 0;
    const facts = {
      instructionsPerSecond: first
        ? undefined
        : Math.max(0, Math.round(((instructions - this.#since.instructions) * 1000) / ms)),
      halted: first ? undefined : Math.min(1, Math.max(0, (haltedMs - this.#since.haltedMs) / ms)),
    };
    this.#since = { at: now, instructions, haltedMs };
    return { ...facts, ...this.#options.facts() };
  }

  /** The kernel is not in the middle of anything. */
  get #clean(): boolean {
    const { subject } = this.#options;
    return subject.halted || subject.mode === "user";
  }

  /** What the guest has done since the watchers were told, in instructions. */
  get #worked(): number {
    return this.#options.subject.instructions - this.#told;
  }

  /** The guest has done something, and waits for what comes next. */
  get #isDone(): boolean {
    return this.#options.subject.halted && this.#worked >= DONE_INSTRUCTIONS;
  }

  get #periodMs(): number {
    const wanted = Math.min(...[...this.#watchers].map(({ periodMs }) => periodMs));
    if (this.#isDone) return Math.max(wanted, AT_REST * this.#lastMs);
    const idle = this.#worked < IDLE_INSTRUCTIONS && performance.now() >= this.#busyUntil;
    return Math.max(wanted, REST * this.#lastMs, idle ? IDLE_MS : 0);
  }

  #sliceEnded(): void {
    if (this.#watchers.size === 0) return;
    const period = this.#periodMs;
    const early = period - (performance.now() - this.#lastAt);
    // A clean point is worth waiting for, but not for long.
    if (early <= 0 && (this.#clean || early <= -period)) this.#tellAll();
    else if (early > 0 && this.#isDone) this.#tellIn(early);
  }

  /** A guest at rest may have no slice for long. */
  #tellIn(ms: number): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#sliceEnded(), ms);
  }

  /** A guest that stands still has no slices, but may be looked at all the same. */
  #wake(): void {
    clearTimeout(this.#timer);
    if (this.#watchers.size === 0) return;
    this.#timer = setTimeout(() => {
      if (performance.now() - this.#lastAt >= IDLE_MS) this.#tellAll();
      this.#wake();
    }, IDLE_MS);
  }

  #tellAll(): void {
    const ready = [...this.#watchers].filter((watcher) => watcher.ready);
    if (ready.length === 0) return;
    const since = performance.now();
    if (this.#worked >= IDLE_INSTRUCTIONS) this.#busyUntil = since + IDLE_MS;
    this.#told = this.#options.subject.instructions;
    const look = this.#look(false);
    for (const watcher of ready) {
      watcher.ready = false;
      watcher.port.postMessage(look, []);
    }
    // What it takes to send it counts too.
    this.#lastMs = performance.now() - since;
    this.#lastAt = since;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** @throws CodedError `bad-argument` */
export function checkWatch({ hz }: WatchSpec): void {
  if (!Number.isFinite(hz) || hz <= 0) {
    throw new CodedError("bad-argument", "a machine is watched a number of times a second");
  }
}
