import {
  asCodedError,
  type CodedError,
  deferred,
  DisposableStore,
  withAbort,
  withDeadline,
} from "../../src/base/index.ts";
import type { BootStage } from "../../src/protocol/machine.ts";
import type { AgentLink } from "./agent-link.ts";
import type { Emulator } from "./emulator.ts";

const BOOT_MS = 120_000;

export interface BootWatchOptions {
  readonly emulator: Emulator;
  readonly link: AgentLink;
  readonly onStage: (stage: BootStage) => void;
  /** Why the machine has stopped for good, once it has. */
  readonly ended: () => CodedError | undefined;
  readonly signal: AbortSignal;
}

/**
 * Follows a machine from power-on until its agent introduces itself. The stages are read off the CPU, so the guest need
 * not tell them: the kernel turns paging on, init is the first to run in user mode.
 * @throws CodedError `timed-out`, `aborted`, `machine-crashed`, or why the machine has stopped
 */
export async function watchBoot({ emulator, link, onStage, ended, signal }: BootWatchOptions): Promise<void> {
  const greeted = deferred<void>();
  const watching = new DisposableStore();
  let mode = emulator.mode;
  watching.add(
    link.onAgent((state) => {
      if (state !== "back") return;
      // Slices may all have ended in the kernel so far; but who greets runs in user mode, and after init.
      if (mode !== "user") onStage("init");
      mode = "user";
      greeted.resolve();
    }),
  );
  watching.add(
    emulator.onSlice(() => {
      const end = ended();
      if (end !== undefined) greeted.reject(end);
      if (emulator.mode === mode || mode === "user") return;
      mode = emulator.mode;
      if (mode !== "real") onStage(mode === "user" ? "init" : "kernel");
    }),
  );
  watching.add(emulator.onFault((error) => greeted.reject(asCodedError(error, "machine-crashed"))));
  try {
    await withDeadline(withAbort(greeted.promise, signal), BOOT_MS, "the guest");
  } finally {
    watching.dispose();
  }
}
