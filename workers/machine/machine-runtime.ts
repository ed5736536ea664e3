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
  type ChunkRef,
  type ExecResult,
  type ExecSpec,
  type HistorySpec,
  type Loan,
  type Look,
  MACHINE_PROTOCOL_VERSION,
  type MachinePhase,
  type MachineStats,
  type MachineWorker,
  type NewFile,
  type PastMoment,
  type ReleaseProfile,
  ReleaseProfileSchema,
  type TerminalSpec,
  type WatchSpec,
} from "../../src/protocol/machine.ts";
import { AgentLink } from "./agent-link.ts";
import { loadFirmware, loadSnapshot, readSaved, settleBoth } from "./boot-material.ts";
import { watchBoot } from "./boot-watch.ts";
import { Calls } from "./calls.ts";
import type { Kept } from "./checkpoints.ts";
import { runCommand } from "./command.ts";
import type { DecodedSnapshots } from "./decoded-snapshots.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import { GuestPulse } from "./guest-pulse.ts";
import { GuestFiles } from "./guest-files.ts";
import { GuestClock } from "./guest-clock.ts";
import { History } from "./history.ts";
import { Introspection, type IntrospectRoom } from "./introspection.ts";
import { PAGE, pagesOf } from "./memory-image.ts";
import { NetworkCard } from "./network-card.ts";
import { findMac } from "./own-mac.ts";
import { PageEvents } from "./page-events.ts";
import { PanicWatch, panicText } from "./panic-watch.ts";
import { parseOrder, Prefetch } from "./prefetch.ts";
import { type Decompress, RootFiles } from "./root-files.ts";
import { checkSnapshot, Saves } from "./saves.ts";
import { packSaved } from "./saved-file.ts";
import type { Snapshot } from "./snapshot.ts";
import { SerialConsole } from "./serial-console.ts";
import { type FileSource, readVerified } from "./store.ts";
import { Terminals } from "./terminals.ts";
import { checkWatch, Xray } from "./xray.ts";

const MIB = 1024 * 1024;
/** Of a saved machine: what its devices and terminals, and the tree of its root file system, take at most. */
const MOST_BESIDE_MEMORY = 64 * MIB;
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
  /** What reads a guest's memory. */
  loadIntrospection(): Promise<IntrospectRoom>;
  /** Where the browser keeps snapshots decoded. */
  readonly decoded?: DecodedSnapshots | undefined;
  /** Bytes that JavaScript holds in this worker; 0 where that cannot be known. */
  heapBytes(): number;
}

/** A machine and everything it owns, from its start to its end. One worker has one. */
export class MachineRuntime implements MachineWorker, Disposable {
  readonly #host: Host;
  readonly #owned = new DisposableStore();
  readonly #clock = new GuestClock();
  readonly #page = new PageEvents();
  readonly #console = new SerialConsole();
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
  readonly #link = new AgentLink({ send: (bytes) => this.#emulator?.sendConsole(bytes) ?? 0 });
  readonly #terminals = new Terminals(this.#link, () => this.#prefetch?.promptShown());
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
  #emulator: Emulator | undefined;
  #files: RootFiles | undefined;
  #prefetch: Prefetch | undefined;
  #profile: ReleaseProfile | undefined;
  #panics: PanicWatch | undefined;
  #saves: Saves | undefined;
  #xray: Xray | undefined;
  #end: CodedError | undefined;
  #booting: Promise<void> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#owned.add(this.#link.onAgent((state) => this.#page.tell({ kind: "agent", state })));
  }

  /** Events posted so far. */
  get eventsTold(): number {
    return this.#page.told;
  }

  async boot(call: number, spec: BootSpec, events: MessagePort): Promise<void> {
    this.#page.connect(events);
    this.#booting = this.#calls.run(call, async (signal) => {
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
      this.#terminals.hostName = spec.hostName;
      this.#page.stage("fetching");
      await this.#bootFrom[spec.from](spec, signal);
      this.#page.stage("ready");
    });
    await this.#booting;
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
    await this.#makeEmulator(source, { wasm, clock: this.#clock, memoryBytes, mac });
    throwIfAborted(signal);
    this.#page.stage("restoring");
    this.#goOn(snapshot, spec.hostName);
  }

  async #bootFromSnapshot(spec: BootSpec, signal: AbortSignal): Promise<void> {
    const profile = this.#required();
    const source = this.#host.openStore(spec.store);
    const onBytes = this.#page.progress(profile.snapshot.stored);
    // The emulator is made while the snapshot is still on its way.
    const making = async (): Promise<Emulator> => {
      const wasm = await this.#loadWasm(spec);
      const memoryBytes = profile.snapshot.memory * MIB;
      return this.#makeEmulator(source, { wasm, clock: this.#clock, memoryBytes, mac: spec.mac });
    };
    const { decoded } = this.#host;
    const lent = spec.borrowed?.snapshot;
    const atHand = lent === undefined ? decoded?.read(profile.snapshot) : bytesOf(lent);
    const { snapshot, bytes, wasAtHand } = await loadSnapshot(profile, Promise.resolve(atHand), making(), {
      ...{ source, signal, onBytes },
      onHere: () => this.#page.stage("restoring"),
    });
    this.#goOn(snapshot, spec.hostName);
    if (this.#loan !== undefined) this.#loan = { ...this.#loan, snapshot: new Blob([bytes]) };
    if (!wasAtHand) decoded?.keep(profile.snapshot, bytes);
  }

  #goOn(snapshot: Snapshot, hostName: string): void {
    const emulator = started(this.#emulator);
    checkSnapshot(snapshot, this.#required().manifest, emulator.memoryBytes);
    this.#putBack({ ...snapshot, pages: pagesOf(snapshot.memory) }, hostName);
    this.#takeMac(emulator, snapshot);
    this.#go();
  }

  /** A guest will not ask its card again for an address that it has, which may be another machine's. */
  #takeMac(emulator: Emulator, { mac, macAt, memory: image }: Snapshot): void {
    const memory = emulator.memory();
    for (const at of macAt ?? findMac(image, mac))
      // A file may claim what it likes.
      if (mac.every((byte, i) => memory[at + i] === byte)) memory.set(emulator.mac, at);
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
    const onBytes = this.#page.progress(manifest.kernel.stored + manifest.firmware.stored);
    const wasm = this.#loadWasm(spec);
    const boot = await loadFirmware(this.#required(), spec, wasm, { source, signal, onBytes });
    const memoryBytes = spec.memory * MIB;
    const options = { wasm: await wasm, clock: this.#clock, memoryBytes, mac: spec.mac, boot };
    const emulator = await this.#makeEmulator(source, options);
    // Nothing of the boot has been read yet. Without the list it only takes longer.
    this.#prefetch?.lookAhead().catch(() => undefined);
    const tree = await withAbort(this.#files?.tree() ?? Promise.reject(new Error("no files")), signal);
    emulator.loadTree(tree.entries, manifest.totals.bytes);
    throwIfAborted(signal);

    this.#page.stage("firmware");
    const booted = watchBoot({
      emulator,
      link: this.#link,
      onStage: (stage) => this.#page.stage(stage),
      ended: () => this.#end,
      signal,
    });
    try {
      emulator.run();
      await booted;
    } catch (error) {
      emulator.stop();
      const said = panicText(this.#console.tail).slice(-LAST_WORDS);
      throw error instanceof CodedError && error.code === "timed-out"
        ? new CodedError("boot-failed", `the guest did not come up; its last words: ${said}`, {
            cause: error,
          })
        : error;
    }
    this.#page.phase("running");
    this.#pulse.begin();
    this.#greetGuest(spec.hostName);
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
        this.#page.tell(
          trouble === undefined
            ? { kind: "file-arrived" }
            : { kind: "waiting-for-file", ...trouble, error: toWireError(trouble.error) },
        ),
      ),
    );
    this.#fetchAhead(source, files, options.boot === undefined ? "snapshot" : "firmware", decompress);
    this.#owned.add(emulator.onConsole((bytes) => this.#link.receive(bytes)));
    this.#owned.add(emulator.onSerial((byte) => this.#console.push(byte)));
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
    const loadRoom = (): Promise<IntrospectRoom> => this.#host.loadIntrospection();
    const introspection = new Introspection({ manifest, source, decompress, loadRoom });
    this.#xray = this.#owned.add(
      new Xray({
        subject: emulator,
        introspection,
        facts: () => ({
          chunksInFlight: files.inFlight,
          frames: this.#card.frames,
        }),
      }),
    );
    this.#saves = new Saves({
      ...{ manifest, introspection, emulator, files, clock: this.#clock, link: this.#link },
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
    this.#page.phase("running");
    this.#pulse.begin();
    this.#emulator?.run();
  }

  #sliceEnded(): void {
    const emulator = this.#emulator;
    if (emulator === undefined) return;
    this.#link.pump();
    const now = performance.now();
    this.#terminals.sliceEnded(emulator.halted, now);
    this.#flushConsole();
    const panicked = this.#panics?.sees(
      (address) => emulator.readKernelWord(address),
      () => this.#console.tail,
    );
    if (panicked === true) {
      const panic = panicText(this.#console.tail);
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
    this.#xray?.stopped();
    this.#page.phase(phase, { error, ...(panic === undefined ? {} : { panic }) });
    this.#link.failRequests(error);
    this.#abortAll(error);
  }

  /** @param except a call that goes on: the one that makes the others end */
  #abortAll(error: CodedError, except?: number): void {
    this.#calls.abortAll(error, except);
    this.#guestCalls.abortAll(error);
  }

  #flushConsole(): void {
    const bytes = this.#console.take();
    if (bytes !== undefined) this.#page.tell({ kind: "console", bytes }, [bytes.buffer]);
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
    return this.#terminals.adoptable;
  }

  async openTerminal(call: number, spec: TerminalSpec, port: MessagePort): Promise<number> {
    return this.#calls.run(call, async (signal) => {
      // It may be asked for while the machine starts, and is there before the guest has run at all.
      if (this.#booting !== undefined) await withAbort(this.#booting, signal);
      this.#machine();
      throwIfAborted(signal);
      return this.#terminals.open(spec, port);
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
    this.#page.tell({ kind: "guest", state });
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

  async look(call: number): Promise<Look> {
    return this.#calls.run(call, (signal) => withAbort(started(this.#xray).look(), signal));
  }

  async watch(spec: WatchSpec, port: MessagePort): Promise<void> {
    checkWatch(spec);
    started(this.#xray).watch(spec, port);
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
    this.#link.restore(snapshot.link);
    this.#terminals.restore(snapshot.terminals);
    this.#end = undefined;
    this.#xray?.reset();
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
    this.#goBack(call, started(this.#saves).get(checkpoint));
    this.#history.wentBack();
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
      const most = emulator.memoryBytes + MOST_BESIDE_MEMORY;
      const snapshot = await withAbort(readSaved(saved, most), signal);
      checkSnapshot(snapshot, this.#required().manifest, emulator.memoryBytes);
      // Whether v86 can read a state shows when a part of it is in its place. Of a machine that has failed nothing can be kept.
      const before = await this.#saves?.checkpoint(signal).catch(() => undefined);
      throwIfAborted(signal);
      try {
        this.#goBack(call, { ...snapshot, pages: pagesOf(snapshot.memory) });
      } catch (error) {
        if (before !== undefined) this.#goBack(call, this.#saver().get(before));
        throw error;
      } finally {
        if (before !== undefined) this.#saves?.forget(before);
      }
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
    this.#page.phase("paused");
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

/** A part of the machine that is there from its start on. @throws CodedError `bad-argument` before */
function started<T>(part: T | undefined): T {
  if (part === undefined) throw new CodedError("bad-argument", "the machine has not been started");
  return part;
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}
