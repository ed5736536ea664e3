import { writeSync } from "node:fs";
import { asCodedError, CodedError } from "../base/index.ts";
import type { Machine, MachineNotice } from "../machine/index.ts";
import { exitCode } from "../protocol/agent.ts";
import { copyIn, copyOut, type CopySpec } from "./copy.ts";
import { startMachine } from "./start-machine.ts";

export interface RunOptions {
  readonly profile: string;
  /** MiB. */
  readonly memory: number | undefined;
  readonly user: string;
  readonly copyIn: readonly CopySpec[];
  readonly copyOut: readonly CopySpec[];
  /** Seconds. */
  readonly timeout: number | undefined;
  readonly json: boolean;
  readonly firmware: boolean;
  readonly tty: boolean;
  readonly command: readonly string[];
}

/** Writes all of it even where the stream is a pipe and the process ends right after. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function* standardInput(): AsyncGenerator<Uint8Array> {
  for await (const piece of process.stdin) yield piece as Uint8Array;
}

async function runCommand(machine: Machine, options: RunOptions, signal: AbortSignal): Promise<number> {
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const started = performance.now();
  const { status } = await machine.exec({
    user: options.user,
    argv: options.command,
    timeoutMs: options.timeout === undefined ? 0 : Math.ceil(options.timeout * 1000),
    signal,
    ...(process.stdin.isTTY ? {} : { stdin: standardInput() }),
    onOutput: (stream, bytes) => {
      if (options.json) kept[stream].push(bytes);
      else writeAll(stream === "stdout" ? 1 : 2, bytes);
    },
  });
  // A command may end without having read all; a pipe that stays open would keep this process alive.
  process.stdin.destroy();
  if (options.json) {
    const text = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString("utf8");
    const result = {
      status,
      exitCode: exitCode(status),
      stdout: text(kept.stdout),
      stderr: text(kept.stderr),
      milliseconds: Math.round(performance.now() - started),
    };
    writeAll(1, new TextEncoder().encode(`${JSON.stringify(result)}\n`));
  } else if (status.how === "timed-out") {
    process.stderr.write(`vivarium: the command was stopped after ${options.timeout} s\n`);
  }
  return exitCode(status);
}

/** Connects this terminal to one of the guest. */
async function runTerminal(machine: Machine, options: RunOptions, signal: AbortSignal): Promise<number> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new CodedError("bad-argument", "--tty needs a terminal on both ends");
  const terminal = await machine.openTerminal({
    user: options.user,
    cols: stdout.columns,
    rows: stdout.rows,
    argv: options.command,
    env: { TERM: process.env["TERM"] ?? "xterm-256color" },
    signal,
  });
  const resize = (): void => terminal.resize(stdout.columns, stdout.rows);
  const type = (bytes: Uint8Array): void => terminal.write(bytes);
  const stop = (): void => terminal.dispose();
  signal.addEventListener("abort", stop);
  terminal.onOutput(({ bytes }) => stdout.write(bytes, () => terminal.shown(bytes.length)));
  stdin.setRawMode(true);
  stdin.on("data", type);
  stdout.on("resize", resize);
  try {
    return exitCode(await terminal.exited);
  } finally {
    signal.removeEventListener("abort", stop);
    stdin.off("data", type);
    stdout.off("resize", resize);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

/** Says once, not at each attempt, that and why the machine waits for a part of its file system, and when it goes on. */
function fileTeller(): (event: MachineNotice) => void {
  let said = "";
  const say = (line: string): void => void process.stderr.write(`vivarium: ${line}\n`);
  return (event) => {
    if (event.kind === "waiting-for-file" && event.error.message !== said) {
      said = event.error.message;
      say(`the machine waits for a part of its file system: ${said}; nothing is lost, and it is tried again`);
    } else if (event.kind === "file-arrived") {
      said = "";
      say("the part of the file system is there; the machine goes on");
    }
  };
}

/** @returns the exit code for the process */
export async function run(options: RunOptions): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new CodedError("aborted", "interrupted"));
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  const machine = await startMachine({
    profile: options.profile,
    from: options.firmware ? "firmware" : "snapshot",
    signal: stop.signal,
    onProgress: (line) => void process.stderr.write(`vivarium: ${line}\n`),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  });
  const tellFiles = fileTeller();
  const ended = machine.onEvent((event) => {
    if (event.kind === "phase" && event.panic !== undefined) process.stderr.write(`${event.panic}\n`);
    tellFiles(event);
  });
  try {
    for (const spec of options.copyIn) await copyIn(machine, spec);
    const code = await (options.tty ? runTerminal : runCommand)(machine, options, stop.signal);
    for (const spec of options.copyOut) await copyOut(machine, spec);
    return code;
  } catch (error) {
    throw asCodedError(error);
  } finally {
    ended.dispose();
    machine.dispose();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
