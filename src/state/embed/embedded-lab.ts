import { effect, type ReadonlySignal, untracked } from "@preact/signals-core";
import {
  CodedError,
  deferred,
  type Disposable,
  DisposableStore,
  Emitter,
  withAbort,
  withDeadline,
} from "../../base/index.ts";
import { type Lesson, type LessonRunState, type Looks, textOf, type Verdict } from "../../lessons/index.ts";
import {
  type EmbedCall,
  EmbedError,
  type EmbedErrorCode,
  type EmbedEvent,
  type EmbedState,
  type EmbedVerdict,
  type Observations,
} from "../../protocol/embed.ts";
import type { Lab } from "../lab.ts";
import { completedStatement } from "./statement.ts";

/** What of a lab is told and asked for. */
export type EmbeddableLab = Pick<
  Lab,
  | "lesson"
  | "machines"
  | "terminals"
  | "canReset"
  | "canStartOver"
  | "onStepHeld"
  | "isTerminalOpen"
  | "run"
  | "noteAttempt"
  | "openStep"
  | "goToStep"
  | "resetStep"
  | "observe"
>;

export interface EmbeddedLabOptions {
  readonly lab: EmbeddableLab;
  /** There is a lesson; without one the lab is a terminal. */
  readonly hasLesson: boolean;
  /** A lesson's address in Vivarium. */
  readonly addressOf: (lesson: string) => string;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** The beginning of a step is kept within half a second, or after what has to be made ready for it. */
const BEGIN_MS = 5000;
const NO_VERDICT: EmbedVerdict = { kind: "waiting", reason: "" };

function plain(verdict: Verdict | undefined): EmbedVerdict {
  if (verdict === undefined || verdict.kind === "waiting") return NO_VERDICT;
  if (verdict.kind === "holds") return { kind: "holds", reason: "" };
  return { kind: verdict.kind, reason: textOf(verdict.reason) };
}

const isDone = (run: LessonRunState, step: string): boolean => run.steps[step]?.done === true;

const asRecord = (looks: Looks | undefined): Observations => Object.fromEntries(looks ?? []);

/** A lab as a course page knows it: what it may ask, and what it is told. */
export class EmbeddedLab implements Disposable {
  readonly #options: EmbeddedLabOptions;
  readonly #owned = new DisposableStore();
  readonly #events = this.#owned.add(new Emitter<EmbedEvent>());
  readonly #over = new AbortController();
  readonly #looks = new Map<string, Looks>();
  /** What was done, of which lesson, when it was looked at last. */
  #seen: { readonly lesson: string; readonly step: string; readonly done: ReadonlySet<string> } | undefined;
  #wasReady = false;
  #failure = "";

  readonly onEvent = this.#events.event;

  constructor(options: EmbeddedLabOptions) {
    this.#options = options;
    const { lab } = options;
    this.#owned.add(
      lab.onStepHeld(({ step, looks }) => {
        this.#looks.set(step, looks);
        const state = lab.lesson.value;
        // A step that is done for the first time is told of when it counts as done.
        if (state.kind === "open" && this.#seen?.done.has(step) === true) this.#tellDone(state.lesson, step);
      }),
    );
    this.#owned.defer(effect(() => this.#follow()));
  }

  #tell(event: EmbedEvent): void {
    // Who listens must not become part of what is followed.
    untracked(() => this.#events.fire(event));
  }

  #tellDone({ steps }: Lesson, step: string): void {
    const title = steps.find(({ id }) => id === step)?.title ?? "";
    const observations = asRecord(this.#looks.get(step));
    this.#tell({ name: "step", detail: { kind: "done", step, title, observations } });
  }

  #follow(): void {
    const state = this.state();
    this.#followFaults();
    const { lab } = this.#options;
    const lesson = lab.lesson.value;
    if (state.ready && !this.#wasReady) {
      this.#wasReady = true;
      this.#tell({ name: "ready", detail: state });
    }
    if (lesson.kind === "open") this.#followLesson(lesson.lesson, lesson.run);
  }

  #followLesson(lesson: Lesson, run: LessonRunState): void {
    const before = this.#seen;
    const done = new Set(lesson.steps.flatMap(({ id }) => (isDone(run, id) ? [id] : [])));
    this.#seen = { lesson: lesson.id, step: run.current, done };
    if (before === undefined || before.lesson !== lesson.id) return;
    const news = [...done].filter((id) => !before.done.has(id));
    for (const step of news) this.#tellDone(lesson, step);
    const last = news.at(-1);
    if (last !== undefined && done.size === lesson.steps.length) {
      const { addressOf, now } = this.#options;
      const { id, title, language } = lesson;
      const statement = completedStatement({ address: addressOf(id), title, language, time: now() });
      const observations = asRecord(this.#looks.get(last));
      this.#tell({ name: "completed", detail: { lesson: id, title, observations, statement } });
    }
    const opened = lesson.steps.find((step) => step.id === run.current);
    if (opened !== undefined && before.step !== run.current)
      this.#tell({ name: "step", detail: { kind: "opened", step: opened.id, title: opened.title } });
  }

  get #fault(): CodedError | undefined {
    const { lab, hasLesson } = this.#options;
    const lesson = lab.lesson.value;
    const faults = lab.machines.flatMap(({ state }) => state.value.fault ?? []);
    if (hasLesson && lesson.kind === "failed") faults.push(lesson.error);
    return faults[0];
  }

  /** What was told before somebody listened, and is so still. */
  standing(): readonly EmbedEvent[] {
    const state = this.state();
    const fault = this.#fault;
    const events: EmbedEvent[] = [];
    if (state.ready) events.push({ name: "ready", detail: state });
    if (fault !== undefined)
      events.push({ name: "failed", detail: { code: fault.code, message: fault.message } });
    return events;
  }

  /** Each trouble once, until there is another one. */
  #followFaults(): void {
    const first = this.#fault;
    const failure = first === undefined ? "" : `${first.code}\n${first.message}`;
    if (first !== undefined && failure !== this.#failure) this.fail(first.code, first.message);
    this.#failure = failure;
  }

  /** Tells the page of something that does not work. */
  fail(code: EmbedErrorCode, message: string): void {
    this.#tell({ name: "failed", detail: { code, message } });
  }

  /** The frame has another size; CSS pixels. */
  resize(width: number, height: number, wanted: number): void {
    this.#tell({ name: "resized", detail: { width, height, wanted } });
  }

  state(): EmbedState {
    const { lab, hasLesson } = this.#options;
    const lesson = lab.lesson.value;
    const machines = lab.machines.map(({ name, state }) => ({ name, phase: state.value.phase }));
    const hasTerminal = lab.terminals.some(({ state }) => state.value.kind === "open");
    if (lesson.kind !== "open") {
      const ready = hasTerminal && !hasLesson;
      const none = { lesson: "", title: "", step: "", steps: [], complete: false };
      return { ...none, verdict: NO_VERDICT, machines, ready };
    }
    const { run, lesson: open } = lesson;
    const steps = open.steps.map(({ id, title }) => ({ id, title, done: isDone(run, id) }));
    return {
      lesson: open.id,
      title: open.title,
      step: run.current,
      steps,
      verdict: plain(run.steps[run.current]?.verdict),
      complete: steps.every(({ done }) => done),
      machines,
      ready: hasTerminal,
    };
  }

  /** @throws CodedError, EmbedError */
  async answer(call: EmbedCall): Promise<unknown> {
    const { lab } = this.#options;
    switch (call.name) {
      case "run":
        await this.#readyToType(call.terminal);
        lab.run(call.command, call.terminal);
        break;
      case "type":
        await this.#readyToType(call.terminal);
        this.#type(call.text, call.terminal);
        break;
      case "goTo":
        await this.#goTo(call.step, call.doBefore ?? false);
        break;
      case "reset":
        if (!lab.canReset.value) throw new EmbedError("machine-busy", "the step cannot be reset now");
        await lab.resetStep();
        break;
      case "state":
        return this.state();
      case "observe":
        return asRecord(await lab.observe());
      case "dispose":
        // Whoever made the lab ends it.
        break;
    }
    return undefined;
  }

  /** @throws EmbedError */
  #requireTerminal(name: string | undefined): void {
    const { lab } = this.#options;
    const isThere = name === undefined || lab.terminals.some((one) => one.name === name);
    if (!isThere) throw new EmbedError("bad-argument", `there is no terminal ${name}`);
    if (!lab.isTerminalOpen(name))
      throw new EmbedError("terminal-gone", "no terminal can be typed into now; wait for ready");
  }

  /** @throws EmbedError */
  async #readyToType(terminal: string | undefined): Promise<void> {
    this.#requireTerminal(terminal);
    await this.#stepBegun();
    // It may have ended meanwhile.
    this.#requireTerminal(terminal);
  }

  #type(text: string, name: string | undefined): void {
    const { lab } = this.#options;
    const one = name === undefined ? lab.terminals[0] : lab.terminals.find((each) => each.name === name);
    const state = one?.state.value;
    if (state?.kind !== "open") return;
    state.end.write(text);
    if (/[\r\n]/.test(text)) lab.noteAttempt();
  }

  async #goTo(step: string, doBefore: boolean): Promise<void> {
    const { lab } = this.#options;
    const lesson = lab.lesson.value;
    if (lesson.kind !== "open") throw new EmbedError("bad-argument", "no lesson is open");
    if (lesson.lesson.steps.every(({ id }) => id !== step))
      throw new EmbedError("bad-argument", `the lesson has no step ${step}`);
    if (doBefore) await this.#goAfterDoing(step);
    else lab.openStep(step);
  }

  async #goAfterDoing(step: string): Promise<void> {
    const { lab } = this.#options;
    // The beginning, from which the way goes, is kept a moment after the lab is ready.
    await this.#until(lab.canStartOver);
    await lab.goToStep(step);
    const after = lab.lesson.value;
    if (after.kind !== "open") throw new EmbedError("aborted", "the lesson is not open any more");
    if (after.run.trouble !== undefined) throw after.run.trouble;
    if (after.run.current !== step)
      throw new EmbedError("aborted", `the way to ${step} ended at ${after.run.current}`);
  }

  /**
   * What a page does at once would be part of the beginning to which the open step is reset: it waits for that, and not
   * for longer than there may be hope of it.
   */
  async #stepBegun(): Promise<void> {
    const { lab } = this.#options;
    if (lab.lesson.value.kind !== "open" || lab.canReset.value) return;
    await withDeadline(this.#until(lab.canReset), BEGIN_MS, "the machine").catch(() => undefined);
  }

  /** @throws CodedError the fault for which it will never be so; `aborted` when the lab ends. */
  async #until(isSo: ReadonlySignal<boolean>): Promise<void> {
    const now = deferred<void>();
    const stop = effect(() => {
      if (isSo.value) now.resolve(undefined);
      else if (this.#fault !== undefined) now.reject(this.#fault);
    });
    try {
      await withAbort(now.promise, this.#over.signal);
    } finally {
      stop();
    }
  }

  dispose(): void {
    this.#over.abort(new CodedError("aborted", "the lab has ended"));
    this.#owned.dispose();
  }
}
