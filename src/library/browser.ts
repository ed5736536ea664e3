/** The library in a browser: `import { createMachine } from "vivarium"`. */
import { CodedError, throwIfAborted } from "../base/index.ts";
import {
  createLab as createInWorkers,
  createMachine as createInWorker,
  type Lab,
  type LabOptions,
  type Machine,
  type MachineOptions,
  ownBrowserWorker,
  profileOf,
  startsFrom,
  USUAL_PROFILE,
} from "../machine/index.ts";
import { BORROWER } from "../protocol/worker-name.ts";
import { fetchRelease } from "./fetch-release.ts";
import type { CommonOptions } from "./options.ts";

export * from "./public.ts";

export interface CreateMachineOptions extends CommonOptions {
  /**
   * The folder that `vivarium assets` filled: `release.json` and `store/`. It may be on another origin that allows it
   * (CORS). Beside the library's own file if not given, which is right wherever that file is served as it is.
   */
  readonly assets?: string | URL;
  /**
   * Starts `vivarium/machine-worker` as a module worker, which belongs to the machine from then on. For pages under
   * Trusted Types, and for bundlers that do not follow `new Worker(new URL(…, import.meta.url))`.
   */
  readonly createWorker?: (name?: string) => Worker;
}

export interface CreateLabOptions
  extends
    Pick<CreateMachineOptions, "profile" | "assets" | "createWorker" | "from" | "memory" | "signal">,
    Pick<LabOptions, "machines" | "budgetBytes" | "switch" | "onEvent"> {}

/** The folder of this very file. Not `new URL(".", …)`: bundlers would look for a file of that name. */
const HERE = import.meta.url.slice(0, import.meta.url.lastIndexOf("/") + 1);

function startWorker(name = ""): Worker {
  if (typeof Worker !== "function") throw new CodedError("unsupported", "there are no workers here");
  return new Worker(new URL(/* @vite-ignore */ "./machine-worker.js", import.meta.url), {
    type: "module",
    name,
  });
}

function folder(assets: string | URL): URL {
  const { href } = new URL(assets, globalThis.document?.baseURI ?? HERE);
  return new URL(href.endsWith("/") ? href : `${href}/`);
}

/** What a machine is made from, out of the release in a folder. */
async function profileToStart(
  base: URL,
  name: string,
  options: Pick<MachineOptions, "from" | "memory" | "signal">,
): Promise<Required<Pick<MachineOptions, "profile" | "from" | "store">>> {
  const profile = profileOf(await fetchRelease(base, options.signal), name);
  return {
    profile,
    from: startsFrom(profile.snapshot.memory, options),
    store: new URL("store/", base).href,
  };
}

/**
 * Starts a real Linux machine in a worker of its own; the promise settles when it answers. Whoever made it disposes it.
 * @throws CodedError `unsupported`, `network`, `asset-*`, `manifest-invalid`, `profile-unknown`, `snapshot-*`,
 *   `boot-failed`, `guest-panicked`, `machine-gone`, `aborted`; nothing is left behind then
 */
export async function createMachine(options: CreateMachineOptions = {}): Promise<Machine> {
  const { profile: name = USUAL_PROFILE, assets = HERE, createWorker = startWorker, ...rest } = options;
  throwIfAborted(rest.signal);
  const base = folder(assets);
  // The emulator is compiled while the release is on its way.
  const worker = ownBrowserWorker(createWorker());
  try {
    return await createInWorker({ ...rest, ...(await profileToStart(base, name, rest)) }, () => worker);
  } catch (error) {
    worker.dispose();
    throw error;
  }
}

/**
 * Starts machines that are joined by a switch, each in a worker of its own. Whoever made the lab disposes it.
 * @throws CodedError as `createMachine`, and `out-of-memory` when the device cannot hold the lab
 */
export async function createLab(options: CreateLabOptions): Promise<Lab> {
  const { profile: name = USUAL_PROFILE, assets = HERE, createWorker = startWorker, ...rest } = options;
  throwIfAborted(rest.signal);
  const base = folder(assets);
  return createInWorkers({
    ...rest,
    ...(await profileToStart(base, name, rest)),
    startWorker: (borrows) => ownBrowserWorker(createWorker(borrows ? BORROWER : "")),
  });
}
