import { type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, CodedError, type Disposable } from "../../base/index.ts";
import type { Machine } from "../../machine/index.ts";
import { guestName } from "../guest-names.ts";
import { homeOf } from "../home-of.ts";

/** Bytes of a file, or of a folder's archive. */
export const EXPORT_LIMIT = 64 * 1024 * 1024;
/** PATH_MAX of Linux (`linux/limits.h`). */
const MOST_PATH = 4096;
/** inode(7) */
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;

/** The way of a guest's file to the learner as the page shows it. */
export type ExportState =
  | { readonly kind: "none" }
  | { readonly kind: "fetching"; readonly path: string }
  /** Bytes. */
  | { readonly kind: "saved"; readonly name: string; readonly size: number }
  | { readonly kind: "refused"; readonly reason: "no-path" | "no-machine" | "no-file" | "too-large" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** Where a file comes from. */
export interface ExportFrom {
  readonly machine: Machine | undefined;
  /** A path that is not absolute is one in this user's home. */
  readonly user: string;
}

/** What hands it to the learner. */
export type Deliver = (content: Blob, name: string) => void;

/** @throws CodedError `file-failed` */
async function absolute(path: string, { machine, user }: ExportFrom & { machine: Machine }): Promise<string> {
  if (path.startsWith("/")) return path;
  const inHome = path.replace(/^~(?=\/|$)/, "").replace(/^\/+/, "");
  return `${await homeOf(machine, user)}/${inHome}`;
}

/** What it is called outside: its name in the guest, without what a screen would obey. */
function nameOf(path: string): string {
  const last = path.replace(/\/+$/, "").replace(/^.*\//s, "");
  return guestName(last) ?? "machine";
}

/** Copies one file or folder at a time out of a machine; a folder comes as a tar archive. */
export class FileExport implements Disposable {
  readonly #deliver: Deliver;
  readonly #state = signal<ExportState>({ kind: "none" });
  #stop: AbortController | undefined;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  get state(): ReadonlySignal<ExportState> {
    return this.#state;
  }

  /** Reads as root. Never rejects: what goes wrong is in {@link state}. @param path May begin with `~`. */
  async take(path: string, from: ExportFrom): Promise<void> {
    if (this.#stop !== undefined) return;
    const wanted = path.trim();
    const { machine } = from;
    if (wanted === "" || wanted.includes("\0") || wanted.length > MOST_PATH) return this.#refuse("no-path");
    if (machine?.phase !== "running") return this.#refuse("no-machine");
    const stop = new AbortController();
    this.#stop = stop;
    this.#state.value = { kind: "fetching", path: wanted };
    try {
      const full = await absolute(wanted, { ...from, machine });
      this.#end(stop, await this.#read(machine, full, stop.signal));
    } catch (thrown) {
      const error = asCodedError(thrown);
      if (stop.signal.aborted) this.#end(stop, { kind: "stopped" });
      else if (error.code === "output-limit") this.#end(stop, { kind: "refused", reason: "too-large" });
      else this.#end(stop, { kind: "failed", error });
    }
    return undefined;
  }

  async #read(machine: Machine, path: string, stopped: AbortSignal): Promise<ExportState> {
    const { mode, size } = await machine.statFile(path);
    const type = mode & S_IFMT;
    const isFolder = type === S_IFDIR;
    if (!isFolder && type !== S_IFREG) return { kind: "refused", reason: "no-file" };
    // Files of the kernel's have no size and a content all the same.
    if (!isFolder && size > EXPORT_LIMIT) return { kind: "refused", reason: "too-large" };
    const options = { limit: EXPORT_LIMIT, signal: stopped };
    const bytes = isFolder ? await machine.packFolder(path, options) : await machine.readFile(path, options);
    if (stopped.aborted) return { kind: "stopped" };
    const name = isFolder ? `${nameOf(path)}.tar` : nameOf(path);
    this.#deliver(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" }), name);
    return { kind: "saved", name, size: bytes.length };
  }

  #refuse(reason: Extract<ExportState, { kind: "refused" }>["reason"]): void {
    this.#state.value = { kind: "refused", reason };
  }

  #end(stop: AbortController, state: ExportState): void {
    if (this.#stop !== stop) return;
    this.#stop = undefined;
    this.#state.value = state;
  }

  stop(): void {
    this.#stop?.abort(new CodedError("aborted", "the copy was called off"));
  }

  dispose(): void {
    this.stop();
    this.#stop = undefined;
  }
}
