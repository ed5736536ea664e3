import type { Disposable, Event } from "../base/index.ts";
import type { MachineFault } from "./fault.ts";
import type { Observation } from "../isolation/index.ts";
import type { ExitStatus, FileStat } from "../protocol/agent.ts";
import type {
  ChunkRef,
  HistorySpec,
  Loan,
  MachineEvent,
  MachinePhase,
  MachineStats,
  PastMoment,
  ReleaseProfile,
} from "../protocol/machine.ts";

/** How a machine is made. */
export interface MachineOptions {
  readonly profile: ReleaseProfile;
  /** Where the store's files lie: a URL that ends in `/`, or a directory in Node. */
  readonly store: string;
  /** `snapshot` (the default) is there in a fraction of a second, `firmware` boots cold. */
  readonly from?: "firmware" | "snapshot";
  /** A machine that was saved, by `snapshot` or `exportSaved`: it goes on from there, whatever `from` says. */
  readonly saved?: Blob | Uint8Array;
  /** MiB, when booting from firmware; the profile's default if not given. */
  readonly memory?: number;
  /** The guest's host name; the image's own if not given. */
  readonly hostName?: string;
  /** The network card's address, six bytes; a random one if not given. The card is plugged into nothing. */
  readonly mac?: Uint8Array;
  /** What another machine of the same profile has lent: then nothing is fetched, compiled or decoded again. */
  readonly borrowed?: Loan;
  /** Whether {@link Machine.lend} will be asked. */
  readonly lends?: boolean;
  /** A user of the guest whose terminal is opened beside the start: the first one that is asked for is there at once. */
  readonly firstUser?: string;
  /** Told from the first moment of the start on; the same events as {@link Machine.onEvent}. */
  readonly onEvent?: (event: MachineNotice) => void;
  /** Makes the start fail and ends the worker. */
  readonly signal?: AbortSignal;
}

/** What a machine tells about itself. */
export type MachineNotice = MachineEvent;

/** Of a terminal whose screen is not known yet: the one that waits in a snapshot has it too. */
export const FIRST_SIZE = { cols: 80, rows: 24 };

export interface TerminalOptions {
  /** A user of the guest: `root` or `learner`. */
  readonly user: string;
  readonly cols: number;
  readonly rows: number;
  /** The user's home if not given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The user's login shell if not given. */
  readonly argv?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * A terminal of a machine. Output is held back once {@link TERMINAL_WINDOW} bytes are on their way:
 * call `shown` with the number of bytes that the screen has taken.
 */
export interface Terminal {
  /** `replay: true` means: clear the screen first; the machine went back in time. */
  readonly onOutput: Event<{ readonly bytes: Uint8Array; readonly replay: boolean }>;
  /** The last bytes that it printed, up to 1 KiB; after the machine went back in time, those of then. */
  readonly latest: Uint8Array;
  /** Settles when the shell ends; rejects with `terminal-gone` when the terminal is lost with its agent or machine. */
  readonly exited: Promise<ExitStatus>;
  write(bytes: Uint8Array | string): void;
  resize(cols: number, rows: number): void;
  shown(bytes: number): void;
  /** Hangs up. */
  dispose(): void;
}

export interface ExecOptions {
  /** `root` if not given. */
  readonly user?: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Given whole; end of file follows. */
  readonly stdin?: Uint8Array | string | AsyncIterable<Uint8Array>;
  /** Milliseconds; the process group is killed then and `status.how` is `timed-out`. */
  readonly timeoutMs?: number;
  /** Most bytes kept of stdout and stderr together; 8 MiB if not given. */
  readonly outputLimit?: number;
  /** Streams the output instead of keeping it. A returned promise holds the guest back until it settles. */
  readonly onOutput?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;
  /** Kills the process group. */
  readonly signal?: AbortSignal;
}

export interface ExecOutcome {
  readonly status: ExitStatus;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface ReadFileOptions {
  /** Most bytes; 64 MiB if not given. More fails with `output-limit`. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface WriteFileOptions {
  /** Permission bits of a file that is made; 0o644 if not given. One that is there keeps its own. */
  readonly mode?: number;
  /** Whose a file is that is made: `root` if not given, or `learner`. */
  readonly user?: string;
  readonly signal?: AbortSignal;
}

export interface PackFolderOptions {
  /** Who reads: `root` if not given. */
  readonly user?: string;
  /** Most bytes of the archive; 64 MiB if not given. More fails with `output-limit`. */
  readonly limit?: number;
  /** Streams the archive instead of keeping it. A returned promise holds the guest back until it settles. */
  readonly onOutput?: (bytes: Uint8Array) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface UnpackFolderOptions {
  /** Who writes, and whose all of it is then: `root` if not given. Owners in the archive do not count. */
  readonly user?: string;
  readonly signal?: AbortSignal;
}

export interface WatchOptions {
  /** Looks a second while the guest works, 10 if not given and 30 at most; fewer where a look takes long. */
  readonly hz?: number;
}

/** A state of a machine that is kept in its worker. A {@link PastMoment} is one, too. */
export interface Checkpoint {
  readonly id: number;
}

/**
 * A real Linux machine in a worker of its own. Every call rejects with a `CodedError`: `machine-gone` when the worker
 * died, `machine-disposed` after `dispose`, `guest-panicked` when there is no one left to answer, `agent-gone` when the
 * guest's agent is not there, `guest-silent` when the guest has hung, `aborted` and `timed-out`. Nothing hangs.
 */
export interface Machine {
  readonly phase: MachinePhase;
  /** What is wrong with the machine and what is known of it; undefined when nothing is. */
  readonly fault: MachineFault | undefined;
  readonly onEvent: Event<MachineNotice>;
  openTerminal(options: TerminalOptions): Promise<Terminal>;
  exec(options: ExecOptions): Promise<ExecOutcome>;
  /**
   * Files of the guest, by path, as root; these and `kill` need no fork in the guest and answer under any load.
   * @throws CodedError `file-failed` with the reason, `output-limit`
   */
  readFile(path: string, options?: ReadFileOptions): Promise<Uint8Array>;
  /** Makes it, or empties it first. When it fails half way, what was written stays. */
  writeFile(path: string, content: Uint8Array | string, options?: WriteFileOptions): Promise<void>;
  /** Of a symbolic link: what it leads to, or itself with `followLinks: false`. */
  statFile(path: string, options?: { readonly followLinks?: boolean }): Promise<FileStat>;
  /**
   * What is in a folder, as a tar archive whose names are relative to it: the guest's own tar reads.
   * @param path Absolute.
   * @throws CodedError `file-failed` with tar's words, also where it could not read all; `output-limit`, `bad-argument`
   */
  packFolder(path: string, options?: PackFolderOptions): Promise<Uint8Array>;
  /**
   * Unpacks a tar archive into a folder, which is made if it is not there; files of the same names are replaced. When it
   * fails or is aborted half way, what was unpacked stays.
   * @param path Absolute.
   * @throws CodedError `file-failed` with tar's words, `bad-argument`, and the one that `archive` throws
   */
  unpackFolder(
    path: string,
    archive: Uint8Array | AsyncIterable<Uint8Array>,
    options?: UnpackFolderOptions,
  ): Promise<void>;
  /** Sends a signal, as root; below 0 the number is a process group's. @throws CodedError `agent-refused` */
  kill(pid: number, signal: number): Promise<void>;
  /** Kills a cgroup with all below it, as `cgroup.kill` does. @param path Below /sys/fs/cgroup, as in /proc/PID/cgroup. */
  killCgroup(path: string): Promise<void>;
  /**
   * One look at the guest, from outside: the guest does nothing for it, so it works whatever the guest is up to, and after a
   * panic. Where its memory cannot be read, the agent tells, and `fallback` says why.
   */
  observe(signal?: AbortSignal): Promise<Observation>;
  /** Looks again and again, as long as it is not disposed. The next look waits for `onLook` of the one before. */
  watch(onLook: (observation: Observation) => void, options?: WatchOptions): Disposable;
  /** Types into the rescue terminal on the kernel's console; its output comes as `console` events. */
  writeConsole(bytes: Uint8Array | string): void;
  checkpoint(signal?: AbortSignal): Promise<Checkpoint>;
  /** Back to a checkpoint, terminals included; what happened since is lost. Also brings a panicked machine back. */
  rewind(checkpoint: Checkpoint, signal?: AbortSignal): Promise<void>;
  /** Back to the latest checkpoint, of the history where one is kept. @throws CodedError `bad-argument` without one */
  recover(signal?: AbortSignal): Promise<void>;
  forget(checkpoint: Checkpoint): void;
  /** The whole machine in bytes, not compressed. */
  snapshot(signal?: AbortSignal): Promise<Uint8Array>;
  /** The whole machine as a file that can be kept, sent, and opened with {@link MachineOptions.saved}. */
  exportSaved(signal?: AbortSignal): Promise<Blob>;
  /**
   * Puts this machine into a saved state, of itself or of another one of the same profile and memory; as `rewind`.
   * @throws CodedError `snapshot-invalid`, `snapshot-mismatch`; the machine goes on as it was then
   */
  restore(saved: Blob | Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Takes a checkpoint every so often from now on and keeps the latest, for going back to before a mishap. */
  keepHistory(history: HistorySpec): Promise<void>;
  /** The moments that are kept, the oldest first; each can be given to `rewind`. */
  history(): Promise<readonly PastMoment[]>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stats(): Promise<MachineStats>;
  /** What this machine was started from, for others to start from; once, and only with `lends`. */
  lend(): Promise<Loan>;
  /**
   * Plugs the network card in; what it was plugged into before is closed. The other end is a port of a `Switch`. The
   * guest's `eth0` stays as it is: without an address, and down, when the guest has not set it up.
   *
   * @param port The machine's own from now on.
   */
  plug(port: MessagePort): Promise<void>;
  /** The chunks of files that the guest has read since its start, or since the last call, in order of first use. */
  takeChunksUsed(): Promise<readonly ChunkRef[]>;
  /** Tries at once to fetch what the guest waits for, instead of at the end of the pause. */
  retryFiles(): void;
  /** Ends the worker and settles everything that waits. */
  dispose(): void;
}
