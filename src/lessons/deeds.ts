import { CodedError } from "../base/index.ts";
import { SIGNALS } from "../isolation/index.ts";
import { type Clock, pause } from "./clock.ts";
import type { Guest } from "./guest.ts";
import {
  type Deed,
  type FileBlock,
  KEYS,
  type Lesson,
  type Setup,
  type SignalBlock,
  type Step,
} from "./tree.ts";
import { Typist } from "./typist.ts";
import { deedsOf, nameOf } from "./walk.ts";

const SETUP_MS = 180_000;
/** A first `podman run` takes minutes on a slow computer. Whoever watches sees what goes on, and can stop it. */
const COMMAND_MS = 600_000;
/** In which whom a signal is for has to be there, and how often that is looked for. */
const TARGET_MS = 5000;
const TARGET_EVERY_MS = 100;
/** Somebody who watches sees what there was before a signal. */
const BEFORE_SIGNAL_MS = 1200;

/** What has to be known of a lesson to do something in it. */
export type LessonPlaces = Pick<Lesson, "machines" | "terminals">;

/** Name of the machine that is meant where none is named. */
export function firstMachine({ machines }: Pick<LessonPlaces, "machines">): string {
  return machines[0]?.name ?? "";
}

/** Wherever in the step's text they stand. */
function filesAtStart(step: Step): FileBlock[] {
  return deedsOf(step.body).filter(
    (deed): deed is FileBlock => deed.type === "file" && deed.write === "start",
  );
}

/** Does what solutions are made of, in one guest; a terminal is listened to from its first command on. */
export class Doer {
  readonly #places: LessonPlaces;
  readonly #guest: Guest;
  readonly #clock: Clock;
  readonly #commandMs: number;

  /** @param commandMs In which a command has to come back. */
  constructor(places: LessonPlaces, guest: Guest, clock: Clock, commandMs = COMMAND_MS) {
    this.#places = places;
    this.#guest = guest;
    this.#clock = clock;
    this.#commandMs = commandMs;
  }

  /**
   * @returns What a command printed; nothing for a file, a machine or a signal.
   * @throws CodedError `timed-out` when a command does not come back or nobody is there for a signal, `terminal-gone`,
   *   and as the guest's calls
   */
  async do(deed: Deed, pace: "instant" | "reading", signal: AbortSignal): Promise<string> {
    if (deed.type === "file") {
      const { path, text, mode, user, machine = firstMachine(this.#places) } = deed;
      await this.#guest.writeFile({ machine, path, text, mode, user }, signal);
      return "";
    }
    if (deed.type === "power") {
      await this.#guest.switchOn(deed.machine, signal);
      return "";
    }
    if (deed.type === "signal") {
      await this.#send(deed, pace, signal);
      return "";
    }
    const name = deed.terminal ?? this.#places.terminals[0]?.name ?? "";
    const terminal = this.#guest.terminal(name);
    if (terminal === undefined) throw new CodedError("terminal-gone", `the terminal "${name}" is not open`);
    const typist = new Typist(terminal, this.#clock);
    const { stays, expect } = deed;
    const text = deed.type === "keys" ? KEYS[deed.keys] : deed.text;
    try {
      return await typist.type(
        { text, isLine: deed.type === "run", stays, expect },
        { pace, timeoutMs: this.#commandMs, signal },
      );
    } finally {
      typist.dispose();
    }
  }

  /** A program of the background may be on its way still. @throws CodedError `timed-out`, and as the guest's calls */
  async #send(block: SignalBlock, pace: "instant" | "reading", signal: AbortSignal): Promise<void> {
    const { to, machine = firstMachine(this.#places) } = block;
    const request = { machine, to, number: SIGNALS[block.signal] };
    if (pace === "reading") await pause(this.#clock, BEFORE_SIGNAL_MS, signal);
    const deadline = this.#clock.now() + TARGET_MS;
    for (;;) {
      const sent = await this.#guest.signal(request, signal);
      if (sent.length > 0) return;
      if (this.#clock.now() >= deadline)
        throw new CodedError("timed-out", `${nameOf(block)}: there is no such process`);
      await pause(this.#clock, TARGET_EVERY_MS, signal);
    }
  }

  /** @throws CodedError `exec-failed` with what the script said, and as the guest's calls */
  async #setUp({ script, machine = firstMachine(this.#places) }: Setup, signal: AbortSignal): Promise<void> {
    const { code, stdout, stderr } = await this.#guest.exec(
      { machine, script: `set -eu\n${script}`, user: "root", timeoutMs: SETUP_MS },
      signal,
    );
    if (code !== 0)
      throw new CodedError("exec-failed", `the set-up ended with ${code}; it said:\n${stdout}${stderr}`);
  }

  /** Whether something has to be done in the guest before the step begins. */
  static needsPreparation(step: Step): boolean {
    return step.setup.length > 0 || filesAtStart(step).length > 0;
  }

  /** What a step wants to find: its set-up, and its files. @throws CodedError as `do` */
  async prepare(step: Step, signal: AbortSignal): Promise<void> {
    for (const setup of step.setup) await this.#setUp(setup, signal);
    for (const file of filesAtStart(step)) await this.do(file, "instant", signal);
  }
}
