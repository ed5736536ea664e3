/**
 * Proves a lesson on a real guest: what it says to do does what it says, and what it calls wrong is called so. A lesson
 * that lies is worse than none.
 */
import { asCodedError, CodedError } from "../../base/index.ts";
import type { Clock } from "../clock.ts";
import { Doer, firstMachine } from "../deeds.ts";
import type { Guest, GuestCheckpoint } from "../guest.ts";
import type { Verdict } from "../judge.ts";
import type { ProofSource } from "../source.ts";
import { PROVERS } from "../step-watch.ts";
import type { Deed, Lesson, Step } from "../tree.ts";
import { deedsOf, nameOf, textOf } from "../walk.ts";
import { type Seen, WatchedStep } from "../watched-step.ts";
import { type Fixture, fixturesOf, type StepFixtures } from "./fixtures.ts";
import type { ProofReport, Trial } from "./report.ts";

/** Fresh machines of a lesson, with its terminals open at their prompts. */
export interface ProofBench {
  readonly guest: Guest;
  /** False when a terminal has ended: going back does not bring it back. */
  readonly isWhole: boolean;
  /** Opens a new one in place of each terminal that has ended, as a learner does. @throws CodedError as `openTerminal` */
  reopen(signal: AbortSignal): Promise<void>;
  /** The last lines of each terminal. */
  screens(): string;
  dispose(): void;
}

export interface ProofOptions {
  readonly open: (signal: AbortSignal) => Promise<ProofBench>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each as it ends. */
  readonly onTrial?: (trial: Trial) => void;
  /** Drops each command of a solution in turn, and wants the step not to hold then. */
  readonly mutate: boolean;
}

/** In which a verdict has to be as wanted. */
const VERDICT_MS = 20_000;
/** In which a program of the background is there, which was started in spite of a dropped command. */
const MUTANT_MS = 1500;
/** In which what was done has shown itself. */
const SETTLED_MS = 10_000;
/** In which a command comes back, by profile: Podman takes seconds for each word. */
const COMMAND_MS: Readonly<Record<string, number>> = { base: 15_000 };
const SLOWEST_MS = 300_000;
/** So long a verdict must not come that must not come, or must stay. */
const STAYS_MS = 200;

function told(verdict: Verdict): string {
  if (verdict.kind === "holds") return "the check holds";
  if (verdict.kind === "waiting") return "the check was not judged";
  const detail = textOf(verdict.detail);
  return `${verdict.kind}: ${textOf(verdict.reason)}${detail === "" ? "" : ` (${detail})`}`;
}

class Failure extends Error {}

class LessonProof {
  readonly #lesson: Lesson;
  readonly #fixtures: ReadonlyMap<string, StepFixtures>;
  readonly #options: ProofOptions;
  readonly #trials: Trial[] = [];
  #bench: ProofBench | undefined;
  /** Where the step that is being proven begins. */
  #start: GuestCheckpoint | undefined;

  constructor(lesson: Lesson, proof: ProofSource | undefined, options: ProofOptions) {
    this.#lesson = lesson;
    this.#fixtures = fixturesOf(lesson, proof);
    this.#options = options;
  }

  async run(): Promise<ProofReport> {
    const { clock, signal } = this.#options;
    const began = clock.now();
    try {
      this.#bench = await this.#options.open(signal);
      for (const step of this.#lesson.steps) {
        const goesOn = await this.#proveStep(step);
        if (!goesOn) break;
      }
    } finally {
      this.#bench?.dispose();
    }
    return {
      lesson: this.#lesson.id,
      title: this.#lesson.title,
      trials: this.#trials,
      milliseconds: clock.now() - began,
    };
  }

  get #now(): ProofBench {
    if (this.#bench === undefined) throw new CodedError("internal", "the machines are not there");
    return this.#bench;
  }

  get #doer(): Doer {
    const { profile } = this.#lesson;
    return new Doer(this.#lesson, this.#now.guest, this.#options.clock, COMMAND_MS[profile] ?? SLOWEST_MS);
  }

  /** @returns Whether it went as it should. */
  async #try(step: Step, name: string, work: () => Promise<void>): Promise<boolean> {
    const { clock, signal } = this.#options;
    const began = clock.now();
    let failure: string | undefined;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) throw error;
      const why = error instanceof Failure ? error.message : asCodedError(error).message;
      failure = `${why}\n${this.#now.screens()}`;
    }
    const trial = { step: step.id, name, failure, milliseconds: clock.now() - began };
    this.#trials.push(trial);
    this.#options.onTrial?.(trial);
    return failure === undefined;
  }

  /** @returns Whether the next step can be proven from where this one ends. */
  async #proveStep(step: Step): Promise<boolean> {
    const { signal } = this.#options;
    const isSetUp = await this.#try(step, "set-up", async () => {
      await this.#now.reopen(signal);
      await this.#doer.prepare(step, signal);
      this.#start = await this.#now.guest.checkpoint(signal);
    });
    if (!isSetUp) return false;
    const fixtures = this.#fixtures.get(step.id);
    if (step.check !== undefined) await this.#proveWrong(step, fixtures);
    for (const fixture of fixtures?.hints ?? []) await this.#proveHint(step, fixture);
    this.#wantFixtures(step, fixtures);
    await this.#proveText(step);
    const isSolved = await this.#proveSolution(step);
    if (isSolved && this.#options.mutate) await this.#mutate(step);
    if (this.#start !== undefined) this.#now.guest.forget(this.#start);
    return isSolved;
  }

  /** Back to where the step begins; on new machines, where a terminal has ended. */
  async #back(step: Step): Promise<void> {
    const { signal } = this.#options;
    if (this.#start !== undefined && this.#now.isWhole) {
      await this.#now.guest.rewind(this.#start, signal);
      return;
    }
    this.#now.dispose();
    this.#bench = await this.#options.open(signal);
    for (const one of this.#lesson.steps) {
      await this.#now.reopen(signal);
      await this.#doer.prepare(one, signal);
      if (one.id === step.id) break;
      for (const deed of one.solution) await this.#doer.do(deed, "instant", signal);
    }
    this.#start = await this.#now.guest.checkpoint(signal);
  }

  /** Goes back to the step's beginning and does something, with the step watched from before it until `look` is over. */
  async #after(
    step: Step,
    work: () => Promise<void>,
    look: (watched: WatchedStep) => Promise<void>,
  ): Promise<void> {
    const { clock } = this.#options;
    await this.#back(step);
    const first = firstMachine(this.#lesson);
    const watched = new WatchedStep({ step, first, guest: this.#now.guest, clock, pace: PROVERS });
    try {
      // What has to come before has to be seen before.
      if (step.check !== undefined) await this.#until(watched, ({ verdict }) => verdict.kind !== "waiting");
      await work();
      await look(watched);
    } finally {
      watched.dispose();
    }
  }

  async #until(
    watched: WatchedStep,
    isWanted: (seen: Seen) => boolean,
    timeoutMs = VERDICT_MS,
  ): Promise<Seen> {
    return watched.until(isWanted, timeoutMs, this.#options.signal);
  }

  async #do(deeds: readonly Deed[]): Promise<void> {
    for (const deed of deeds) await this.#doer.do(deed, "instant", this.#options.signal);
  }

  async #proveWrong(step: Step, fixtures: StepFixtures | undefined): Promise<void> {
    const nothing = async (): Promise<void> => undefined;
    await this.#try(step, "doing nothing", () =>
      this.#after(step, nothing, async (watched) => {
        const says = fixtures?.nothing ?? "";
        const fits = ({ verdict }: Seen): boolean =>
          verdict.kind === "not-yet" && told(verdict).includes(says);
        const seen = await this.#until(watched, fits, SETTLED_MS);
        if (!fits(seen))
          throw new Failure(
            `doing nothing is not answered with not-yet "${says}", but ${told(seen.verdict)}`,
          );
      }),
    );
    for (const kind of ["wrong", "broken"] as const)
      for (const fixture of fixtures?.[kind] ?? [])
        await this.#try(step, `${kind}: ${fixture.name}`, () =>
          this.#after(
            step,
            () => this.#provoke(step, fixture),
            async (watched) => {
              const wanted = kind === "wrong" ? "not-yet" : "broken";
              const fits = ({ verdict }: Seen): boolean =>
                verdict.kind === wanted && told(verdict).includes(fixture.says);
              const seen = await this.#until(watched, fits, SETTLED_MS);
              if (!fits(seen))
                throw new Failure(
                  `it is not answered with ${wanted} "${fixture.says}", but ${told(seen.verdict)}`,
                );
              const later = await this.#until(watched, ({ verdict }) => verdict.kind === "holds", STAYS_MS);
              if (later.verdict.kind === "holds") throw new Failure("it holds a moment later");
            },
          ),
        );
  }

  async #provoke(step: Step, { after, deeds, scripts }: Fixture): Promise<void> {
    await this.#do(step.solution.slice(0, after));
    await this.#do(deeds);
    const { guest } = this.#now;
    for (const { machine = firstMachine(this.#lesson), script } of scripts)
      await guest.exec({ machine, script, user: "root", timeoutMs: VERDICT_MS }, this.#options.signal);
  }

  async #proveHint(step: Step, fixture: Fixture): Promise<void> {
    await this.#try(step, `hint: ${fixture.name}`, () =>
      this.#after(
        step,
        () => this.#provoke(step, fixture),
        async (watched) => {
          const isThere = ({ hints }: Seen): boolean => hints.includes(fixture.hint ?? -1);
          const seen = await this.#until(watched, isThere, SETTLED_MS);
          if (!isThere(seen))
            throw new Failure(`the hint with "${fixture.says}" does not come; ${told(seen.verdict)}`);
        },
      ),
    );
  }

  /** What has to be provoked, and is not. */
  #wantFixtures(step: Step, fixtures: StepFixtures | undefined): void {
    const lacking = (name: string, failure: string): void =>
      void this.#trials.push({ step: step.id, name, failure, milliseconds: 0 });
    if (step.check !== undefined && (fixtures?.wrong.length ?? 0) === 0)
      lacking("wrong answers", "proof.yaml names none: what is the nearest misconception?");
    for (const { say } of step.check?.broken ?? []) {
      const text = textOf(say);
      if (!(fixtures?.broken ?? []).some(({ says }) => text.includes(says)))
        lacking("broken conditions", `no fixture provokes "${text}"`);
    }
    step.hints.forEach(({ when }, i) => {
      if (when !== undefined && !(fixtures?.hints ?? []).some(({ hint }) => hint === i))
        lacking("conditional hints", `no fixture provokes hint ${i + 1}`);
    });
  }

  /** Each command of the text runs as it is written, and prints what the text claims. */
  async #proveText(step: Step): Promise<void> {
    const deeds = deedsOf(step.body);
    // Where the text is the solution and nothing else, both are tried at once.
    if (deeds.every(({ solves }) => solves)) return;
    await this.#try(step, "commands of the text", async () => {
      await this.#back(step);
      for (const deed of deeds) await this.#proveClaim(deed);
    });
  }

  async #proveClaim(deed: Deed): Promise<void> {
    const printed = await this.#doer.do(deed, "instant", this.#options.signal);
    if (!("expect" in deed) || deed.expect === undefined) return;
    if (!new RegExp(deed.expect, "mu").test(printed))
      throw new Failure(`\`${nameOf(deed)}\` does not print /${deed.expect}/`);
  }

  async #proveSolution(step: Step): Promise<boolean> {
    return this.#try(step, "solution", () =>
      this.#after(
        step,
        async () => {
          for (const deed of step.solution) await this.#proveClaim(deed);
        },
        async (watched) => {
          if (step.check === undefined) return;
          const { verdict } = await this.#until(watched, (seen) => seen.verdict.kind === "holds");
          if (verdict.kind !== "holds") throw new Failure(`after the solution: ${told(verdict)}`);
          const later = await this.#until(watched, (seen) => seen.verdict.kind !== "holds", STAYS_MS);
          if (later.verdict.kind !== "holds")
            throw new Failure(`it does not stay so: ${told(later.verdict)}`);
        },
      ),
    );
  }

  async #mutate(step: Step): Promise<void> {
    if (step.check === undefined) return;
    for (const [i, dropped] of step.solution.entries()) {
      await this.#try(step, `without: ${nameOf(dropped)}`, () =>
        this.#after(
          step,
          async () => {
            try {
              await this.#do(step.solution.toSpliced(i, 1));
            } catch (error) {
              // What comes after may hang without it: then it was needed.
              if (asCodedError(error).code !== "timed-out") throw error;
            }
          },
          async (watched) => {
            const { verdict } = await this.#until(
              watched,
              (seen) => seen.verdict.kind === "holds",
              MUTANT_MS,
            );
            if (verdict.kind === "holds") throw new Failure("the step holds without it");
          },
        ),
      );
    }
    await this.#after(
      step,
      () => this.#do(step.solution),
      async (watched) => void (await this.#until(watched, ({ verdict }) => verdict.kind === "holds")),
    );
  }
}

/** Proves a lesson from its beginning to its end, on machines of its own. @throws CodedError `aborted`, and when no machine starts */
export async function proveLesson(
  lesson: Lesson,
  proof: ProofSource | undefined,
  options: ProofOptions,
): Promise<ProofReport> {
  return new LessonProof(lesson, proof, options).run();
}
