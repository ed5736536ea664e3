import { releaseProxy, type Remote, transfer, wrap } from "comlink";
import {
  CodedError,
  deferred,
  type Deferred,
  type Disposable,
  DisposableStore,
  Emitter,
  fromWireError,
  throwIfAborted,
  toWireError,
  withAbort,
} from "../base/index.ts";
import type { Observation } from "../isolation/index.ts";
import {
  type ChunkRef,
  type HistorySpec,
  type Loan,
  MACHINE_PROTOCOL_VERSION,
  type MachineEvent,
  type MachinePhase,
  type MachineStats,
  type MachineWorkerWire,
  type PastMoment,
} from "../protocol/machine.ts";
import { randomMac } from "./addresses.ts";
import type { CallWorker } from "./call.ts";
import { runExec } from "./exec.ts";
import { FaultWatch, type MachineFault } from "./fault.ts";
import { packFolder, unpackFolder } from "./folders.ts";
import { openRemoteTerminal, type RemoteTerminal } from "./remote-terminal.ts";
import type { FileStat } from "../protocol/agent.ts";
import type {
  Checkpoint,
  ExecOptions,
  ExecOutcome,
  Machine,
  MachineNotice,
  MachineOptions,
  PackFolderOptions,
  ReadFileOptions,
  Terminal,
  TerminalOptions,
  UnpackFolderOptions,
  WatchOptions,
  WriteFileOptions,
} from "./types.ts";
import { FIRST_SIZE } from "./types.ts";
import { askAgent, watchMachine } from "./watch.ts";

import { watchForSilence } from "./watchdog.ts";
import type { WorkerHandle } from "./worker-handle.ts";

const WATCH_HZ = 10;
const READ_LIMIT = 64 * 1024 * 1024;

/** A blob crosses to the worker without being copied. */
const asBlob = (saved: Blob | Uint8Array): Blob =>
  saved instanceof Blob ? saved : new Blob([saved as Uint8Array<ArrayBuffer>]);

class WorkerMachine implements Machine {
  readonly #handle: WorkerHandle;
  readonly #wire: Remote<MachineWorkerWire>;
  readonly #owned = new DisposableStore();
  readonly #events = new Emitter<MachineNotice>();
  readonly #terminals = new Set<RemoteTerminal>();
  /** The terminal that was asked for before anyone wanted it. */
  #first: { readonly user: string; readonly opening: Promise<Terminal> } | undefined;
  readonly #watches = new Set<Disposable>();
  /** Rejects when the worker can answer no more. */
  readonly #gone = deferred<never>();
  readonly #faults = new FaultWatch();
  #phase: MachinePhase = "starting";
  #ended: CodedError | undefined;
  #nextCall = 1;
  #eventsHeard = 0;
  #nextEvent: Deferred<void> | undefined;

  readonly onEvent = this.#events.event;

  constructor(handle: WorkerHandle) {
    this.#handle = handle;
    this.#wire = wrap<MachineWorkerWire>(handle.endpoint);
    this.#gone.promise.catch(() => undefined);
    this.#owned.add(
      handle.onDeath((reason) => {
        this.#workerGone(`the machine's worker has stopped: ${reason}`);
      }),
    );
  }

  get phase(): MachinePhase {
    return this.#phase;
  }

  #workerGone(reason: string): void {
    const error = new CodedError("machine-gone", reason);
    this.#end(error);
    this.#faults.workerGone(error);
    this.#tell({ kind: "phase", phase: "crashed", error: toWireError(error) });
  }

  get fault(): MachineFault | undefined {
    return this.#faults.fault;
  }

  #tell(notice: MachineNotice): void {
    if (notice.kind === "phase") this.#phase = notice.phase;
    this.#faults.take(notice);
    this.#events.fire(notice);
  }

  readonly #call: CallWorker = async (work, signal) => {
    if (this.#ended !== undefined) throw this.#ended;
    throwIfAborted(signal);
    const call = this.#nextCall++;
    const answer = Promise.race([work(this.#wire, call), this.#gone.promise]);
    const onAbort = (): void => {
      if (this.#ended === undefined) this.#wire.abort(call).catch(() => undefined);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const reply = await withAbort(answer, signal);
      await Promise.race([this.#heard(reply.events), this.#gone.promise]);
      if (!reply.ok) throw fromWireError(reply.error);
      return reply.value;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  };

  /** Settles when so many events have arrived: an answer must not overtake what it follows from. */
  async #heard(count: number): Promise<void> {
    while (this.#eventsHeard < count) {
      this.#nextEvent ??= deferred<void>();
      await this.#nextEvent.promise;
    }
  }

  async boot(options: MachineOptions): Promise<void> {
    const events = new MessageChannel();
    this.#owned.defer(() => events.port1.close());
    events.port1.onmessage = (event: MessageEvent<MachineEvent>) => {
      this.#eventsHeard++;
      this.#tell(event.data);
      this.#nextEvent?.resolve();
      this.#nextEvent = undefined;
    };
    const spec = {
      protocol: MACHINE_PROTOCOL_VERSION,
      store: options.store,
      profile: options.profile,
      ...(options.saved === undefined
        ? { from: options.from ?? "snapshot" }
        : { from: "saved" as const, saved: asBlob(options.saved) }),
      memory: options.memory ?? options.profile.manifest.memory.default,
      hostName: options.hostName ?? "",
      mac: options.mac ?? randomMac(),
      lends: options.lends ?? false,
      ...(options.borrowed === undefined ? {} : { borrowed: options.borrowed }),
    } as const;
    const booting = this.#call(
      (wire, call) => wire.boot(call, spec, transfer(events.port2, [events.port2])),
      options.signal,
    );
    if (options.firstUser !== undefined) this.#openFirst(options.firstUser);
    await booting;
    const ask = (): Promise<unknown> => this.#wire.stats();
    this.#owned.add(
      watchForSilence(ask, () => this.#workerGone("the machine's worker does not answer any more")),
    );
  }

  /** Before the machine is ready: its worker need not wait for the page's answer to that. */
  #openFirst(user: string): void {
    const opening = this.#open({ user, ...FIRST_SIZE });
    // The one who wants it is told.
    opening.catch(() => undefined);
    this.#first = { user, opening };
  }

  async openTerminal(options: TerminalOptions): Promise<Terminal> {
    const first = this.#first;
    const isPlain = options.cwd === undefined && options.env === undefined && options.argv === undefined;
    if (!isPlain || first?.user !== options.user) return this.#open(options);
    this.#first = undefined;
    const terminal = await first.opening;
    if (options.signal?.aborted === true) terminal.dispose();
    throwIfAborted(options.signal);
    terminal.resize(options.cols, options.rows);
    return terminal;
  }

  async #open(options: TerminalOptions): Promise<Terminal> {
    const terminal = await openRemoteTerminal(this.#call, options, (ended) => this.#terminals.delete(ended));
    if (this.#ended === undefined) this.#terminals.add(terminal);
    else terminal.lose(this.#ended);
    return terminal;
  }

  async exec(options: ExecOptions): Promise<ExecOutcome> {
    return runExec(this.#call, options);
  }

  async readFile(path: string, { limit = READ_LIMIT, signal }: ReadFileOptions = {}): Promise<Uint8Array> {
    return this.#call((wire, call) => wire.readFile(call, path, limit), signal);
  }

  async writeFile(
    path: string,
    content: Uint8Array | string,
    { mode = 0o644, user = "root", signal }: WriteFileOptions = {},
  ): Promise<void> {
    // A copy of its own, since it is moved to the worker.
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content.slice();
    await this.#call(
      (wire, call) => wire.writeFile(call, path, transfer(bytes, [bytes.buffer]), { mode, user }),
      signal,
    );
  }

  async statFile(path: string, { followLinks = true }: { followLinks?: boolean } = {}): Promise<FileStat> {
    return this.#call((wire, call) => wire.statFile(call, path, followLinks));
  }

  async packFolder(path: string, options: PackFolderOptions = {}): Promise<Uint8Array> {
    return packFolder(this.#call, path, options);
  }

  async unpackFolder(
    path: string,
    archive: Uint8Array | AsyncIterable<Uint8Array>,
    options: UnpackFolderOptions = {},
  ): Promise<void> {
    await unpackFolder(this.#call, path, archive, options);
  }

  async kill(pid: number, signal: number): Promise<void> {
    await this.#call((wire, call) => wire.kill(call, pid, signal));
  }

  async killCgroup(path: string): Promise<void> {
    await this.writeFile(`/sys/fs/cgroup/${path}/cgroup.kill`, "1");
  }

  async observe(signal?: AbortSignal): Promise<Observation> {
    const look = await this.#call((wire, call) => wire.look(call), signal);
    return look.kind === "seen" ? look.observation : askAgent(this.#call, look.why, signal);
  }

  watch(onLook: (observation: Observation) => void, { hz = WATCH_HZ }: WatchOptions = {}): Disposable {
    const watch = watchMachine(this.#call, hz, onLook, () => this.#watches.delete(watch));
    this.#watches.add(watch);
    return watch;
  }

  writeConsole(bytes: Uint8Array | string): void {
    const typed = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    this.#call((wire) => wire.writeConsole(typed)).catch(() => undefined);
  }

  async checkpoint(signal?: AbortSignal): Promise<Checkpoint> {
    const checkpoint = { id: await this.#call((wire, call) => wire.checkpoint(call), signal) };
    this.#faults.checkpointTaken(checkpoint);
    return checkpoint;
  }

  async rewind(checkpoint: Checkpoint, signal?: AbortSignal): Promise<void> {
    await this.#call((wire, call) => wire.rewind(call, checkpoint.id), signal);
  }

  async recover(signal?: AbortSignal): Promise<void> {
    const past = this.#ended === undefined ? (await this.history()).at(-1) : undefined;
    const checkpoint = past ?? this.#faults.latest;
    if (checkpoint === undefined) {
      throw this.#ended ?? new CodedError("bad-argument", "there is no checkpoint to go back to");
    }
    await this.rewind(checkpoint, signal);
  }

  forget(checkpoint: Checkpoint): void {
    this.#faults.checkpointForgotten(checkpoint);
    this.#call((wire) => wire.forget(checkpoint.id)).catch(() => undefined);
  }

  async snapshot(signal?: AbortSignal): Promise<Uint8Array> {
    return this.#call((wire, call) => wire.snapshot(call), signal);
  }

  async exportSaved(signal?: AbortSignal): Promise<Blob> {
    const bytes = await this.#call((wire, call) => wire.exportSaved(call), signal);
    return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/gzip" });
  }

  async restore(saved: Blob | Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#call((wire, call) => wire.restore(call, asBlob(saved)), signal);
  }

  async keepHistory(history: HistorySpec): Promise<void> {
    await this.#call((wire) => wire.keepHistory(history));
  }

  async history(): Promise<readonly PastMoment[]> {
    return this.#call((wire) => wire.history());
  }

  async pause(): Promise<void> {
    await this.#call((wire) => wire.pause());
  }

  async resume(): Promise<void> {
    await this.#call((wire) => wire.resume());
  }

  async stats(): Promise<MachineStats> {
    return this.#call((wire) => wire.stats());
  }

  async lend(): Promise<Loan> {
    return this.#call((wire) => wire.lend());
  }

  async plug(port: MessagePort): Promise<void> {
    await this.#call((wire) => wire.plug(transfer(port, [port])));
  }

  async takeChunksUsed(): Promise<readonly ChunkRef[]> {
    return this.#call((wire) => wire.takeChunksUsed());
  }

  retryFiles(): void {
    this.#call((wire) => wire.retryFiles()).catch(() => undefined);
  }

  #end(error: CodedError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#gone.reject(error);
    for (const terminal of [...this.#terminals]) terminal.lose(error);
    this.#terminals.clear();
    for (const watch of [...this.#watches]) watch.dispose();
    this.#owned.dispose();
    // A proxy that is merely dropped waits for the collector; a dead worker cannot answer its farewell.
    this.#wire[releaseProxy]();
    this.#handle.dispose();
  }

  dispose(): void {
    this.#end(new CodedError("machine-disposed", "the machine was taken down"));
    this.#phase = "off";
    this.#events.dispose();
  }
}

/**
 * Starts a machine in a worker of its own. The promise settles when its agent answers.
 * @throws CodedError `asset-*`, `network`, `snapshot-*`, `boot-failed`, `guest-panicked`, `machine-gone`, `aborted`;
 *   the worker is ended then
 */
export async function createMachine(
  options: MachineOptions,
  createWorker: () => WorkerHandle,
): Promise<Machine> {
  throwIfAborted(options.signal);
  const machine = new WorkerMachine(createWorker());
  if (options.onEvent !== undefined) machine.onEvent(options.onEvent);
  try {
    await machine.boot(options);
    return machine;
  } catch (error) {
    machine.dispose();
    throw error;
  }
}
