import { transfer } from "comlink";
import { CodedError, concatBytes, deferred, Emitter, fromWireError } from "../base/index.ts";
import type { ExitStatus } from "../protocol/agent.ts";
import type { TerminalInput, TerminalOutput } from "../protocol/machine.ts";
import { type CallWorker, environment } from "./call.ts";
import type { Terminal, TerminalOptions } from "./types.ts";

/** Bytes of what was printed last that are kept. */
const LATEST = 1024;

type Printed = Extract<TerminalOutput, { kind: "output" | "replay" }>;

/** A terminal whose other end is in the worker. */
export interface RemoteTerminal extends Terminal {
  /** The worker is gone: the terminal ends without its doing. */
  lose(error: CodedError): void;
}

export async function openRemoteTerminal(
  call: CallWorker,
  options: TerminalOptions,
  ended: (terminal: RemoteTerminal) => void,
): Promise<RemoteTerminal> {
  const { port1: port, port2: far } = new MessageChannel();
  const output = new Emitter<{ readonly bytes: Uint8Array; readonly replay: boolean }>();
  const exited = deferred<ExitStatus>();
  // Not everyone who opens a terminal wants to hear how it ends.
  exited.promise.catch(() => undefined);
  let open = true;
  // Output that came before anyone listened is not lost.
  let early: Printed[] = [];

  let latest: Uint8Array = new Uint8Array();

  const post = (message: TerminalInput, moved: Transferable[] = []): void => {
    if (open) port.postMessage(message, moved);
  };
  const print = ({ kind, bytes }: Printed): void => output.fire({ bytes, replay: kind === "replay" });
  const finish = (): void => {
    if (!open) return;
    open = false;
    port.close();
    ended(terminal);
  };
  const take = (message: TerminalOutput): void => {
    switch (message.kind) {
      case "output":
      case "replay":
        latest =
          message.kind === "replay" || message.bytes.length >= LATEST
            ? message.bytes.slice(-LATEST)
            : concatBytes([latest, message.bytes]).slice(-LATEST);
        if (output.listenerCount === 0) early.push(message);
        else print(message);
        break;
      case "exit":
        exited.resolve(message.status);
        finish();
        break;
      case "lost":
        terminal.lose(fromWireError(message.error));
        break;
    }
  };
  const terminal: RemoteTerminal = {
    get latest() {
      return latest;
    },
    onOutput(listener) {
      const subscription = output.event(listener);
      const kept = early;
      early = [];
      for (const message of kept) print(message);
      return subscription;
    },
    exited: exited.promise,
    write(bytes) {
      const typed = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes.slice();
      if (typed.length > 0) post({ kind: "input", bytes: typed }, [typed.buffer]);
    },
    resize: (cols, rows) => post({ kind: "resize", cols, rows }),
    shown: (bytes) => post({ kind: "shown", bytes }),
    lose(error) {
      exited.reject(new CodedError("terminal-gone", error.message, { cause: error }));
      finish();
    },
    dispose() {
      post({ kind: "close" });
      exited.reject(new CodedError("terminal-gone", "the terminal was closed"));
      finish();
      output.dispose();
    },
  };
  port.onmessage = (event: MessageEvent<TerminalOutput>) => take(event.data);
  const spec = {
    user: options.user,
    cols: options.cols,
    rows: options.rows,
    cwd: options.cwd ?? "",
    env: environment(options.env),
    argv: options.argv ?? [],
  };
  try {
    await call((wire, id) => wire.openTerminal(id, spec, transfer(far, [far])), options.signal);
  } catch (error) {
    terminal.dispose();
    throw error;
  }
  return terminal;
}
