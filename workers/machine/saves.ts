import {
  CodedError,
  deferred,
  throwIfAborted,
  Turns,
  withAbort,
  withDeadline,
} from "../../src/base/index.ts";
import type { ProfileManifest } from "../../src/protocol/machine.ts";
import type { AgentLink } from "./agent-link.ts";
import { Checkpoints, type Kept } from "./checkpoints.ts";
import type { Emulator } from "./emulator.ts";
import type { GuestClock } from "./guest-clock.ts";
import type { Introspection } from "./introspection.ts";
import { MemoryCopier, PAGE } from "./memory-image.ts";
import type { RootFiles } from "./root-files.ts";
import { encodeSnapshot, type Snapshot } from "./snapshot.ts";
import type { Terminals } from "./terminals.ts";

/** Files that the guest waits for are waited for this long. */
const QUIET_MS = 10_000;

/** What a machine is made of while it runs. */
export interface MachineParts {
  readonly manifest: ProfileManifest;
  readonly introspection: Introspection;
  readonly emulator: Emulator;
  readonly files: RootFiles;
  readonly clock: GuestClock;
  readonly link: AgentLink;
  readonly terminals: Terminals;
  /** False once the kernel does not run any more: then what it says of its memory is not believed. */
  sane(): boolean;
}

/** A timer gives the machine a turn, and one that stands still is not waited for. */
async function turn(): Promise<void> {
  const over = deferred<void>();
  setTimeout(() => over.resolve(), 0);
  await over.promise;
}

/** Saves a machine: for a short time it stands still and is copied, the rest is done while it goes on. */
export class Saves {
  readonly #machine: MachineParts;
  readonly #checkpoints = new Checkpoints(turn);
  readonly #copier = new MemoryCopier();
  /** One save after the other: they share the place that memory is copied to. */
  readonly #turns = new Turns();
  #heldMs = 0;

  constructor(machine: MachineParts) {
    this.#machine = machine;
  }

  /** For how long the latest save held the machine. */
  get heldMs(): number {
    return this.#heldMs;
  }

  /** What all checkpoints take. */
  get checkpointBytes(): number {
    return this.#checkpoints.bytes;
  }

  /** @returns the checkpoint's number */
  async checkpoint(signal: AbortSignal): Promise<number> {
    return this.#turns.run(async () => {
      await this.#prepare(signal);
      return this.#checkpoints.keep(await this.#still(signal, () => this.#take()));
    });
  }

  /** The machine as a file. */
  async snapshot(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#turns.run(() => this.#still(signal, () => encodeSnapshot(this.#take())));
  }

  /** @throws CodedError `bad-argument` when it is not there any more */
  get(checkpoint: number): Kept {
    return this.#checkpoints.get(checkpoint);
  }

  forget(checkpoint: number): void {
    this.#checkpoints.forget(checkpoint);
  }

  clear(): void {
    this.#checkpoints.clear();
    this.#copier.clear();
  }

  /** 1 for each page that the kernel has free, and so zero; nothing while that is not known. */
  freePages(): Uint8Array {
    const { emulator, introspection } = this.#machine;
    const free = this.#machine.sane() ? introspection.freePages(emulator.memory()) : undefined;
    return free ?? new Uint8Array(0);
  }

  /** What can be done before the machine has to stand still. */
  async #prepare(signal: AbortSignal): Promise<void> {
    // Without it a save takes longer.
    await withAbort(this.#machine.introspection.load(), signal).catch(() => undefined);
    throwIfAborted(signal);
    const free = this.freePages();
    const used = this.#machine.emulator.memoryBytes / PAGE - free.reduce((sum, one) => sum + one, 0);
    if (free.length > 0) await this.#copier.reserve(used, turn);
  }

  /** Waits for a moment in which nothing is under way between guest and network, and stops the machine there. */
  async #still<T>(signal: AbortSignal, work: () => T): Promise<T> {
    const { emulator, files } = this.#machine;
    if (files.inFlight !== 0) {
      const quiet = deferred<void>();
      const watch = emulator.onSlice(() => {
        if (files.inFlight === 0) quiet.resolve();
      });
      try {
        await withDeadline(withAbort(quiet.promise, signal), QUIET_MS, "the file system");
      } finally {
        watch.dispose();
      }
    }
    const wasRunning = emulator.running;
    const since = performance.now();
    emulator.stop();
    try {
      return work();
    } finally {
      if (wasRunning) emulator.run();
      this.#heldMs = performance.now() - since;
    }
  }

  #take(): Snapshot {
    const { manifest, emulator, clock, link, terminals } = this.#machine;
    return {
      profile: manifest.profile,
      kernelBuildId: manifest.kernelInfo.buildId,
      tree: manifest.tree.sha256,
      guestMs: clock.now(),
      mac: emulator.mac.slice(),
      link: link.state(),
      terminals: terminals.states(),
      memory: this.#copier.copy(emulator.memory(), this.freePages()),
      devices: emulator.saveDevices(),
    };
  }
}

/**
 * @param memoryBytes Of the machine that is there already.
 * @throws CodedError `snapshot-mismatch` when a snapshot is not of a machine like this one
 */
export function checkSnapshot(snapshot: Snapshot, manifest: ProfileManifest, memoryBytes?: number): void {
  const mismatch = (why: string): CodedError =>
    new CodedError("snapshot-mismatch", `the saved machine does not fit: ${why}`);
  if (snapshot.profile !== manifest.profile) {
    throw mismatch(`it is of the profile "${snapshot.profile}", this machine of "${manifest.profile}"`);
  }
  if (snapshot.kernelBuildId !== manifest.kernelInfo.buildId) throw mismatch("it has another kernel");
  if (snapshot.tree !== manifest.tree.sha256) throw mismatch("it has another root file system");
  if (memoryBytes !== undefined && snapshot.memory.total * PAGE !== memoryBytes) {
    const mib = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;
    throw mismatch(`it has ${mib(snapshot.memory.total * PAGE)} of memory, this machine ${mib(memoryBytes)}`);
  }
}
