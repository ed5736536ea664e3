/**
 * The wire between a page (or Node) and a machine's worker. Calls go through comlink; every call that takes time
 * carries an id of the caller's, and `abort(id)` stops it. Streams and events are MessagePorts with the unions below.
 * No function crosses. Bytes are transferred.
 */
import * as v from "valibot";
import type { WireError } from "../base/index.ts";
import type { Observation } from "../isolation/index.ts";
import type { ExitStatus, FileStat } from "./agent.ts";

export const MACHINE_PROTOCOL_VERSION = 1;

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hexadecimal"));
const Size = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One content-addressed file of the store; it lies there compressed with zstd under its `sha256`. */
export const BlobRefSchema = v.object({
  /** Hash of the content. */
  sha256: Sha256,
  /** Bytes of the content. */
  size: Size,
  /** Bytes as stored. */
  stored: Size,
  /** Hash of the bytes as stored. */
  storedSha256: Sha256,
});
export type BlobRef = v.InferOutput<typeof BlobRefSchema>;

/** What a machine is made from: `images/prebuilt/PROFILE.json`, written by `images/build`. */
export const ProfileManifestSchema = v.object({
  format: v.literal(1),
  profile: v.string(),
  kernel: BlobRefSchema,
  firmware: BlobRefSchema,
  tree: BlobRefSchema,
  commandLine: v.string(),
  /** MiB. */
  memory: v.object({ default: Size, minimum: Size }),
  kernelInfo: v.object({
    version: v.string(),
    buildId: v.string(),
    /** Kernel virtual addresses that the worker needs at once; physical = virtual − 0xC0000000. */
    symbols: v.record(v.string(), Size),
    /** Where everything else lies in the kernel's memory; `src/introspect` reads it. */
    layout: BlobRefSchema,
  }),
  /** Files longer than this are stored in parts of this size. */
  chunkSize: Size,
  totals: v.object({ files: Size, bytes: Size, stored: Size }),
});
export type ProfileManifest = v.InferOutput<typeof ProfileManifestSchema>;

/** A snapshot that was made at build time from a profile. */
export const SnapshotRefSchema = v.object({
  ...BlobRefSchema.entries,
  /** MiB of the machine it was taken from; a restored machine has as much. */
  memory: Size,
});
export type SnapshotRef = v.InferOutput<typeof SnapshotRefSchema>;

/** A part of a file of the root file system: its hash, its bytes as stored, and its bytes. */
export const ChunkRefSchema = v.strictTuple([Sha256, Size, Size]);
export type ChunkRef = v.InferOutput<typeof ChunkRefSchema>;

/** What a recorded machine read, each chunk once, in the order of its first use. */
export const PrefetchListSchema = v.object({
  format: v.literal(1),
  /** From firmware to the snapshot. */
  boot: v.array(ChunkRefSchema),
  /** From the snapshot on, through the profile's rehearsal. */
  lesson: v.array(ChunkRefSchema),
});
export type PrefetchList = v.InferOutput<typeof PrefetchListSchema>;

/** The profile as it is released: the manifest, the snapshot made of it, and what to fetch ahead. */
export const ReleaseProfileSchema = v.object({
  manifest: ProfileManifestSchema,
  snapshot: SnapshotRefSchema,
  /** A {@link PrefetchList}; a profile that nobody has rehearsed has none. */
  prefetch: v.optional(BlobRefSchema),
});
export type ReleaseProfile = v.InferOutput<typeof ReleaseProfileSchema>;

/** `release.json`: what a built app is made of. */
export const ReleaseSchema = v.object({
  format: v.literal(1),
  profiles: v.record(v.string(), ReleaseProfileSchema),
});
export type Release = v.InferOutput<typeof ReleaseSchema>;

export interface BootSpec {
  readonly protocol: number;
  /** Where the store's files are: a URL that ends in `/` in a page, a directory in Node. */
  readonly store: string;
  readonly profile: ReleaseProfile;
  readonly from: "firmware" | "snapshot" | "saved";
  /** For `saved`: what `snapshot` or `exportSaved` gave. */
  readonly saved?: Blob;
  /** MiB, when booting from firmware. */
  readonly memory: number;
  /** What the guest shall call itself; empty leaves the image's name. */
  readonly hostName: string;
  /** The network card's address: six bytes. */
  readonly mac: Uint8Array;
  /** What another machine has lent. */
  readonly borrowed?: Loan;
  /** Whether {@link MachineWorker.lend} will be asked. */
  readonly lends: boolean;
}

/**
 * The network card's address in every machine that a profile's snapshot is taken of, so that the same inputs make the
 * same snapshot: locally administered, and random but for that and for its last byte, which is the rarest one in a
 * snapshot: by it the address is looked for.
 */
export const SNAPSHOT_MAC = Uint8Array.of(0x02, 0x9d, 0x5b, 0xe1, 0x3c, 0x9a);

/** What the machines of a lab have in common, so that one fetches, compiles and decodes it and the others do not. */
export interface Loan {
  /** v86, compiled. */
  readonly wasm: WebAssembly.Module;
  /** The profile's snapshot, decoded, where it was started from one. The browser keeps its bytes, not the page. */
  readonly snapshot?: Blob;
}

/** The stages of a start, in order; a start from a snapshot leaves out `firmware`, `kernel` and `init`. */
export type BootStage = "fetching" | "restoring" | "firmware" | "kernel" | "init" | "ready";

export type MachinePhase = "starting" | "running" | "paused" | "panicked" | "off" | "crashed";

/** What the worker tells without being asked. */
export type MachineEvent =
  | { readonly kind: "stage"; readonly stage: BootStage }
  /** Bytes over the wire of what is being fetched now. */
  | { readonly kind: "progress"; readonly loaded: number; readonly total: number }
  | {
      readonly kind: "phase";
      readonly phase: MachinePhase;
      readonly panic?: string;
      readonly error?: WireError;
    }
  /** Output of the kernel's console and the rescue terminal. */
  | { readonly kind: "console"; readonly bytes: Uint8Array }
  /** `gone`: the agent died, and all terminals and commands with it; `back`: it answers again. */
  | { readonly kind: "agent"; readonly state: "gone" | "back" }
  /** `silent`: the guest has hung, or starves its agent; what waited for an answer was rejected. */
  | { readonly kind: "guest"; readonly state: "silent" | "answers" }
  /** A part of the file system could not be fetched for the `attempts`th time; the guest waits for it. */
  | { readonly kind: "waiting-for-file"; readonly error: WireError; readonly attempts: number }
  /** Nothing is waited for any more. */
  | { readonly kind: "file-arrived" };

export interface TerminalSpec {
  readonly user: string;
  readonly cols: number;
  readonly rows: number;
  /** Empty: the user's home. */
  readonly cwd: string;
  readonly env: readonly string[];
  /** Empty: the user's login shell. */
  readonly argv: readonly string[];
}

/** What flows from the page into a terminal. */
export type TerminalInput =
  | { readonly kind: "input"; readonly bytes: Uint8Array }
  | { readonly kind: "resize"; readonly cols: number; readonly rows: number }
  /** So many bytes of output have been shown; as many more may be sent. */
  | { readonly kind: "shown"; readonly bytes: number }
  | { readonly kind: "close" };

/** What flows from a terminal to the page. */
export type TerminalOutput =
  | { readonly kind: "output"; readonly bytes: Uint8Array }
  /** The machine went back in time: forget what was shown and show this instead. */
  | { readonly kind: "replay"; readonly bytes: Uint8Array }
  | { readonly kind: "exit"; readonly status: ExitStatus }
  /** The terminal ended without its shell's doing. */
  | { readonly kind: "lost"; readonly error: WireError };

/** Bytes of output that may be on their way to a terminal's screen. */
export const TERMINAL_WINDOW = 256 * 1024;

export interface ExecSpec {
  readonly user: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  /** Milliseconds; 0 is without limit. */
  readonly timeoutMs: number;
  /** Most bytes of stdout and stderr together that are kept; more fails with `output-limit`. 0 streams all to the port. */
  readonly outputLimit: number;
}

/** Into a running command. */
export type ExecInput =
  | { readonly kind: "stdin"; readonly bytes: Uint8Array }
  | { readonly kind: "end" }
  | { readonly kind: "signal"; readonly signal: number }
  | { readonly kind: "shown"; readonly bytes: number };

/** Out of a running command. */
export type ExecOutput =
  | { readonly kind: "stdout" | "stderr"; readonly bytes: Uint8Array }
  /** So many bytes of stdin have been taken. */
  | { readonly kind: "taken"; readonly bytes: number }
  /** All output has been sent. */
  | { readonly kind: "end" };

export interface ExecResult {
  readonly status: ExitStatus;
  /** Empty when the output was streamed. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** How a new file of the guest is made; one that is there keeps its own. */
export interface NewFile {
  /** Permission bits. */
  readonly mode: number;
  /** A name of the guest's `/etc/passwd`. */
  readonly user: string;
}

/** The past of a machine as it is kept: a checkpoint every `everyMs`, the latest `keep` of them. */
export interface HistorySpec {
  readonly everyMs: number;
  /** 0 keeps none. */
  readonly keep: number;
}

/** A moment that a machine can go back to. */
export interface PastMoment {
  /** Of its checkpoint. */
  readonly id: number;
  /** Milliseconds of guest time since then. */
  readonly agoMs: number;
}

/** What one look from outside gives: the guest's state, or why it cannot be read. */
export type Look =
  | { readonly kind: "seen"; readonly observation: Observation }
  /** A sentence. The guest's agent may still tell something. */
  | { readonly kind: "refused"; readonly why: string };

/** How often a machine is looked at while somebody watches. */
export interface WatchSpec {
  /** Looks a second, at most: while the guest works. One that idles is looked at once a second. */
  readonly hz: number;
}

/** From who watches: the latest look has been taken in; the next one may come. Or no more shall. */
export type WatchInput = { readonly kind: "taken" } | { readonly kind: "close" };

export interface MachineStats {
  /** Guest instructions since the machine was made. */
  readonly instructions: number;
  /** Milliseconds of guest time since the machine was made. */
  readonly guestMs: number;
  readonly halted: boolean;
  readonly memoryBytes: number;
  /** Bytes of the emulator's whole WebAssembly memory. */
  readonly wasmBytes: number;
  /** Bytes that JavaScript holds beside it, where the platform tells (Node); 0 elsewhere. */
  readonly heapBytes: number;
  /** File system requests that wait for the network. */
  readonly filesInFlight: number;
  /** Bytes that came from the agent and belonged to no frame. */
  readonly skippedBytes: number;
  /** What the checkpoints take. */
  readonly checkpointBytes: number;
  /** For how long the latest checkpoint or snapshot held the machine. */
  readonly heldMs: number;
  readonly network: {
    /** Frames of the guest's that went out, and such as it was given. */
    readonly sent: number;
    readonly received: number;
    /** Frames of the guest's that nobody took. */
    readonly sentDropped: number;
    /** Frames that the guest had no buffer for. */
    readonly receivedDropped: number;
  };
}

/**
 * What the worker offers. A `call` is an id chosen by the caller, used once.
 * Every answer crosses as a {@link Reply}.
 */
export interface MachineWorker {
  boot(call: number, spec: BootSpec, events: MessagePort): Promise<void>;
  /** What this machine was started from, once. @throws CodedError `bad-argument` */
  lend(): Promise<Loan>;
  /** Plugs the network card into `src/protocol/network.ts` at the port. */
  plug(port: MessagePort): Promise<void>;
  /** Terminals that a snapshot brought along: user by terminal id. They can be attached once each. */
  adoptable(): Promise<readonly { readonly id: number; readonly user: string }[]>;
  /** Opens a terminal, or attaches to an adoptable one; the port is the terminal from then on. */
  openTerminal(call: number, spec: TerminalSpec, port: MessagePort): Promise<number>;
  exec(call: number, spec: ExecSpec, port: MessagePort): Promise<ExecResult>;
  /** A file of the guest, whole; see {@link FileStat}. These need no fork in the guest, and work under any load. */
  readFile(call: number, path: string, limit: number): Promise<Uint8Array>;
  writeFile(call: number, path: string, bytes: Uint8Array, made: NewFile): Promise<void>;
  statFile(call: number, path: string, followLinks: boolean): Promise<FileStat>;
  /** kill(2); below 0 it is a process group. */
  kill(call: number, pid: number, signal: number): Promise<void>;
  /** Types into the rescue terminal. */
  writeConsole(bytes: Uint8Array): Promise<void>;
  /** One look at the guest from outside, at everything. */
  look(call: number): Promise<Look>;
  /** Looks again and again; each {@link Look} goes to the port, and waits for the {@link WatchInput} of the one before. */
  watch(spec: WatchSpec, port: MessagePort): Promise<void>;
  /** The agent's process table as text; see `images/agent/processes.h`. */
  processTable(call: number): Promise<string>;
  /** Keeps the machine's whole state in the worker and returns its number. */
  checkpoint(call: number): Promise<number>;
  /** Goes back to a checkpoint, terminals included. */
  rewind(call: number, checkpoint: number): Promise<void>;
  forget(checkpoint: number): Promise<void>;
  /** The machine's whole state, uncompressed; `docs/architecture.md` has the format. */
  snapshot(call: number): Promise<Uint8Array>;
  /** The same as a file that can be kept: compressed, with a checksum. */
  exportSaved(call: number): Promise<Uint8Array>;
  /** Puts the machine into a saved state, of this or another machine of the same profile and size. */
  restore(call: number, saved: Blob): Promise<void>;
  keepHistory(spec: HistorySpec): Promise<void>;
  history(): Promise<readonly PastMoment[]>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stats(): Promise<MachineStats>;
  /** The chunks that the guest has read since its start, or since this was last asked, in order of first use. */
  takeChunksUsed(): Promise<readonly ChunkRef[]>;
  /** Tries at once what the guest waits for. */
  retryFiles(): Promise<void>;
  powerOff(): Promise<void>;
  abort(call: number): Promise<void>;
}

/**
 * How a call's outcome crosses: comlink alone would lose an error's code. `events` says how many events had been told by
 * then; they travel on another port, and a caller that has the answer must have heard them.
 */
export type Reply<T> = { readonly events: number } & (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError }
);

/** The worker's face as it is on the wire. */
export type MachineWorkerWire = {
  [Name in keyof MachineWorker]: (
    ...parameters: Parameters<MachineWorker[Name]>
  ) => Promise<Reply<Awaited<ReturnType<MachineWorker[Name]>>>>;
};
