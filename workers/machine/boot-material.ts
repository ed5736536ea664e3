import { throwIfAborted } from "../../src/base/index.ts";
import type { BootSpec, ReleaseProfile } from "../../src/protocol/machine.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import { GuestClock } from "./guest-clock.ts";
import { unpackSaved } from "./saved-file.ts";
import { decodeSnapshot, type Snapshot } from "./snapshot.ts";
import { type FileSource, readVerified } from "./store.ts";

const MIB = 1024 * 1024;

interface Fetching {
  readonly source: FileSource;
  readonly signal: AbortSignal;
  /** Called with the size of each part that has come. */
  readonly onBytes: (count: number) => void;
  /** Called when everything has come. */
  readonly onHere?: () => void;
}

interface LoadedSnapshot {
  readonly snapshot: Snapshot;
  /** All of it, decoded. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Nothing had to be fetched and decoded. */
  readonly wasAtHand: boolean;
}

/** Kernel and firmware, decoded, and what they are told. @throws CodedError `asset-*`, `network` */
export async function loadFirmware(
  { manifest }: ReleaseProfile,
  { memory, mac }: Pick<BootSpec, "memory" | "mac">,
  wasm: Promise<WebAssembly.Module>,
  { source, signal, onBytes }: Fetching,
): Promise<NonNullable<EmulatorOptions["boot"]>> {
  const [[kernel, firmware], module] = await settleBoth(
    settleBoth(
      readVerified(source, manifest.kernel, { onBytes, signal }),
      readVerified(source, manifest.firmware, { onBytes, signal }),
    ),
    wasm,
  );
  // The decoder is part of the emulator, and the emulator wants the decoded kernel: a small one decodes it first.
  const decoder = await Emulator.create({ wasm: module, clock: new GuestClock(), memoryBytes: MIB, mac });
  try {
    return {
      kernel: decoder.decompress(kernel, manifest.kernel.size),
      firmware: decoder.decompress(firmware, manifest.firmware.size),
      commandLine: `${manifest.commandLine} ${firmwareMemory(memory)}`,
    };
  } finally {
    decoder.dispose();
  }
}

/**
 * The profile's snapshot, as it is at hand or from the store, while the emulator is being made that decodes it.
 * @throws CodedError `asset-*`, `network`, `snapshot-invalid`
 */
export async function loadSnapshot(
  { snapshot: ref }: ReleaseProfile,
  atHand: Promise<Uint8Array<ArrayBuffer> | undefined>,
  making: Promise<Emulator>,
  { source, signal, onBytes, onHere }: Fetching,
): Promise<LoadedSnapshot> {
  const read = async (): Promise<Pick<LoadedSnapshot, "bytes" | "wasAtHand">> => {
    const bytes = await atHand;
    if (bytes !== undefined) return { bytes, wasAtHand: true };
    return { bytes: await readVerified(source, ref, { onBytes, signal }), wasAtHand: false };
  };
  const [{ bytes: found, wasAtHand }, emulator] = await settleBoth(read(), making);
  throwIfAborted(signal);
  onHere?.();
  const bytes = wasAtHand ? found : emulator.decompress(found, ref.size);
  return { snapshot: decodeSnapshot(bytes), bytes, wasAtHand };
}

/**
 * @param most Bytes that it may have when it is unpacked.
 * @throws CodedError `snapshot-invalid`, `snapshot-mismatch`
 */
export async function readSaved(saved: Blob, most?: number): Promise<Snapshot> {
  return decodeSnapshot(await unpackSaved(saved, most));
}

/**
 * SeaBIOS marks the last 16 MiB as its own and uses less than one of them, for tables; the kernel may have the rest
 * (`memmap=` in the kernel's Documentation/admin-guide/kernel-parameters.txt: size % start, from reserved to RAM).
 */
function firmwareMemory(memoryMib: number): string {
  return `memmap=15M%${memoryMib - 16}M-2+1`;
}

/** Both results, or the first error once both have settled: nothing goes on unwatched. */
export async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}
