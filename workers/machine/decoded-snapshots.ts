import { toHex } from "../../src/base/index.ts";
import type { BlobRef } from "../../src/protocol/machine.ts";
import { decodedCache } from "../../src/protocol/offline.ts";

/** A machine that has just started has better things to do. */
const KEEP_AFTER_MS = 5000;
/** The one of this visit, and the one of the last if that was another. */
const MOST = 2;

/** Snapshots that this browser keeps as they are when decoded: to read one is quicker than to decode it. */
export interface DecodedSnapshots {
  /** Undefined if it is not kept, or has been damaged. */
  read(ref: BlobRef): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Some time later; where there is no room or no such storage, not at all. */
  keep(ref: BlobRef, bytes: Uint8Array<ArrayBuffer>): void;
}

/** Begins to read the one of this address, which is that of the store and ends with the hash of its content. */
export function decodedAt(address: string): DecodedSnapshots & { readonly isKept: Promise<boolean> } {
  const name = address.slice(address.lastIndexOf("/") + 1);
  // On plain http there is no such storage, and a sandboxed frame is refused its very name.
  const open = async (): Promise<Cache> => caches.open(decodedCache(new URL("..", address).pathname));
  const find = async (): Promise<Response | undefined> => (await open()).match(address);
  const found = find().catch(() => undefined);

  const readWhole = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const buffer = await (await found)?.arrayBuffer();
    if (buffer === undefined) return undefined;
    const hash = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", buffer)));
    return hash === name ? new Uint8Array(buffer) : undefined;
  };
  let whole: ReturnType<typeof readWhole> | undefined = readWhole().catch(() => undefined);

  const put = async (content: Uint8Array<ArrayBuffer>): Promise<void> => {
    const cache = await open();
    const kept = await cache.keys();
    await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST + 1)).map((one) => cache.delete(one)));
    await cache.put(address, new Response(content, { headers: { "Content-Length": `${content.length}` } }));
  };

  return {
    isKept: found.then((response) => response !== undefined),
    async read({ sha256 }) {
      const given = sha256 === name ? whole : undefined;
      // Once is enough, and the memory is wanted elsewhere.
      whole = undefined;
      return given;
    },
    keep({ sha256 }, content) {
      if (sha256 === name) setTimeout(() => put(content).catch(() => undefined), KEEP_AFTER_MS);
    },
  };
}
