/** The library in Node: `import { createMachine } from "vivarium"`. */
import { fileURLToPath } from "node:url";
import { CodedError } from "../base/index.ts";
import { type NodeLabOptions, startLab, startMachine } from "../cli/index.ts";
import type { Lab, Machine } from "../machine/index.ts";
import type { CommonOptions } from "./options.ts";

export * from "./public.ts";

export interface CreateMachineOptions extends CommonOptions {
  /** The folder that `vivarium assets` filled, as a path or a `file:` URL; the package's own if not given. */
  readonly assets?: string | URL;
}

function pathOf(assets: string | URL): string {
  const text = String(assets);
  if (text.startsWith("file:")) return fileURLToPath(text);
  if (!/^[a-z]{2,}:/i.test(text)) return text;
  throw new CodedError("bad-argument", `in Node the assets lie in a folder of this computer, not at ${text}`);
}

/**
 * Starts a real Linux machine in a thread of this process; the promise settles when it answers. Whoever made it disposes
 * it: until then it keeps the process alive.
 * @throws CodedError `asset-*`, `manifest-invalid`, `profile-unknown`, `snapshot-*`, `boot-failed`, `guest-panicked`,
 *   `machine-gone`, `aborted`, `bad-argument`; nothing is left behind then
 */
export async function createMachine(options: CreateMachineOptions = {}): Promise<Machine> {
  const { assets, ...rest } = options;
  return startMachine({ ...rest, ...(assets === undefined ? {} : { assets: pathOf(assets) }) });
}

export interface CreateLabOptions extends Omit<NodeLabOptions, "assets" | "onProgress"> {
  /** The folder that `vivarium assets` filled, as a path or a `file:` URL; the package's own if not given. */
  readonly assets?: string | URL;
}

/**
 * Starts machines that are joined by a switch, each in a thread of this process. Whoever made the lab disposes it.
 * @throws CodedError as `createMachine`, and `out-of-memory` when the lab takes more than it may
 */
export async function createLab(options: CreateLabOptions): Promise<Lab> {
  const { assets, ...rest } = options;
  return startLab({ ...rest, ...(assets === undefined ? {} : { assets: pathOf(assets) }) });
}
