/** The agent's own sources, built for this machine with sanitizers, behind the link that the worker uses. */
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { AgentLink } from "../../workers/machine/agent-link.ts";
import { poll } from "../support/poll.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const AGENT = join(ROOT, "images/agent");
const OUT = join(ROOT, ".cache/test/agent");
const WARNINGS = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-g"];

/** Builds agent and line once. */
export function build(): void {
  mkdirSync(OUT, { recursive: true });
  const sources = readdirSync(AGENT)
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(AGENT, name));
  const sanitize = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
  execFileSync("gcc", [...WARNINGS, ...sanitize, "-O1", "-o", join(OUT, "agent"), ...sources]);
  execFileSync("gcc", [...WARNINGS, "-O1", "-o", join(OUT, "line"), join(import.meta.dirname, "line.c")]);
}

export class NativeAgent {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** A directory of its own, in which it works. */
  readonly dir = mkdtempSync(join(tmpdir(), "vivarium-agent-"));
  readonly link: AgentLink;
  readonly ended: Promise<number | null>;
  /** What it wrote to its standard error: a sanitizer's report, if there is one. */
  said = "";

  private constructor() {
    this.#child = spawn(join(OUT, "line"), [join(OUT, "agent")], {
      cwd: this.dir,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0:abort_on_error=1" },
    });
    this.link = new AgentLink({
      send: (bytes) => {
        this.sendRaw(bytes);
        return bytes.length;
      },
    });
    this.#child.stdout.on("data", (bytes: Buffer) => this.link.receive(bytes));
    this.#child.stderr.on("data", (bytes: Buffer) => (this.said += bytes.toString()));
    // A write after its end is what a test of its end does.
    this.#child.stdin.on("error", () => undefined);
    this.ended = new Promise((settle) => {
      this.#child.on("close", settle);
    });
  }

  static async start(): Promise<NativeAgent> {
    const agent = new NativeAgent();
    await poll(() => agent.link.ready, { what: "the agent's greeting", timeout: 20_000 });
    return agent;
  }

  sendRaw(bytes: Uint8Array): void {
    this.#child.stdin.write(bytes.slice());
  }

  /** Stops reading what it says, as a page does whose machine is paused. */
  hold(): void {
    this.#child.stdout.pause();
  }

  release(): void {
    this.#child.stdout.resume();
  }

  /** @throws when a sanitizer had something to say */
  async dispose(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
    rmSync(this.dir, { recursive: true, force: true });
    if (/Sanitizer|runtime error/.test(this.said)) throw new Error(this.said);
  }
}
