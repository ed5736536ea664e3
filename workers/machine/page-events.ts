import { type CodedError, toWireError } from "../../src/base/index.ts";
import type { BootStage, MachineEvent, MachinePhase } from "../../src/protocol/machine.ts";

/** What a machine tells its page, which may not listen yet. */
export class PageEvents {
  #port: MessagePort | undefined;
  #told = 0;

  /** Events posted so far. */
  get told(): number {
    return this.#told;
  }

  connect(port: MessagePort): void {
    this.#port = port;
  }

  tell(event: MachineEvent, transfer: Transferable[] = []): void {
    if (this.#port === undefined) return;
    this.#told++;
    this.#port.postMessage(event, transfer);
  }

  stage(stage: BootStage): void {
    this.tell({ kind: "stage", stage });
  }

  phase(phase: MachinePhase, more: { readonly panic?: string; readonly error?: CodedError } = {}): void {
    this.tell({
      kind: "phase",
      phase,
      ...(more.panic === undefined ? {} : { panic: more.panic }),
      ...(more.error === undefined ? {} : { error: toWireError(more.error) }),
    });
  }

  /** @returns what is called with each part of `total` bytes that has come */
  progress(total: number): (count: number) => void {
    let loaded = 0;
    let told = 0;
    return (count) => {
      loaded += count;
      // One message per percent is as fine as anyone can see.
      if (loaded < total && loaded - told < total / 100) return;
      told = loaded;
      this.tell({ kind: "progress", loaded, total });
    };
  }
}
