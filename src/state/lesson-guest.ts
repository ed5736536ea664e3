import {
  asCodedError,
  CodedError,
  deferred,
  type Deferred,
  type Disposable,
  throwIfAborted,
  withAbort,
} from "../base/index.ts";
import { findProcesses, type Observation, type Process } from "../isolation/index.ts";
import type {
  Guest,
  GuestAnswer,
  GuestCheckpoint,
  GuestCommand,
  GuestFile,
  GuestSignal,
  GuestTerminal,
  Looks,
} from "../lessons/index.ts";
import type { Checkpoint, Machine, Terminal } from "../machine/index.ts";
import { exitCode } from "../protocol/agent.ts";
import { MachineLooks } from "./machine-looks.ts";

/** Bytes of a check's answer. */
const MOST_ANSWER = 256 * 1024;
/** What a command is answered with that prints more: as a shell says of one that a closed pipe ended. */
const PRINTED_TOO_MUCH = 141;

export interface LessonGuestOptions {
  /** Of the lesson's machines. */
  readonly names: readonly string[];
  /** Undefined while it is switched off. */
  readonly machine: (name: string) => Machine | undefined;
  /** Settles when the machine answers and the others reach it. */
  readonly switchOn: (name: string, signal: AbortSignal | undefined) => Promise<void>;
  readonly switchOff: (name: string) => void;
  /** A line was entered in the learner's place. */
  readonly onEnter?: () => void;
  /** The open terminal of a name. */
  readonly terminal: (name: string) => Terminal | undefined;
  /** Looks anew each time it is asked, instead of watching: for who cannot wait for an idle machine's next look. */
  readonly looksAnew?: boolean;
  /** Settles when the terminals that the lesson had are open again, after its machines went back. */
  readonly reopened?: () => Promise<void>;
}

/** A terminal as the engine types into it; it listens only while it does, since the screen comes first. */
function typingEnd(terminal: Terminal, onEnter: () => void): GuestTerminal {
  return {
    write(text) {
      if (text.includes("\r")) onEnter();
      terminal.write(text);
    },
    latest: () => new TextDecoder().decode(terminal.latest),
    onOutput: (listener) => {
      const decoder = new TextDecoder();
      return terminal.onOutput(({ bytes, replay }) => {
        if (!replay) listener(decoder.decode(bytes, { stream: true }));
      });
    },
  };
}

interface Kept {
  readonly machine: Machine;
  readonly checkpoint: Checkpoint;
}

/** The machines and terminals of a lesson as its engine sees them. */
export class LessonGuest implements Guest, Disposable {
  readonly #options: LessonGuestOptions;
  readonly #looks = new Map<string, { readonly machine: Machine; readonly looks: MachineLooks }>();
  /** By machine; without those that were switched off then. */
  readonly #checkpoints = new Map<number, ReadonlyMap<string, Kept>>();
  #lastCheckpoint = 0;
  #news: Deferred<void> | undefined;

  constructor(options: LessonGuestOptions) {
    this.#options = options;
  }

  #tell(): void {
    this.#news?.resolve();
    this.#news = undefined;
  }

  /** @throws CodedError `machine-off` */
  #machine(name: string): Machine {
    const machine = this.#options.machine(name);
    if (machine === undefined) throw new CodedError("machine-off", `${name} is switched off`);
    return machine;
  }

  /** Those of these machines that are on. */
  #on(names: readonly string[]): (readonly [string, Machine])[] {
    return names.flatMap((name) => {
      const machine = this.#options.machine(name);
      return machine === undefined ? [] : [[name, machine] as const];
    });
  }

  #looksAt(name: string, machine: Machine): MachineLooks {
    const known = this.#looks.get(name);
    if (known?.machine === machine) return known.looks;
    known?.looks.dispose();
    const looks = new MachineLooks(machine, () => this.#tell());
    this.#looks.set(name, { machine, looks });
    return looks;
  }

  async observe(machines: readonly string[], signal?: AbortSignal): Promise<Looks> {
    if (this.#options.looksAnew === true)
      return new Map(
        await Promise.all(
          this.#on(machines).map(async ([name, machine]) => [name, await machine.observe(signal)] as const),
        ),
      );
    for (;;) {
      throwIfAborted(signal);
      const asked = this.#on(machines).map(([name, machine]) => ({
        name,
        looks: this.#looksAt(name, machine),
      }));
      for (const { looks } of asked) looks.want();
      const isSeen = asked.every(({ looks }) => looks.latest !== undefined);
      if (asked.length === 0 || (isSeen && asked.some(({ looks }) => looks.isNew)))
        return new Map(
          asked.flatMap(({ name, looks }): [string, Observation][] => {
            const look = looks.take();
            return look === undefined ? [] : [[name, look]];
          }),
        );
      this.#news ??= deferred<void>();
      await withAbort(this.#news.promise, signal);
    }
  }

  async exec(command: GuestCommand, signal?: AbortSignal): Promise<GuestAnswer> {
    const { machine, script, user, timeoutMs } = command;
    try {
      const { status, stdout, stderr } = await this.#machine(machine).exec({
        argv: ["bash", "-c", script],
        user,
        timeoutMs,
        outputLimit: MOST_ANSWER,
        ...(signal === undefined ? {} : { signal }),
      });
      const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
      return { code: exitCode(status), stdout: text(stdout), stderr: text(stderr) };
    } catch (error) {
      const { code, message } = asCodedError(error);
      if (code !== "output-limit") throw error;
      return { code: PRINTED_TOO_MUCH, stdout: "", stderr: message };
    }
  }

  async writeFile({ machine, path, text, mode, user }: GuestFile, signal?: AbortSignal): Promise<void> {
    await this.#machine(machine).writeFile(path, text, {
      mode,
      user,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async signal({ machine, number, to }: GuestSignal, signal?: AbortSignal): Promise<readonly Process[]> {
    const one = this.#machine(machine);
    const found = findProcesses(to, await one.observe(signal));
    const sent: Process[] = [];
    for (const process of found) {
      throwIfAborted(signal);
      try {
        await one.kill(process.pid, number);
        sent.push(process);
      } catch (error) {
        // It has ended meanwhile.
        if (asCodedError(error).code !== "agent-refused") throw error;
      }
    }
    return sent;
  }

  terminal(name: string): GuestTerminal | undefined {
    const terminal = this.#options.terminal(name);
    return terminal === undefined ? undefined : typingEnd(terminal, () => this.#options.onEnter?.());
  }

  isOn(machine: string): boolean {
    return this.#options.machine(machine) !== undefined;
  }

  async switchOn(machine: string, signal?: AbortSignal): Promise<void> {
    if (this.isOn(machine)) return;
    this.#options.onEnter?.();
    await this.#options.switchOn(machine, signal);
  }

  async checkpoint(signal?: AbortSignal): Promise<GuestCheckpoint> {
    const kept = await Promise.all(
      this.#on(this.#options.names).map(
        async ([name, machine]) => [name, { machine, checkpoint: await machine.checkpoint(signal) }] as const,
      ),
    );
    this.#lastCheckpoint++;
    this.#checkpoints.set(this.#lastCheckpoint, new Map(kept));
    return { id: this.#lastCheckpoint };
  }

  holds({ id }: GuestCheckpoint): boolean {
    const kept = this.#checkpoints.get(id);
    return (
      kept !== undefined && [...kept].every(([name, { machine }]) => this.#options.machine(name) === machine)
    );
  }

  async rewind(checkpoint: GuestCheckpoint, signal?: AbortSignal): Promise<void> {
    const kept = this.#checkpoints.get(checkpoint.id);
    if (kept === undefined || !this.holds(checkpoint))
      throw new CodedError("bad-argument", `there is no checkpoint ${checkpoint.id}`);
    for (const name of this.#options.names)
      if (!kept.has(name) && this.isOn(name)) this.#options.switchOff(name);
    await Promise.all([...kept.values()].map(({ machine, checkpoint: one }) => machine.rewind(one, signal)));
    for (const { looks } of this.#looks.values()) looks.forget();
    await this.#options.reopened?.();
  }

  /** A machine went back in time without the lesson's doing: what was seen of it last has not been. */
  forgetLooks(machine: string): void {
    this.#looks.get(machine)?.looks.forget();
  }

  forget({ id }: GuestCheckpoint): void {
    for (const { machine, checkpoint } of this.#checkpoints.get(id)?.values() ?? [])
      machine.forget(checkpoint);
    this.#checkpoints.delete(id);
  }

  dispose(): void {
    for (const { looks } of this.#looks.values()) looks.dispose();
  }
}
