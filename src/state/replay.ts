import { type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, CodedError, deferred, type Disposable, throwIfAborted } from "../base/index.ts";
import { type Clock, type Lesson, type LessonRun, pause } from "../lessons/index.ts";

export type ReplayState =
  /** It waits to be asked for; nothing runs. */
  | { readonly kind: "offered" }
  /** Which step is being done; counts from 0. */
  | { readonly kind: "playing"; readonly at: number; readonly of: number }
  | { readonly kind: "stopped" | "failed" | "over" };

/** A step is looked at before something is done in it, and after. */
const BEFORE_MS = 2500;
const AFTER_MS = 3500;
/** In which a step has to be ready, and its check to hold after it was done. */
const PATIENCE_MS = 30_000;

/** A lesson that is done before somebody's eyes, from its first step to its last. */
export class Replay implements Disposable {
  readonly #run: LessonRun;
  readonly #lesson: Lesson;
  readonly #clock: Clock;
  readonly #state = signal<ReplayState>({ kind: "offered" });
  #playing: AbortController | undefined;

  constructor(run: LessonRun, lesson: Lesson, clock: Clock) {
    this.#run = run;
    this.#lesson = lesson;
    this.#clock = clock;
  }

  get state(): ReadonlySignal<ReplayState> {
    return this.#state;
  }

  /** Plays it from the beginning. Never rejects. */
  async play(): Promise<void> {
    this.#playing?.abort();
    const playing = new AbortController();
    this.#playing = playing;
    const isFirst = this.#state.value.kind === "offered";
    this.#state.value = { kind: "playing", at: 0, of: this.#lesson.steps.length };
    try {
      await this.#until(() => this.#run.state.resettable, playing.signal);
      if (!isFirst) await this.#run.startOver();
      for (const at of this.#lesson.steps.keys()) await this.#playStep(at, playing.signal);
      this.#end(playing, "over");
    } catch (error) {
      this.#end(playing, asCodedError(error).code === "aborted" ? "stopped" : "failed");
    }
  }

  async #playStep(at: number, aborted: AbortSignal): Promise<void> {
    const { steps } = this.#lesson;
    const step = steps[at];
    if (step === undefined) return;
    this.#state.value = { kind: "playing", at, of: steps.length };
    this.#run.open(step.id);
    await this.#until(() => this.#run.state.resettable, aborted);
    await pause(this.#clock, BEFORE_MS, aborted);
    await this.#run.showMe("text");
    throwIfAborted(aborted);
    if (step.check === undefined) this.#run.acknowledge();
    await this.#until(() => this.#run.state.steps[step.id]?.done === true, aborted);
    await pause(this.#clock, AFTER_MS, aborted);
  }

  /** @throws CodedError `timed-out`, `aborted` */
  async #until(isSo: () => boolean, aborted: AbortSignal): Promise<void> {
    const deadline = this.#clock.now() + PATIENCE_MS;
    for (;;) {
      throwIfAborted(aborted);
      if (isSo()) return;
      const left = deadline - this.#clock.now();
      if (left <= 0) throw new CodedError("timed-out", "the lesson does not go on");
      const changed = deferred<void>();
      const tell = (): void => changed.resolve();
      const subscription = this.#run.onChange(tell);
      const timer = this.#clock.after(left, tell);
      aborted.addEventListener("abort", tell, { once: true });
      await changed.promise;
      aborted.removeEventListener("abort", tell);
      timer.dispose();
      subscription.dispose();
    }
  }

  #end(playing: AbortController, kind: "stopped" | "failed" | "over"): void {
    if (this.#playing !== playing) return;
    this.#playing = undefined;
    this.#state.value = { kind };
  }

  /** What was done so far stays. */
  stop(): void {
    this.#playing?.abort();
    this.#run.stop();
  }

  dispose(): void {
    this.#playing?.abort();
    this.#playing = undefined;
  }
}
