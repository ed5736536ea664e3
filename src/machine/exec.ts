import { transfer } from "comlink";
import { CodedError, deferred, type Deferred, withAbort } from "../base/index.ts";
import type { ExecInput, ExecOutput } from "../protocol/machine.ts";
import { type CallWorker, environment } from "./call.ts";
import type { ExecOptions, ExecOutcome } from "./types.ts";

const DEFAULT_OUTPUT_LIMIT = 8 * 1024 * 1024;
/** Standard input is sent in such pieces, and so far ahead of the guest. */
const STDIN_PIECE = 64 * 1024;
const STDIN_AHEAD = 4 * STDIN_PIECE;

/** Pieces that may be handed over: a view would take all of its buffer along. */
function* cut(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += STDIN_PIECE) {
    yield new Uint8Array(bytes.subarray(at, at + STDIN_PIECE));
  }
}

async function* pieces(stdin: NonNullable<ExecOptions["stdin"]>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (typeof stdin === "string") yield* cut(new TextEncoder().encode(stdin));
  else if (stdin instanceof Uint8Array) yield* cut(stdin);
  else for await (const bytes of stdin) yield* cut(bytes);
}

/** Runs a command over a port of its own; see {@link ExecOptions}. */
export async function runExec(call: CallWorker, options: ExecOptions): Promise<ExecOutcome> {
  if (options.argv.length === 0) throw new CodedError("bad-argument", "there is no command to run");
  const { port1: port, port2: far } = new MessageChannel();
  const post = (message: ExecInput, moved: Transferable[] = []): void => port.postMessage(message, moved);
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const ended = deferred<void>();
  const drained = deferred<void>();
  let ahead = 0;
  let room: Deferred<void> | undefined;
  let shown = Promise.resolve();

  const show = (stream: "stdout" | "stderr", bytes: Uint8Array): void => {
    shown = shown
      .then(() => options.onOutput?.(stream, bytes))
      .then(() => post({ kind: "shown", bytes: bytes.length }))
      .catch((error: unknown) => stop.abort(error));
  };
  port.onmessage = (event: MessageEvent<ExecOutput>) => {
    const message = event.data;
    if (message.kind === "end") {
      drained.resolve();
    } else if (message.kind === "taken") {
      ahead -= message.bytes;
      if (ahead < STDIN_AHEAD) room?.resolve();
    } else {
      show(message.kind, message.bytes);
    }
  };

  const feed = async (): Promise<void> => {
    for await (const piece of pieces(options.stdin ?? "")) {
      while (ahead >= STDIN_AHEAD && !signal.aborted) {
        room = deferred();
        await Promise.race([room.promise, ended.promise]);
      }
      if (signal.aborted) return;
      ahead += piece.length;
      post({ kind: "stdin", bytes: piece }, [piece.buffer]);
    }
    post({ kind: "end" });
  };
  const spec = {
    user: options.user ?? "root",
    argv: options.argv,
    env: environment(options.env),
    cwd: options.cwd ?? "",
    timeoutMs: options.timeoutMs ?? 0,
    outputLimit: options.onOutput === undefined ? (options.outputLimit ?? DEFAULT_OUTPUT_LIMIT) : 0,
  };
  try {
    const result = call((wire, id) => wire.exec(id, spec, transfer(far, [far])), signal);
    feed().catch((error: unknown) => stop.abort(error));
    const outcome = await result;
    // The last output travels on another port than the answer.
    await withAbort(drained.promise, signal);
    await shown;
    return outcome;
  } finally {
    stop.abort();
    ended.resolve();
    port.close();
  }
}
