/**
 * What we touch inside v86 0.5.462, beyond its published types. Names survive its minification; the version is pinned
 * exactly, and every name here is used only by `emulator.ts` and what it calls.
 */

/** A request of the guest's driver, and the room that it left for the answer. */
export interface V86BufferChain {
  /** @returns how many bytes of the request were read into `bytes`, on from where the last call ended */
  get_next_blob: (bytes: Uint8Array) => number;
}

/** v86's 9P server. */
export interface V86FileServer {
  readonly virtqueue: {
    pop_request: () => V86BufferChain;
    /** The driver sees it with the next answer. */
    push_reply(chain: V86BufferChain): void;
  };
  /** The answer that is being sent. */
  readonly replybuffer: Uint8Array;
  SendReply: (chain: V86BufferChain) => void;
}

/** A typed array over v86's memory. A view of v86's own follows when that memory grows. */
export interface V86Cpu {
  readonly mem8: Uint8Array;
  readonly cr: Int32Array;
  readonly cpl: Uint8Array;
  readonly flags: Int32Array;
  readonly in_hlt: Uint8Array;
  readonly instruction_counter: Uint32Array;
  readonly current_tsc: Uint32Array;
  last_result: Int32Array;
  fpu_status_word: Uint16Array;
  mxcsr: Int32Array;
  readonly devices: {
    /** The PM1a control register of ACPI. */
    readonly acpi: { readonly status: number };
    readonly virtio_net: {
      /** What the guest's driver reads when it is bound. */
      mac: Uint8Array;
      /** Receiving, sending, control. */
      readonly virtio: { readonly queues: readonly { has_request(): boolean }[] };
    };
    readonly virtio_9p: V86FileServer;
    readonly virtio_console: { readonly virtio: { readonly queues: readonly { has_request(): boolean }[] } };
  };
  store_current_tsc(): void;
  set_tsc: (low: number, high: number) => void;
  reboot_internal(): void;
  /** Forgets what was compiled for the pages of these physical addresses; the end is not among them. */
  jit_dirty_cache(from: number, to: number): void;
  /** Forgets all that was compiled. */
  jit_clear_cache: () => void;
  is_memory_zeroed: (address: number, size: number) => number;
  unpack_memory: (bitmap: unknown, packed: Uint8Array) => void;
}

/** The loop around the CPU. */
export interface V86Loop {
  readonly cpu: V86Cpu;
  running: boolean;
  yield(ms: number, tick: number): void;
  yield_callback(tick: number): void;
  next_tick(ms: number): void;
  run(): void;
  save_state(): ArrayBuffer;
  restore_state(state: ArrayBuffer): void;
}

/** One entry of v86's file tree: name, size, mtime, mode, uid, gid, and a hash, link target or children. */
export type V86TreeEntry = [string, number, number, number, number, number, string | V86TreeEntry[]];

/** Where v86's 9p server reads its files from. */
export interface V86FileStorage {
  read(sha256: string, offset: number, count: number, fileSize: number): Promise<Uint8Array>;
  cache(sha256: string, data: Uint8Array): Promise<void>;
  uncache(sha256: string): void;
}

export interface V86Internals {
  readonly v86: V86Loop;
  readonly fs9p: {
    storage: V86FileStorage;
    load_from_json(tree: { version: 3; fsroot: readonly V86TreeEntry[]; size: number }): void;
  };
  readonly bus: { send(name: string, value: unknown): void };
}

/** Of the exports of `v86.wasm`: its memory, and its zstd decoder. */
export interface V86Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  allocate_memory(bytes: number): number;
  set_jit_config(setting: number, value: number): void;
  zstd_create_ctx(compressedLength: number): number;
  zstd_get_src_ptr(context: number): number;
  zstd_read(context: number, length: number): number;
  zstd_read_free(pointer: number, length: number): void;
  zstd_free_ctx(context: number): void;
}
