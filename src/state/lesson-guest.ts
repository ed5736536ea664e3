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
  /** By the names that the lesson gives them. */
  readonly machines: ReadonlyMap<string, Machine>;
  /** The open terminal of a name. */
  readonly terminal: (name: string) => Terminal | undefined;
  /** Looks anew each time it is asked, instead of watching: for who cannot wait for an idle machine's next look. */
  readonly looksAnew?: boolean;
  /** Settles when the terminals that the lesson had are open again, after its machines went back. */
  readonly reopened?: () => Promise<void>;
}

/** A terminal as the engine types into it; it listens only while it does, since the screen comes first. */
function typingEnd(terminal: Terminal): GuestTerminal {
  return {
    write: (text) => terminal.write(text),
    latest: () => new TextDecoder().decode(terminal.latest),
    onOutput: (listener) => {
      const decoder = new TextDecoder();
      return terminal.onOutput(({ bytes, replay }) => {
        if (!replay) listener(decoder.decode(bytes, { stream: true }));
      });
    },
  };
}

/** The machines and terminals of a lesson as its engine sees them. */
export class LessonGuest implements Guest, Disposable {
  readonly #options: LessonGuestOptions;
  readonly #looks = new Map<string, MachineLooks>();
  readonly #checkpoints = new Map<number, ReadonlyMap<string, Checkpoint>>();
  #lastCheckpoint = 0;
  #news: Deferred<void> | undefined;

  constructor(options: LessonGuestOptions) {
    this.#options = options;
    for (const [name, machine] of options.machines) {
      this.#looks.set(name, new MachineLooks(machine, () => this.#tell()));
    }
  }

  #tell(): void {
    this.#news?.resolve();
    this.#news = undefined;
  }

  #machine(name: string): Machine {
    const machine = this.#options.machines.get(name);
    if (machine === undefined) throw new CodedError("bad-argument", `there is no machine "${name}"`);
    return machine;
  }

  async observe(machines: readonly string[], signal?: AbortSignal): Promise<Looks> {
    const all = machines.map((name) => [name, this.#machine(name)] as const);
    if (this.#options.looksAnew === true)
      return new Map(
        await Promise.all(all.map(async ([name, machine]) => [name, await machine.observe(signal)] as const)),
      );
    const asked = machines.flatMap((name) => this.#looks.get(name) ?? []);
    for (;;) {
      throwIfAborted(signal);
      for (const looks of asked) looks.want();
      if (asked.every(({ latest }) => latest !== undefined) && asked.some(({ isNew }) => isNew)) break;
      this.#news ??= deferred<void>();
      await withAbort(this.#news.promise, signal);
    }
    return new Map(
      machines.flatMap((name): [string, Observation][] => {
        const look = this.#looks.get(name)?.take();
        return look === undefined ? [] : [[name, look]];
      }),
    );
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
    return terminal === undefined ? undefined : typingEnd(terminal);
  }

  async checkpoint(signal?: AbortSignal): Promise<GuestCheckpoint> {
    const kept = await Promise.all(
      [...this.#options.machines].map(
        async ([name, machine]) => [name, await machine.checkpoint(signal)] as const,
      ),
    );
    this.#lastCheckpoint++;
    this.#checkpoints.set(this.#lastCheckpoint, new Map(kept));
    return { id: this.#lastCheckpoint };
  }

  async rewind({ id }: GuestCheckpoint, signal?: AbortSignal): Promise<void> {
    const kept = this.#checkpoints.get(id);
    if (kept === undefined) throw new CodedError("bad-argument", `there is no checkpoint ${id}`);
    await Promise.all([...kept].map(([name, checkpoint]) => this.#machine(name).rewind(checkpoint, signal)));
    for (const looks of this.#looks.values()) looks.forget();
    await this.#options.reopened?.();
  }

  forget({ id }: GuestCheckpoint): void {
    for (const [name, checkpoint] of this.#checkpoints.get(id) ?? []) this.#machine(name).forget(checkpoint);
    this.#checkpoints.delete(id);
  }

  dispose(): void {
    for (const looks of this.#looks.values()) looks.dispose();
  }
}
