import { type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, CodedError, type Disposable } from "../base/index.ts";
import { type Machine, packTar, type TarEntry } from "../machine/index.ts";
import { guestName } from "./guest-names.ts";
import { homeOf } from "./home-of.ts";

/** Bytes that are copied at a time. */
export const INTAKE_LIMIT = 64 * 1024 * 1024;
/** Files and folders that are copied at a time. */
export const INTAKE_COUNT = 2000;

/** A file or folder of the learner's; `path` is relative to what was given, with `/`. */
export interface GivenFile {
  readonly path: string;
  /** A folder has none. */
  readonly content: Blob | undefined;
}

export type RefusalReason = "too-large" | "too-many" | "nothing" | "no-machine" | "unreadable";

/** The way of a learner's files into the machine as the page shows it. */
export type IntakeState =
  | { readonly kind: "none" }
  /** Bytes. */
  | { readonly kind: "copying"; readonly done: number; readonly total: number }
  /** `names` are those at the top; `leftOut` had names that no file of the guest may have. */
  | { readonly kind: "copied"; readonly names: readonly string[]; readonly leftOut: number }
  | { readonly kind: "refused"; readonly reason: RefusalReason }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** Progress is told so finely. */
const PIECE = 64 * 1024;
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

async function* read(blob: Blob, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (let at = 0; at < value.length; at += PIECE) {
        const piece = value.subarray(at, at + PIECE);
        yield piece;
        onBytes(piece.length);
      }
    }
  } catch (error) {
    // It was changed or deleted since it was chosen.
    throw new CodedError("asset-missing", "a file could not be read", { cause: error });
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Copies a learner's files into the home of a terminal's user, one lot at a time. */
export class FileIntake implements Disposable {
  readonly #state = signal<IntakeState>({ kind: "none" });
  #stop: AbortController | undefined;

  get state(): ReadonlySignal<IntakeState> {
    return this.#state;
  }

  /** Never rejects: what goes wrong is in {@link state}. Files of the same names are replaced. */
  async take(given: readonly GivenFile[], user: string, machine: Machine | undefined): Promise<void> {
    if (this.#stop !== undefined) return;
    const total = given.reduce((sum, { content }) => sum + (content?.size ?? 0), 0);
    const entries = new Map<string, Blob | undefined>();
    for (const { path, content } of given) {
      const name = guestName(path);
      if (name !== undefined) entries.set(name, content);
    }
    const reason = refusal(given.length, entries.size, total, machine);
    if (reason !== undefined || machine === undefined) {
      this.#state.value = { kind: "refused", reason: reason ?? "no-machine" };
      return;
    }
    const stop = new AbortController();
    this.#stop = stop;
    let done = 0;
    this.#state.value = { kind: "copying", done, total };
    const members = function* (onBytes: (count: number) => void): Generator<TarEntry> {
      const mtime = Date.now() / 1000;
      for (const [name, content] of entries) {
        if (content === undefined) yield { kind: "folder", name, mode: FOLDER_MODE, mtime };
        else {
          const { size } = content;
          yield { kind: "file", name, mode: FILE_MODE, mtime, size, content: read(content, onBytes) };
        }
      }
    };
    try {
      const archive = packTar(
        members((count) => {
          done += count;
          if (!stop.signal.aborted) this.#state.value = { kind: "copying", done, total };
        }),
      );
      const home = await homeOf(machine, user, stop.signal);
      await machine.unpackFolder(home, archive, { user: user, signal: stop.signal });
      const names = [...new Set([...entries.keys()].map((name) => name.replace(/\/.*/, "")))];
      this.#end(stop, { kind: "copied", names, leftOut: given.length - entries.size });
    } catch (thrown) {
      this.#end(stop, failure(stop, asCodedError(thrown)));
    }
  }

  #end(stop: AbortController, state: IntakeState): void {
    if (this.#stop !== stop) return;
    this.#stop = undefined;
    this.#state.value = state;
  }

  /** What has arrived stays. */
  stop(): void {
    this.#stop?.abort();
  }

  /** What was said has been read. */
  forget(): void {
    if (this.#stop === undefined) this.#state.value = { kind: "none" };
  }

  dispose(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }
}

function refusal(
  given: number,
  usable: number,
  bytes: number,
  machine: Machine | undefined,
): RefusalReason | undefined {
  if (given > INTAKE_COUNT) return "too-many";
  if (bytes > INTAKE_LIMIT) return "too-large";
  if (usable === 0) return "nothing";
  return machine?.phase === "running" ? undefined : "no-machine";
}

function failure(stop: AbortController, error: CodedError): IntakeState {
  if (stop.signal.aborted) return { kind: "stopped" };
  return error.code === "asset-missing"
    ? { kind: "refused", reason: "unreadable" }
    : { kind: "failed", error };
}
