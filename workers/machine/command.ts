import { abortError, CodedError, concatBytes, deferred, throwIfAborted } from "../../src/base/index.ts";
import type { ExitStatus } from "../../src/protocol/agent.ts";
import {
  type ExecInput,
  type ExecOutput,
  type ExecResult,
  type ExecSpec,
  TERMINAL_WINDOW,
} from "../../src/protocol/machine.ts";
import type { AgentLink } from "./agent-link.ts";

/**
 * Runs one command on a channel with three pipes. Its output is kept up to a limit, or streamed to the port as fast as
 * the other side says it has `shown` it.
 */
export async function runCommand(
  link: AgentLink,
  spec: ExecSpec,
  port: MessagePort,
  signal: AbortSignal,
): Promise<ExecResult> {
  throwIfAborted(signal);
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let keptBytes = 0;
  const ended = deferred<ExitStatus>();
  const streams = spec.outputLimit === 0;
  const post = (message: ExecOutput): void => port.postMessage(message);

  const channel = link.open(
    { kind: "pipes", cols: 0, rows: 0, timeoutMs: spec.timeoutMs, credit: TERMINAL_WINDOW, ...pick(spec) },
    {
      opened() {},
      output(stream, bytes) {
        if (streams) {
          post({ kind: stream, bytes });
          return;
        }
        keptBytes += bytes.length;
        if (keptBytes > spec.outputLimit) {
          ended.reject(
            new CodedError("output-limit", `the command wrote more than ${spec.outputLimit} bytes`),
          );
          return;
        }
        kept[stream].push(bytes);
        channel.grant(bytes.length);
      },
      taken: (bytes) => post({ kind: "taken", bytes }),
      exited: (status) => ended.resolve(status),
      lost: (error) => ended.reject(error),
    },
  );
  port.onmessage = (event: MessageEvent<ExecInput>) => {
    const message = event.data;
    if (message.kind === "stdin") channel.write(message.bytes);
    else if (message.kind === "end") channel.end();
    else if (message.kind === "signal") channel.signal(message.signal);
    else channel.grant(message.bytes);
  };
  port.start?.();
  const onAbort = (): void => ended.reject(abortError(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const status = await ended.promise;
    post({ kind: "end" });
    return { status, stdout: concatBytes(kept.stdout), stderr: concatBytes(kept.stderr) };
  } catch (error) {
    channel.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    port.onmessage = null;
  }
}

function pick({ user, cwd, argv, env }: ExecSpec): Pick<ExecSpec, "user" | "cwd" | "argv" | "env"> {
  return { user, cwd, argv, env };
}
