import "./no-nested-worker.ts";
import { V86 } from "v86";
import { CodedError, deferred, type Disposable, Emitter } from "../../src/base/index.ts";
import { takeBackFlushed } from "./flushed-requests.ts";
import type { GuestClock } from "./guest-clock.ts";
import { createScheduler } from "./scheduler.ts";
import type {
  V86Cpu,
  V86Exports,
  V86FileStorage,
  V86Internals,
  V86Loop,
  V86TreeEntry,
} from "./v86-internals.ts";
import { type NumberedPage, PAGE, rewritePages } from "./memory-image.ts";

/** The virtio console takes at most a page at a time. */
const CONSOLE_CHUNK = 4096;
/** Kernel virtual − physical, without high memory. */
const PAGE_OFFSET = 0xc0000000;
const CR0_PAGING = 0x80000000 | 0;
const EFLAGS_INTERRUPT = 1 << 9;
/** SLP_EN of PM1 control (ACPI specification, 4.8.3.2.1). */
const ACPI_SLEEP_ENABLE = 1 << 13;
/** The guest draws nothing; v86 wants at least this much. */
const VGA_BYTES = 256 * 1024;
/** The number of v86's setting for how many pages of guest code go into one module (`set_jit_config` of its src/rust/jit.rs). */
const PAGES_IN_MODULE = 1;
/** The steps of a browser's clock where pages are not isolated (High Resolution Time, 9). */
const CLOCK_STEP_MS = 0.1;
const DECODE_PIECE = 1024 * 1024;

export interface EmulatorOptions {
  readonly wasm: WebAssembly.Module;
  readonly clock: GuestClock;
  readonly memoryBytes: number;
  /** The network card's address: six bytes. */
  readonly mac: Uint8Array;
  /** Absent when a state is restored. */
  readonly boot?: {
    readonly firmware: Uint8Array<ArrayBuffer>;
    readonly kernel: Uint8Array<ArrayBuffer>;
    readonly commandLine: string;
  };
}

/** What the CPU was doing at the end of a slice. */
export type CpuMode = "real" | "kernel" | "user";

/**
 * v86, its loop and its clock: the one module that knows the emulator. Runs in slices of about a millisecond; between
 * two slices guest memory stands still.
 */
export class Emulator implements Disposable {
  readonly #internals: V86Internals;
  readonly #exports: V86Exports;
  readonly #clock: GuestClock;
  readonly #scheduler = createScheduler();
  readonly #serial = new Emitter<number>();
  readonly #console = new Emitter<Uint8Array>();
  readonly #frame = new Emitter<Uint8Array>();
  readonly #slice = new Emitter<void>();
  readonly #fault = new Emitter<unknown>();
  readonly #reset = new Emitter<void>();
  /** Views that `restore_state` replaces by dead copies. */
  readonly #forgotten: Pick<V86Cpu, "last_result" | "fpu_status_word" | "mxcsr">;
  #running = false;
  #started = false;
  /** Something has written to guest memory. */
  #used = false;
  #instructions = 0;
  #lastCounter = 0;
  #haltedMs = 0;

  /** Bytes of the first serial port, one at a time. */
  readonly onSerial = this.#serial.event;
  /** What the guest wrote to its first virtio console. */
  readonly onConsole = this.#console.event;
  /** An Ethernet frame that the guest has sent, without its check sequence. */
  readonly onFrame = this.#frame.event;
  /** After each slice. */
  readonly onSlice = this.#slice.event;
  /** The emulator threw; the machine cannot go on. */
  readonly onFault = this.#fault.event;
  /** The guest asked for a reset; it is stopped instead, since a restored machine has no firmware to start from. */
  readonly onReset = this.#reset.event;

  private constructor(v86: V86, exports: V86Exports, clock: GuestClock) {
    this.#internals = v86 as unknown as V86Internals;
    this.#exports = exports;
    this.#clock = clock;
    const { cpu } = this.#loop;
    this.#forgotten = {
      last_result: cpu.last_result,
      fpu_status_word: cpu.fpu_status_word,
      mxcsr: cpu.mxcsr,
    };
    this.#loop.yield = (ms, tick) => this.#schedule(ms, tick);
    cpu.reboot_internal = () => {
      this.stop();
      this.#reset.fire();
    };
    v86.add_listener("serial0-output-byte", (byte) => this.#serial.fire(byte));
    v86.add_listener("virtio-console0-output-bytes", (bytes) => this.#console.fire(bytes));
    v86.add_listener("net0-send", (frame) => this.#frame.fire(frame));
  }

  /** @throws CodedError `boot-failed` when the emulator cannot be made. */
  static async create(options: EmulatorOptions): Promise<Emulator> {
    let exports: V86Exports | undefined;
    const failed = deferred<never>();
    failed.promise.catch(() => undefined);
    const fail = (error: unknown): void => failed.reject(error);
    const file = (bytes: Uint8Array<ArrayBuffer>): { buffer: ArrayBuffer } => ({
      buffer: bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer,
    });
    try {
      const v86 = new V86({
        wasm_fn: async (imports: WebAssembly.Imports) => {
          (imports["env"] as Record<string, unknown>)["microtick"] = options.clock.now;
          // v86 waits for what has failed here, and so would we.
          const instance = await WebAssembly.instantiate(options.wasm, imports).catch(fail);
          exports = instance?.exports as V86Exports;
          return tellingFailure(exports, fail);
        },
        memory_size: options.memoryBytes,
        vga_memory_size: VGA_BYTES,
        autostart: false,
        acpi: true,
        disable_keyboard: true,
        disable_mouse: true,
        disable_speaker: true,
        virtio_console: { type: "none" },
        net_device: { type: "virtio" },
        filesystem: {},
        ...(options.boot === undefined
          ? {}
          : {
              bios: file(options.boot.firmware),
              bzimage: file(options.boot.kernel),
              cmdline: options.boot.commandLine,
            }),
      });
      const loaded = deferred<void>();
      v86.add_listener("emulator-loaded", () => loaded.resolve());
      await Promise.race([loaded.promise, failed.promise]);
      if (exports === undefined) throw new Error("the emulator did not instantiate its WebAssembly module");
      // Engines optimise a module as one function, in a time that grows faster than its length. Of v86's own three pages
      // that took seconds of every processor, in which a page could not be painted; of one it is no slower for the guest.
      exports.set_jit_config(PAGES_IN_MODULE, 1);
      const emulator = new Emulator(v86, exports, options.clock);
      const { devices } = emulator.#loop.cpu;
      devices.virtio_net.mac = options.mac;
      takeBackFlushed(devices.virtio_9p);
      // The same clock for the devices that are written in JavaScript.
      (emulator.#loop.constructor as unknown as { microtick: () => number }).microtick = options.clock.now;
      return emulator;
    } catch (error) {
      throw (
        asMemoryFault(error) ??
        new CodedError("boot-failed", "the emulator could not be started", { cause: error })
      );
    }
  }

  get #loop(): V86Loop {
    return this.#internals.v86;
  }

  get running(): boolean {
    return this.#running;
  }

  /** True when the CPU waits for an interrupt. */
  get halted(): boolean {
    return this.#loop.cpu.in_hlt[0] === 1;
  }

  /**
   * True when the guest has switched itself off: by ACPI, which v86 takes note of and does not obey, or by waiting for
   * an interrupt and letting none in.
   */
  get off(): boolean {
    const { devices, flags } = this.#loop.cpu;
    if ((devices.acpi.status & ACPI_SLEEP_ENABLE) !== 0) return true;
    return this.halted && ((flags[0] ?? 0) & EFLAGS_INTERRUPT) === 0;
  }

  get mode(): CpuMode {
    const { cpu } = this.#loop;
    if (((cpu.cr[0] ?? 0) & CR0_PAGING) === 0) return "real";
    return cpu.cpl[0] === 3 ? "user" : "kernel";
  }

  /** Instructions executed since the emulator was made, restored states not counted. */
  get instructions(): number {
    return this.#instructions;
  }

  /** Milliseconds that the CPU has waited for an interrupt since the emulator was made. */
  get haltedMs(): number {
    return this.#haltedMs;
  }

  /** The network card's address, which the guest may have changed. */
  get mac(): Uint8Array {
    return this.#loop.cpu.devices.virtio_net.mac;
  }

  get memoryBytes(): number {
    return this.#loop.cpu.mem8.length;
  }

  get wasmBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Guest memory; a view that dies when the emulator's own memory grows, so it is taken anew each time. */
  memory(): Uint8Array {
    const { mem8 } = this.#loop.cpu;
    return new Uint8Array(this.#exports.memory.buffer, mem8.byteOffset, mem8.length);
  }

  /** @returns the 32-bit word at a kernel virtual address, or undefined outside of RAM. */
  readKernelWord(address: number): number | undefined {
    const physical = address - PAGE_OFFSET;
    const { mem8 } = this.#loop.cpu;
    if (physical < 0 || physical + 4 > mem8.length) return undefined;
    return new DataView(this.#exports.memory.buffer).getInt32(mem8.byteOffset + physical, true);
  }

  run(): void {
    if (this.#running) return;
    this.#running = true;
    this.#used = true;
    this.#clock.start();
    if (this.#started) {
      this.#loop.next_tick(0);
    } else {
      this.#started = true;
      this.#loop.run();
    }
  }

  /** Takes effect at once, between two slices; guest time stands still until `run`. */
  stop(): void {
    this.#running = false;
    this.#scheduler.cancel();
    this.#clock.stop();
  }

  #schedule(ms: number, tick: number): void {
    if (!this.#running) return;
    const halted = this.halted ? performance.now() : undefined;
    this.#scheduler.schedule(ms, () => {
      if (halted !== undefined) this.#haltedMs += performance.now() - halted;
      try {
        this.#loop.yield_callback(tick);
        this.#count();
      } catch (error) {
        this.stop();
        this.#fault.fire(error);
        return;
      }
      this.#slice.fire();
    });
  }

  /** The counter has 32 bits and wraps within seconds. */
  #count(): void {
    const counter = this.#loop.cpu.instruction_counter[0] ?? 0;
    this.#instructions += (counter - this.#lastCounter) >>> 0;
    this.#lastCounter = counter;
  }

  sendSerial(bytes: Uint8Array): void {
    for (const byte of bytes) this.#internals.bus.send("serial0-input", byte);
  }

  /**
   * Gives the guest's first virtio console what it has room for: v86 would drop what finds no buffer of the guest.
   * @returns how many bytes were taken; 0 when the guest has to read first.
   */
  sendConsole(bytes: Uint8Array): number {
    const queue = this.#loop.cpu.devices.virtio_console.virtio.queues[0];
    let taken = 0;
    while (taken < bytes.length && queue?.has_request() === true) {
      const piece = bytes.subarray(taken, taken + CONSOLE_CHUNK);
      this.#internals.bus.send("virtio-console0-input-bytes", piece);
      taken += piece.length;
    }
    return taken;
  }

  /**
   * Gives the guest's network card a frame: v86 would drop what finds no buffer of the guest.
   * @returns false when the guest has none
   */
  receiveFrame(frame: Uint8Array): boolean {
    if (this.#loop.cpu.devices.virtio_net.virtio.queues[0]?.has_request() !== true) return false;
    this.#internals.bus.send("net0-receive", frame);
    return true;
  }

  /** From now on the root file system's content comes from `storage`. */
  serveFiles(storage: V86FileStorage): void {
    this.#internals.fs9p.storage = storage;
  }

  /** Fills the root file system's tree; a restored state brings its own. */
  loadTree(entries: readonly V86TreeEntry[], totalBytes: number): void {
    this.#internals.fs9p.load_from_json({ version: 3, fsroot: entries, size: totalBytes });
  }

  /** Everything but memory; only while no file request is in flight, or its answer would be lost. */
  saveDevices(): Uint8Array<ArrayBuffer> {
    const { cpu } = this.#loop;
    // Memory is copied by us: v86 looks at every page of it, and copies it twice.
    const isZeroed = cpu.is_memory_zeroed;
    cpu.is_memory_zeroed = () => 1;
    try {
      return new Uint8Array(this.#loop.save_state());
    } finally {
      cpu.is_memory_zeroed = isZeroed;
    }
  }

  /**
   * Only while stopped.
   *
   * @param pages What memory holds then, in the order of their numbers; the pages between are zero.
   * @param zero 1 for each page that is known to be zero now.
   * @throws CodedError `snapshot-invalid`
   */
  restore(
    devices: Uint8Array<ArrayBuffer>,
    pages: Iterable<NumberedPage>,
    zero: Uint8Array = new Uint8Array(0),
  ): void {
    const { cpu } = this.#loop;
    // Each reading of the time stamp counter needs a time of its own: of two equal ones v86 takes the second for later,
    // by as much as the smallest step that it has seen. In a new emulator that is seconds, by which the guest would jump.
    const setTsc = cpu.set_tsc;
    const later = (): void => this.#clock.set(this.#clock.now() + CLOCK_STEP_MS);
    later();
    // `set_tsc` takes the offset of an earlier restore off twice; setting the present value makes that offset 0.
    cpu.store_current_tsc();
    cpu.set_tsc = (low, high) => {
      later();
      setTsc.call(cpu, low, high);
    };
    cpu.set_tsc(cpu.current_tsc[0] ?? 0, cpu.current_tsc[1] ?? 0);
    // v86 clears memory through its table of compiled code, page by page, and then throws that table away: what was
    // compiled for pages that stay as they are is good as before, and the guest is slow until it is compiled again.
    const { unpack_memory: unpackMemory, jit_clear_cache: clearCompiled } = cpu;
    cpu.unpack_memory = () => this.#fillMemory(pages, zero);
    cpu.jit_clear_cache = () => undefined;
    try {
      this.#loop.restore_state(devices.buffer);
    } catch (error) {
      throw new CodedError("snapshot-invalid", "the saved machine could not be restored", { cause: error });
    } finally {
      cpu.unpack_memory = unpackMemory;
      cpu.jit_clear_cache = clearCompiled;
      cpu.set_tsc = setTsc;
    }
    this.#used = true;
    // v86 replaces these three views by copies that the CPU does not see.
    const { last_result, fpu_status_word, mxcsr } = this.#forgotten;
    last_result.set(cpu.last_result);
    fpu_status_word.set(cpu.fpu_status_word);
    mxcsr.set(cpu.mxcsr);
    Object.assign(cpu, this.#forgotten);
    this.#lastCounter = cpu.instruction_counter[0] ?? 0;
  }

  #fillMemory(pages: Iterable<NumberedPage>, zero: Uint8Array): void {
    const memory = this.memory();
    if (!this.#used) {
      // Memory that nobody has used yet is zero, and not even there.
      for (const [number, bytes] of pages) memory.set(bytes, number * PAGE);
      return;
    }
    const changed = rewritePages(memory, pages, zero);
    // Afterwards, since this may make the emulator's memory grow, and the view of it die.
    for (const number of changed) this.#loop.cpu.jit_dirty_cache(number * PAGE, (number + 1) * PAGE);
  }

  /**
   * Decodes zstd with the decoder that v86 brings along.
   * @throws CodedError `asset-corrupt` when the bytes do not decode to `size` bytes.
   */
  decompress(compressed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
    const wasm = this.#exports;
    const result = new Uint8Array(size);
    const context = wasm.zstd_create_ctx(compressed.length);
    try {
      new Uint8Array(wasm.memory.buffer, wasm.zstd_get_src_ptr(context) >>> 0, compressed.length).set(
        compressed,
      );
      for (let at = 0; at < size; at += DECODE_PIECE) {
        const length = Math.min(DECODE_PIECE, size - at);
        const pointer = wasm.zstd_read(context, length) >>> 0;
        result.set(new Uint8Array(wasm.memory.buffer, pointer, length), at);
        wasm.zstd_read_free(pointer, length);
      }
    } catch (error) {
      throw new CodedError("asset-corrupt", "a compressed file is damaged", { cause: error });
    }
    wasm.zstd_free_ctx(context);
    return result;
  }

  /** v86 frees little; the memory goes when the worker ends. */
  dispose(): void {
    this.stop();
    this.#scheduler.dispose();
    for (const emitter of [this.#serial, this.#console, this.#frame, this.#slice, this.#fault, this.#reset])
      emitter.dispose();
  }
}

/** v86's exports, but that a failure to get the guest's memory is told: v86 itself would lose it, in a trap. */
function tellingFailure(exports: V86Exports, tell: (error: unknown) => void): V86Exports {
  return {
    ...exports,
    allocate_memory(bytes) {
      try {
        return exports.allocate_memory(bytes);
      } catch (error) {
        tell(new RangeError("the guest's memory could not be allocated", { cause: error }));
        throw error;
      }
    },
  };
}

/** Engines say in a RangeError that there is no memory left, each in words of its own. */
function asMemoryFault(error: unknown): CodedError | undefined {
  return error instanceof RangeError && /memory|allocat/i.test(error.message)
    ? new CodedError("out-of-memory", "there is no memory left for the machine", { cause: error })
    : undefined;
}
