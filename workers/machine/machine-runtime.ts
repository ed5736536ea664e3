import * as v from "valibot";
import {
  CodedError,
  concatBytes,
  type Disposable,
  DisposableStore,
  throwIfAborted,
  toWireError,
  withAbort,
  withDeadline,
} from "../../src/base/index.ts";
import { encodeKill, encodeSetup, type FileStat, Verb } from "../../src/protocol/agent.ts";
import {
  type BootSpec,
  type BootStage,
  type ChunkRef,
  type ExecResult,
  type ExecSpec,
  type HistorySpec,
  type Loan,
  MACHINE_PROTOCOL_VERSION,
  type MachineEvent,
  type MachinePhase,
  type MachineStats,
  type MachineWorker,
  type NewFile,
  type PastMoment,
  type ReleaseProfile,
  ReleaseProfileSchema,
  TERMINAL_WINDOW,
  type TerminalSpec,
} from "../../src/protocol/machine.ts";
import { AgentLink } from "./agent-link.ts";
import { watchBoot } from "./boot-watch.ts";
import { Calls } from "./calls.ts";
import type { Kept } from "./checkpoints.ts";
import { runCommand } from "./command.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import { GuestPulse } from "./guest-pulse.ts";
import { GuestFiles } from "./guest-files.ts";
import { GuestClock } from "./guest-clock.ts";
import { History } from "./history.ts";
import { PAGE, pagesOf } from "./memory-image.ts";
import { NetworkCard } from "./network-card.ts";
import { findMac } from "./own-mac.ts";
import { PanicWatch, panicText } from "./panic-watch.ts";
import { parseOrder, Prefetch } from "./prefetch.ts";
import { type Decompress, RootFiles } from "./root-files.ts";
import { Scrollback } from "./scrollback.ts";
import { checkSnapshot, Saves } from "./saves.ts";
import { packSaved, unpackSaved } from "./saved-file.ts";
import { decodeSnapshot, type Snapshot } from "./snapshot.ts";
import { type FileSource, readVerified } from "./store.ts";
import { type TerminalOwner, TerminalSession } from "./terminal-session.ts";

const MIB = 1024 * 1024;
const CONSOLE_BYTES = 32 * 1024;
/** Characters of the console that tell why a boot failed. */
const LAST_WORDS = 500;
/** The agent answers by itself within this, however busy the guest is. */
const ANSWER_MS = 5000;
const ENTROPY_BYTES = 32;
/** A moment that cannot be kept by then is left out. */
const HISTORY_MS = 5000;

/** What differs between a browser's worker and a thread of Node. */
export interface Host {
  openStore(location: string): FileSource;
  /** False where files are at hand anyway, and where the learner wants to save data. */
  mayPrefetch(): boolean;
  /** v86, compiled. @throws CodedError `asset-*`, `network` */
  loadWasm(): Promise<WebAssembly.Module>;
  /** Bytes that JavaScript holds in this worker; 0 where that cannot be known. */
  heapBytes(): number;
}

/** A machine and everything it owns, from its start to its end. One worker has one. */
export class MachineRuntime implements MachineWorker, Disposable {
  readonly #host: Host;
  readonly #owned = new DisposableStore();
  readonly #clock = new GuestClock();
  readonly #console = new Scrollback(CONSOLE_BYTES);
  readonly #terminals = new Set<TerminalSession>();
  readonly #calls = new Calls();
  /** Those that the guest has to answer. */
  readonly #guestCalls = new Calls();
  readonly #pulse = this.#owned.add(
    new GuestPulse({
      ask: () => this.#link.request(Verb.status),
      running: () => this.#emulator?.running === true,
      onChange: (state) => this.#guestChanged(state),
    }),
  );
  readonly #terminalOwner: TerminalOwner = {
    shown: () => this.#prefetch?.promptShown(),
    ended: (terminal) => this.#terminals.delete(terminal),
  };
  readonly #link = new AgentLink({ send: (bytes) => this.#emulator?.sendConsole(bytes) ?? 0 });
  readonly #guestFiles = new GuestFiles(this.#link);
  readonly #card = this.#owned.add(new NetworkCard());
  #loan: Loan | undefined;
  readonly #history = this.#owned.add(
    new History({
      checkpoint: () => this.#saver().checkpoint(AbortSignal.timeout(HISTORY_MS)),
      forget: (checkpoint) => this.#saves?.forget(checkpoint),
      running: () => this.#emulator?.running === true,
      guestMs: () => this.#clock.now(),
    }),
  );
  #consoleBatch: number[] = [];
  #emulator: Emulator | undefined;
  #files: RootFiles | undefined;
  #prefetch: Prefetch | undefined;
  #profile: ReleaseProfile | undefined;
  #panics: PanicWatch | undefined;
  #saves: Saves | undefined;
  #events: MessagePort | undefined;
  #end: CodedError | undefined;
  #told = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#owned.add(this.#link.onAgent((state) => this.#tell({ kind: "agent", state })));
  }

  /** Events posted so far. */
  get eventsTold(): number {
    return this.#told;
  }

  #tell(event: MachineEvent, transfer: Transferable[] = []): void {
    if (this.#events === undefined) return;
    this.#told++;
    this.#events.postMessage(event, transfer);
  }

  #stage(stage: BootStage): void {
    this.#tell({ kind: "stage", stage });
  }

  #setPhase(phase: MachinePhase, more: { panic?: string; error?: CodedError } = {}): void {
    this.#tell({
      kind: "phase",
      phase,
      ...(more.panic === undefined ? {} : { panic: more.panic }),
      ...(more.error === undefined ? {} : { error: toWireError(more.error) }),
    });
  }

  async boot(call: number, spec: BootSpec, events: MessagePort): Promise<void> {
    this.#events = events;
    await this.#calls.run(call, async (signal) => {
      if (spec.protocol !== MACHINE_PROTOCOL_VERSION) {
        throw new CodedError(
          "protocol",
          "the page and the machine's worker are of different versions; reload the page",
        );
      }
      const parsed = v.safeParse(ReleaseProfileSchema, spec.profile);
      if (!parsed.success)
        throw new CodedError("manifest-invalid", `the manifest is malformed: ${parsed.issues[0].message}`);
      this.#profile = parsed.output;
      this.#panics = new PanicWatch(parsed.output.manifest);
      this.#stage("fetching");
      await this.#bootFrom[spec.from](spec, signal);
      this.#stage("ready");
    });
  }

  readonly #bootFrom = {
    snapshot: (spec: BootSpec, signal: AbortSignal) => this.#bootFromSnapshot(spec, signal),
    firmware: (spec: BootSpec, signal: AbortSignal) => this.#bootFromFirmware(spec, signal),
    saved: (spec: BootSpec, signal: AbortSignal) => this.#bootFromSaved(spec, signal),
  };

  async #bootFromSaved(spec: BootSpec, signal: AbortSignal): Promise<void> {
    const { manifest } = this.#required();
    if (spec.saved === undefined) throw new CodedError("bad-argument", "there is no saved machine");
    const source = this.#host.openStore(spec.store);
    const [snapshot, wasm] = await settleBoth(readSaved(spec.saved), this.#loadWasm(spec));
    throwIfAborted(signal);
    checkSnapshot(snapshot, manifest);
    const memoryBytes = snapshot.memory.total * PAGE;
    const { mac } = spec;
    const emulator = await this.#makeEmulator(source, { wasm, clock: this.#clock, memoryBytes, mac });
    throwIfAborted(signal);
    this.#stage("restoring");
    this.#putBack({ ...snapshot, pages: pagesOf(snapshot.memory) }, spec.hostName);
    this.#takeMac(emulator, snapshot);
    this.#go();
  }

  async #bootFromSnapshot(spec: BootSpec, signal: AbortSignal): Promise<void> {
    const { manifest, snapshot: ref } = this.#required();
    const source = this.#host.openStore(spec.store);
    // The emulator is made while the snapshot is still on its way.
    const making = async (): Promise<Emulator> => {
      const wasm = await this.#loadWasm(spec);
      const memoryBytes = ref.memory * MIB;
      return this.#makeEmulator(source, { wasm, clock: this.#clock, memoryBytes, mac: spec.mac });
    };
    const reading = async (): Promise<(emulator: Emulator) => Uint8Array<ArrayBuffer>> => {
      if (spec.borrowed?.snapshot !== undefined) {
        const decoded = new Uint8Array(await spec.borrowed.snapshot.arrayBuffer());
        return () => decoded;
      }
      const stored = await readVerified(source, ref, { onBytes: this.#progress(ref.stored), signal });
      return (emulator) => emulator.decompress(stored, ref.size);
    };
    const [decode, emulator] = await settleBoth(reading(), making());
    throwIfAborted(signal);
    this.#stage("restoring");
    const bytes = decode(emulator);
    const snapshot = decodeSnapshot(bytes);
    checkSnapshot(snapshot, manifest, emulator.memoryBytes);
    this.#putBack({ ...snapshot, pages: pagesOf(snapshot.memory) }, spec.hostName);
    this.#takeMac(emulator, snapshot);
    this.#go();
    if (this.#loan !== undefined) this.#loan = { ...this.#loan, snapshot: new Blob([bytes]) };
  }

  /** A guest will not ask its card again for an address that it has, which may be another machine's. */
  #takeMac(emulator: Emulator, { mac, memory }: Snapshot): void {
    for (const at of findMac(memory, mac)) emulator.memory().set(emulator.mac, at);
  }

  async #loadWasm({ borrowed, lends }: BootSpec): Promise<WebAssembly.Module> {
    const wasm = borrowed?.wasm ?? (await this.#host.loadWasm());
    if (lends) this.#loan = { wasm };
    return wasm;
  }

  async lend(): Promise<Loan> {
    const loan = this.#loan;
    if (loan === undefined) throw new CodedError("bad-argument", "this machine has nothing to lend");
    this.#loan = undefined;
    return loan;
  }

  async plug(port: MessagePort): Promise<void> {
    this.#card.plug(port);
  }

  async #bootFromFirmware(spec: BootSpec, signal: AbortSignal): Promise<void> {
    const { manifest } = this.#required();
    if (spec.memory < manifest.memory.minimum) {
      throw new CodedError(
        "bad-argument",
        `this profile needs at least ${manifest.memory.minimum} MiB of memory`,
      );
    }
    const source = this.#host.openStore(spec.store);
    const onBytes = this.#progress(manifest.kernel.stored + manifest.firmware.stored);
    const [[kernel, firmware], wasm] = await settleBoth(
      settleBoth(
        readVerified(source, manifest.kernel, { onBytes, signal }),
        readVerified(source, manifest.firmware, { onBytes, signal }),
      ),
      this.#loadWasm(spec),
    );
    // The decoder is part of the emulator, and the emulator wants the decoded kernel: a small one decodes it first.
    const { mac } = spec;
    const decoder = await Emulator.create({ wasm, clock: new GuestClock(), memoryBytes: MIB, mac });
    const boot = {
      kernel: decoder.decompress(kernel, manifest.kernel.size),
      firmware: decoder.decompress(firmware, manifest.firmware.size),
      commandLine: `${manifest.commandLine} ${firmwareMemory(spec.memory)}`,
    };
    decoder.dispose();
    const options = { wasm, clock: this.#clock, memoryBytes: spec.memory * MIB, mac, boot };
    const emulator = await this.#makeEmulator(source, options);
    // Nothing of the boot has been read yet. Without the list it only takes longer.
    this.#prefetch?.lookAhead().catch(() => undefined);
    const tree = await withAbort(this.#files?.tree() ?? Promise.reject(new Error("no files")), signal);
    emulator.loadTree(tree.entries, manifest.totals.bytes);
    throwIfAborted(signal);

    this.#stage("firmware");
    const booted = watchBoot({
      emulator,
      link: this.#link,
      onStage: (stage) => this.#stage(stage),
      ended: () => this.#end,
      signal,
    });
    try {
      emulator.run();
      await booted;
    } catch (error) {
      emulator.stop();
      const said = panicText(this.#consoleTail()).slice(-LAST_WORDS);
      throw error instanceof CodedError && error.code === "timed-out"
        ? new CodedError("boot-failed", `the guest did not come up; its last words: ${said}`, {
            cause: error,
          })
        : error;
    }
    this.#setPhase("running");
    this.#pulse.begin();
    this.#greetGuest(spec.hostName);
  }

  #progress(total: number): (count: number) => void {
    let loaded = 0;
    let told = 0;
    return (count) => {
      loaded += count;
      // One message per percent is as fine as anyone can see.
      if (loaded < total && loaded - told < total / 100) return;
      told = loaded;
      this.#tell({ kind: "progress", loaded, total });
    };
  }

  async #makeEmulator(source: FileSource, options: EmulatorOptions): Promise<Emulator> {
    const { manifest } = this.#required();
    const emulator = this.#owned.add(await Emulator.create(options));
    const decompress: Decompress = (bytes, size) => emulator.decompress(bytes, size);
    const files = this.#owned.add(
      new RootFiles({ source, tree: manifest.tree, chunkSize: manifest.chunkSize, decompress }),
    );
    emulator.serveFiles(files);
    this.#owned.add(
      files.onTrouble((trouble) =>
        this.#tell(
          trouble === undefined
            ? { kind: "file-arrived" }
            : { kind: "waiting-for-file", ...trouble, error: toWireError(trouble.error) },
        ),
      ),
    );
    this.#fetchAhead(source, files, options.boot === undefined ? "snapshot" : "firmware", decompress);
    this.#owned.add(emulator.onConsole((bytes) => this.#link.receive(bytes)));
    this.#owned.add(emulator.onSerial((byte) => this.#consoleBatch.push(byte)));
    this.#card.attach(emulator);
    this.#owned.add(emulator.onSlice(() => this.#sliceEnded()));
    this.#owned.add(
      emulator.onFault((error) =>
        this.#stopForGood(
          "crashed",
          new CodedError("machine-crashed", "the emulator failed", { cause: error }),
        ),
      ),
    );
    this.#owned.add(
      emulator.onReset(() =>
        this.#stopForGood("off", new CodedError("machine-gone", "the guest restarted itself")),
      ),
    );
    this.#emulator = emulator;
    this.#files = files;
    this.#saves = new Saves({
      ...{ manifest, source, emulator, files, clock: this.#clock, link: this.#link },
      terminals: this.#terminals,
      sane: () => this.#end === undefined,
    });
    return emulator;
  }

  #fetchAhead(
    source: FileSource,
    files: RootFiles,
    from: "firmware" | "snapshot",
    decompress: Decompress,
  ): void {
    const list = this.#required().prefetch;
    if (list === undefined || !this.#host.mayPrefetch()) return;
    const prefetch = this.#owned.add(
      new Prefetch({
        load: async () => parseOrder(decompress(await readVerified(source, list), list.size), from),
        supply: files.fetcher,
        isHere: (name) => files.has(name),
      }),
    );
    this.#owned.add(files.onAsk((name) => prefetch.asked(name)));
    this.#prefetch = prefetch;
  }

  #go(): void {
    this.#setPhase("running");
    this.#pulse.begin();
    this.#emulator?.run();
  }

  #sliceEnded(): void {
    const emulator = this.#emulator;
    if (emulator === undefined) return;
    this.#link.pump();
    const now = performance.now();
    for (const terminal of this.#terminals) terminal.sliceEnded(emulator.halted, now);
    this.#flushConsole();
    const panicked = this.#panics?.sees(
      (address) => emulator.readKernelWord(address),
      () => this.#consoleTail(),
    );
    if (panicked === true) {
      const panic = panicText(this.#consoleTail());
      this.#stopForGood(
        "panicked",
        new CodedError("guest-panicked", "the guest's kernel has panicked"),
        panic,
      );
    } else if (emulator.off) {
      this.#stopForGood("off", new CodedError("machine-gone", "the guest switched itself off"));
    }
  }

  /** The CPU is stopped at once; memory stays as it is, and a checkpoint may bring the machine back. */
  #stopForGood(phase: MachinePhase, error: CodedError, panic?: string): void {
    this.#emulator?.stop();
    this.#end = error;
    this.#setPhase(phase, { error, ...(panic === undefined ? {} : { panic }) });
    this.#link.failRequests(error);
    this.#abortAll(error);
  }

  /** @param except a call that goes on: the one that makes the others end */
  #abortAll(error: CodedError, except?: number): void {
    this.#calls.abortAll(error, except);
    this.#guestCalls.abortAll(error);
  }

  #flushConsole(): void {
    if (this.#consoleBatch.length === 0) return;
    const bytes = Uint8Array.from(this.#consoleBatch);
    this.#consoleBatch = [];
    this.#console.push(bytes.slice());
    this.#tell({ kind: "console", bytes }, [bytes.buffer]);
  }

  #consoleTail(): string {
    return new TextDecoder().decode(this.#console.bytes());
  }

  /** What a restored guest cannot know: the time, its name, and that its random numbers must differ from its twins'. */
  #greetGuest(hostName: string): void {
    const entropy = crypto.getRandomValues(new Uint8Array(ENTROPY_BYTES));
    this.#link
      .request(Verb.setup, encodeSetup({ wallClockMs: Date.now(), hostName, entropy }))
      .catch(() => undefined);
  }

  #required(): ReleaseProfile {
    return started(this.#profile);
  }

  #machine(): Emulator {
    if (this.#end !== undefined) throw this.#end;
    return started(this.#emulator);
  }

  async abort(call: number): Promise<void> {
    this.#calls.abort(call);
    this.#guestCalls.abort(call);
  }

  async adoptable(): Promise<readonly { id: number; user: string }[]> {
    return [...this.#terminals]
      .filter((terminal) => !terminal.attached)
      .map((terminal) => ({ id: terminal.channelId, user: terminal.user }));
  }

  async openTerminal(call: number, spec: TerminalSpec, port: MessagePort): Promise<number> {
    return this.#calls.run(call, async (signal) => {
      this.#machine();
      throwIfAborted(signal);
      const plain = spec.cwd === "" && spec.argv.length === 0 && spec.env.length === 0;
      const waiting = [...this.#terminals].find(
        (terminal) => !terminal.attached && terminal.user === spec.user,
      );
      if (plain && waiting !== undefined) {
        waiting.attach(port, spec.cols, spec.rows);
        return waiting.channelId;
      }
      const terminal = new TerminalSession(
        spec.user,
        (listener) =>
          this.#link.open({ kind: "pty", timeoutMs: 0, credit: TERMINAL_WINDOW, ...spec }, listener),
        this.#terminalOwner,
      );
      this.#terminals.add(terminal);
      terminal.attach(port, spec.cols, spec.rows);
      return terminal.channelId;
    });
  }

  async exec(call: number, spec: ExecSpec, port: MessagePort): Promise<ExecResult> {
    return this.#guestCalls.run(call, async (signal) => {
      this.#machine();
      return runCommand(this.#link, spec, port, signal);
    });
  }

  #guestChanged(state: "silent" | "answers"): void {
    if (state === "silent") {
      const error = new CodedError("guest-silent", "the guest does not answer any more");
      this.#guestCalls.abortAll(error);
    }
    this.#tell({ kind: "guest", state });
  }

  async readFile(call: number, path: string, limit: number): Promise<Uint8Array> {
    return this.#withGuestFiles(call, (files, signal) => files.read(path, limit, signal));
  }

  async writeFile(call: number, path: string, bytes: Uint8Array, made: NewFile): Promise<void> {
    return this.#withGuestFiles(call, (files, signal) => files.write(path, bytes, made, signal));
  }

  async statFile(call: number, path: string, followLinks: boolean): Promise<FileStat> {
    return this.#withGuestFiles(call, (files) => files.stat(path, followLinks));
  }

  async #withGuestFiles<T>(
    call: number,
    work: (files: GuestFiles, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.#guestCalls.run(call, async (signal) => {
      this.#machine();
      return withAbort(work(this.#guestFiles, signal), signal);
    });
  }

  async kill(call: number, pid: number, signal: number): Promise<void> {
    return this.#guestCalls.run(call, async (aborted) => {
      this.#machine();
      await withAbort(this.#link.request(Verb.signal, encodeKill(pid, signal)), aborted);
    });
  }

  async writeConsole(bytes: Uint8Array): Promise<void> {
    this.#machine().sendSerial(bytes);
  }

  async processTable(call: number): Promise<string> {
    return this.#guestCalls.run(call, async (signal) => {
      this.#machine();
      const answer = withDeadline(this.#link.request(Verb.processes), ANSWER_MS, "the guest's agent");
      return new TextDecoder().decode(concatBytes(await withAbort(answer, signal)));
    });
  }

  /** Puts a stopped machine into a saved state; terminals that are in it keep their pages. */
  #putBack(snapshot: Kept, hostName: string): void {
    const emulator = started(this.#emulator);
    emulator.stop();
    this.#clock.set(snapshot.guestMs);
    emulator.restore(snapshot.devices, snapshot.pages, this.#saves?.freePages());
    this.#files?.forsake();
    this.#card.forget();

    const before = new Map([...this.#terminals].map((terminal) => [terminal.channelId, terminal]));
    this.#terminals.clear();
    this.#link.restore(snapshot.link);
    const states = new Map(snapshot.terminals.map((state) => [state.channel, state]));
    for (const channel of this.#link.channels) {
      const state = states.get(channel.id);
      // A command's caller has gone on in time; nobody waits for it any more.
      if (state === undefined) channel.close();
      else {
        this.#terminals.add(
          TerminalSession.restore(channel, state, this.#terminalOwner, before.get(channel.id)),
        );
        before.delete(channel.id);
      }
    }
    const error = new CodedError(
      "terminal-gone",
      "the machine went back to a time before this terminal was opened",
    );
    for (const terminal of before.values()) terminal.lost(error);
    this.#end = undefined;
    this.#greetGuest(hostName);
  }

  #saver(): Saves {
    this.#machine();
    return started(this.#saves);
  }

  async checkpoint(call: number): Promise<number> {
    return this.#calls.run(call, (signal) => this.#saver().checkpoint(signal));
  }

  async rewind(call: number, checkpoint: number): Promise<void> {
    const [emulator, saves] = [started(this.#emulator), started(this.#saves)];
    // What the machine does from now on is lost, and would only take time.
    const wasRunning = emulator.running;
    emulator.stop();
    try {
      this.#goBack(call, await saves.get(checkpoint));
      this.#history.wentBack();
    } catch (error) {
      if (wasRunning) emulator.run();
      throw error;
    }
  }

  #goBack(call: number, kept: Kept): void {
    this.#abortAll(new CodedError("aborted", "the machine went back to an earlier state"), call);
    this.#putBack(kept, "");
    this.#go();
  }

  async forget(checkpoint: number): Promise<void> {
    this.#saves?.forget(checkpoint);
  }

  async snapshot(call: number): Promise<Uint8Array> {
    return this.#calls.run(call, (signal) => this.#saver().snapshot(signal));
  }

  async exportSaved(call: number): Promise<Uint8Array> {
    return this.#calls.run(call, async (signal) => {
      const snapshot = await this.#saver().snapshot(signal);
      return withAbort(packSaved(snapshot), signal);
    });
  }

  async restore(call: number, saved: Blob): Promise<void> {
    await this.#calls.run(call, async (signal) => {
      const emulator = started(this.#emulator);
      const snapshot = await withAbort(readSaved(saved), signal);
      checkSnapshot(snapshot, this.#required().manifest, emulator.memoryBytes);
      this.#goBack(call, { ...snapshot, pages: pagesOf(snapshot.memory) });
      this.#takeMac(emulator, snapshot);
      this.#history.begin();
    });
  }

  async keepHistory(spec: HistorySpec): Promise<void> {
    this.#history.keep(spec);
  }

  async history(): Promise<readonly PastMoment[]> {
    return this.#history.moments();
  }

  async pause(): Promise<void> {
    this.#machine().stop();
    this.#setPhase("paused");
  }

  async resume(): Promise<void> {
    this.#machine();
    this.#go();
    // Guest time stood still; the wall did not.
    this.#greetGuest("");
  }

  async stats(): Promise<MachineStats> {
    const emulator = started(this.#emulator);
    return {
      instructions: emulator.instructions,
      guestMs: this.#clock.now(),
      halted: emulator.halted,
      memoryBytes: emulator.memoryBytes,
      wasmBytes: emulator.wasmBytes,
      heapBytes: this.#host.heapBytes(),
      filesInFlight: this.#files?.inFlight ?? 0,
      skippedBytes: this.#link.skippedBytes,
      checkpointBytes: this.#saves?.checkpointBytes ?? 0,
      heldMs: this.#saves?.heldMs ?? 0,
      network: this.#card.counters,
    };
  }

  async takeChunksUsed(): Promise<readonly ChunkRef[]> {
    return this.#files?.takeUsed() ?? [];
  }

  async retryFiles(): Promise<void> {
    this.#files?.retryNow();
  }

  async powerOff(): Promise<void> {
    this.#stopForGood("off", new CodedError("machine-gone", "the machine was switched off"));
  }

  dispose(): void {
    const error = new CodedError("machine-disposed", "the machine was taken down");
    this.#abortAll(error);
    this.#link.lose(error);
    this.#saves?.clear();
    this.#owned.dispose();
  }
}

/**
 * SeaBIOS marks the last 16 MiB as its own and uses less than one of them, for tables; the kernel may have the rest
 * (`memmap=` in the kernel's Documentation/admin-guide/kernel-parameters.txt: size % start, from reserved to RAM).
 */
function firmwareMemory(memoryMib: number): string {
  return `memmap=15M%${memoryMib - 16}M-2+1`;
}

/** A part of the machine that is there from its start on. @throws CodedError `bad-argument` before */
function started<T>(part: T | undefined): T {
  if (part === undefined) throw new CodedError("bad-argument", "the machine has not been started");
  return part;
}

/** @throws CodedError `snapshot-invalid`, `snapshot-mismatch` */
async function readSaved(saved: Blob): Promise<Snapshot> {
  return decodeSnapshot(await unpackSaved(saved));
}

/** Both results, or the first error once both have settled: nothing goes on unwatched. */
async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}
