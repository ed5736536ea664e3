import { type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, type CodedError, type Disposable, DisposableStore } from "../../base/index.ts";
import type { Lab } from "../lab.ts";
import { homeOf } from "../home-of.ts";
import { type Deliver, FileExport } from "./file-export.ts";
import { SavedMachine } from "./saved-machine.ts";
import {
  type ProfileChoice,
  type TerminalAsked,
  type TerminalSettings,
  terminalQuery,
} from "./terminal-settings.ts";

export interface FreeDeskOptions extends TerminalAsked {
  /** What machines can be made of; the first is the usual one. */
  readonly profiles: readonly ProfileChoice[];
  /** Hands a file to the learner. */
  readonly deliver: Deliver;
  /** Day of now, for names of files. */
  readonly today: () => string;
}

/** A script that came with the address. */
export type ScriptState =
  | { readonly kind: "waiting" }
  | { readonly kind: "starting" }
  | { readonly kind: "typed" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** In the home of the terminal's user; `-v` prints each line as the shell reads it, so that one sees what runs. */
const SCRIPT_FILE = "start-script.sh";
const RUN_SCRIPT = `bash -v ~/${SCRIPT_FILE}`;
const SCRIPT_MODE = 0o755;

/** The free terminal beside its machines: what they are made of, and what goes in and out of them. */
export class FreeDesk implements Disposable {
  readonly #options: FreeDeskOptions;
  readonly #lab: Lab;
  readonly #owned = new DisposableStore();
  readonly #script = signal<ScriptState>({ kind: "waiting" });
  readonly fileExport: FileExport;
  readonly saved: SavedMachine;

  constructor(options: FreeDeskOptions, lab: Lab) {
    this.#options = options;
    this.#lab = lab;
    this.fileExport = this.#owned.add(new FileExport(options.deliver));
    this.saved = this.#owned.add(new SavedMachine(options.deliver));
  }

  get settings(): TerminalSettings {
    return this.#options.settings;
  }

  /** What the address asked for and is not so. */
  get refusals(): TerminalAsked["refusals"] {
    return this.#options.refusals;
  }

  get profiles(): readonly ProfileChoice[] {
    return this.#options.profiles;
  }

  /** The address's query that leads to these settings. */
  queryOf(settings: TerminalSettings): string {
    return terminalQuery(settings, this.profiles);
  }

  get script(): ReadonlySignal<ScriptState> {
    return this.#script;
  }

  /**
   * Runs the address's script in the first machine, in the open terminal and as its user; only ever called because the
   * learner has read it and wants it. Never rejects: what goes wrong is in {@link script}.
   */
  async runScript(): Promise<void> {
    const { script, user } = this.settings;
    const [first] = this.#lab.machines;
    const machine = first && this.#lab.bench.get(first.name);
    if (script === "" || machine === undefined || this.#script.value.kind === "starting") return;
    this.#script.value = { kind: "starting" };
    try {
      const path = `${await homeOf(machine, user)}/${SCRIPT_FILE}`;
      const text = script.endsWith("\n") ? script : `${script}\n`;
      await machine.writeFile(path, text, { mode: SCRIPT_MODE, user });
      this.#lab.run(RUN_SCRIPT);
      this.#script.value = { kind: "typed" };
    } catch (thrown) {
      this.#script.value = { kind: "failed", error: asCodedError(thrown) };
    }
  }

  /** Copies a file or folder out of the machine whose terminal is in front. */
  async exportFile(path: string): Promise<void> {
    const { bench } = this.#lab;
    const machine = bench.get(this.#lab.frontMachine.value);
    await this.fileExport.take(path, { machine, user: bench.frontTerminal?.user ?? "root" });
  }

  /** Saves the machine whose terminal is in front as a file. */
  async saveMachine(): Promise<void> {
    const name = this.#lab.frontMachine.value;
    const file = `${name}-${this.settings.profile}-${this.#options.today()}.vivarium`;
    await this.saved.save(this.#lab.bench.get(name), file);
  }

  /** Puts the machine whose terminal is in front into the state of a file. */
  async loadMachine(file: File): Promise<void> {
    const { bench } = this.#lab;
    if (!(await this.saved.load(bench.get(this.#lab.frontMachine.value), file))) return;
    bench.transcript.tell({ kind: "resetting" });
    // A shell that had ended is there again.
    bench.terminals.reopenEnded();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
