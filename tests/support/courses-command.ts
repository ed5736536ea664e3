import { type ChildProcess, spawn } from "node:child_process";
import { poll } from "./poll.ts";

/** `vivarium dev` as somebody runs it in a terminal. */
export class DevCommand {
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;
  #said = "";

  constructor(command: string, words: readonly string[], cwd: string) {
    this.#process = spawn(process.execPath, [command, "dev", ...words], { cwd });
    this.#process.stdout?.on("data", (bytes: Buffer) => (this.#said += bytes.toString()));
    this.#process.stderr?.on("data", (bytes: Buffer) => (this.#said += bytes.toString()));
    this.#ended = new Promise((done) => {
      this.#process.once("exit", done);
    });
  }

  /** All that it has printed. */
  get said(): string {
    return this.#said;
  }

  /** Where it serves. */
  async url(): Promise<string> {
    const pattern = /is shown at (\S+) /;
    await poll(() => pattern.test(this.#said) || this.#process.exitCode !== null, {
      timeout: 30_000,
      what: "vivarium dev to serve",
    });
    const [, url] = pattern.exec(this.#said) ?? [];
    if (url === undefined) throw new Error(`vivarium dev has ended; it said:\n${this.#said}`);
    return url;
  }

  /** Ctrl-C. @returns the exit code */
  async interrupt(): Promise<number | null> {
    this.#process.kill("SIGINT");
    return this.#ended;
  }

  dispose(): void {
    this.#process.kill("SIGKILL");
  }
}
