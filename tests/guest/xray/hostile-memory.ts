import { Introspector, type KernelLayout, type LookOptions } from "../../../src/introspect/index.ts";
import type { Observation } from "../../../src/isolation/index.ts";
import { seeded } from "../../support/random.ts";

const PAGE = 4096;
const PAGE_OFFSET = 0xc000_0000;

const EMULATOR: LookOptions["emulator"] = {
  instructionsPerSecond: undefined,
  halted: undefined,
  chunksInFlight: 0,
  frames: { sent: 0, received: 0, waiting: 0 },
};

export function look(introspector: Introspector, ram: Uint8Array, slow = true): Observation {
  return introspector.look({ ram, time: 0, midKernel: false, slow, emulator: EMULATOR });
}

/** Calls `onRead` with the offset of each word of `ram` that `work` reads. */
function watchReads(ram: Uint8Array, onRead: (offset: number) => void, work: () => void): void {
  const kept = Object.getOwnPropertyDescriptor(DataView.prototype, "getUint32");
  if (kept === undefined) throw new Error("a DataView reads no words");
  const spied = new Proxy(kept.value as (offset: number, little?: boolean) => number, {
    apply(read, view: DataView, parameters: [number, boolean]) {
      if (view.buffer === ram.buffer) onRead(parameters[0]);
      return Reflect.apply(read, view, parameters);
    },
  });
  const prototype: object = DataView.prototype;
  Object.defineProperty(prototype, "getUint32", { ...kept, value: spied });
  try {
    work();
  } finally {
    Object.defineProperty(prototype, "getUint32", kept);
  }
}

export interface HostileReport {
  readonly rounds: number;
  /** Milliseconds that the longest look took, and words that the one read that read most. */
  readonly longest: number;
  readonly mostWords: number;
  /** Rounds in which the look said that something is missing. */
  readonly noticed: number;
}

/**
 * Damages a guest's memory again and again where the X-ray looks: bits that flip, pointers that lead elsewhere, to
 * themselves or to each other, pages that are gone, memory that ends too soon.
 *
 * @throws whatever a look throws, with the round's number
 */
export function damage(layout: KernelLayout, ram: Uint8Array, seed: number, rounds: number): HostileReport {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  // Damage elsewhere would go unnoticed.
  const places = new Set<number>();
  watchReads(
    ram,
    (offset) => places.add(offset),
    () => look(new Introspector(layout), ram),
  );
  const touched = [...places];
  const view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
  const place = (): number => touched[below(touched.length)] ?? 0;
  const pointer = (): number => PAGE_OFFSET + place();

  const word = (): number => {
    const at = place();
    const kind = below(7);
    if (kind === 0) return view.getUint32(at, true) ^ (1 << below(32));
    if (kind === 1) return pointer();
    // A list that leads back to where it came from.
    if (kind === 2) return PAGE_OFFSET + at;
    if (kind === 3) return 0;
    if (kind === 4) return 0xffff_ffff;
    if (kind === 5) return PAGE_OFFSET + below(ram.length);
    return view.getUint32(place(), true);
  };

  let [longest, mostWords, noticed] = [0, 0, 0];
  const introspector = new Introspector(layout);
  for (let round = 0; round < rounds; round++) {
    const undo: (() => void)[] = [];
    for (let i = 1 + below(40); i > 0; i--) {
      const at = place();
      const before = view.getUint32(at, true);
      undo.push(() => view.setUint32(at, before, true));
      view.setUint32(at, word() >>> 0, true);
    }
    if (below(4) === 0) {
      const at = Math.floor(place() / PAGE) * PAGE;
      const before = ram.slice(at, at + PAGE);
      undo.push(() => ram.set(before, at));
      ram.fill(below(2) * 0xff, at, at + PAGE);
    }
    const seen = below(50) === 0 ? ram.subarray(0, below(ram.length)) : ram;
    const since = performance.now();
    let words = 0;
    const slow = below(2) === 0;
    try {
      watchReads(
        ram,
        () => words++,
        () => {
          if (look(introspector, seen, slow).missing.length > 0) noticed++;
        },
      );
    } catch (error) {
      throw new Error(`round ${round} of seed ${seed} threw`, { cause: error });
    }
    longest = Math.max(longest, performance.now() - since);
    mostWords = Math.max(mostWords, words);
    for (const restore of undo.toReversed()) restore();
  }
  return { rounds, longest, mostWords, noticed };
}
