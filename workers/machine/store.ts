import { asCodedError, CodedError, throwIfAborted } from "../../src/base/index.ts";
import type { BlobRef } from "../../src/protocol/machine.ts";
import { sha256 } from "./hash.ts";

/** Called with the bytes that came since the last call. */
export type OnBytes = (count: number) => void;

export interface ReadOptions {
  readonly onBytes?: OnBytes | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Past the browser's cache: it keeps what it was once given, damage included. */
  readonly fresh?: boolean;
  /** `low`: nobody waits for it yet. */
  readonly priority?: RequestPriority;
}

/**
 * Where the content-addressed files come from: a static host, or a directory.
 * Files are stored compressed under the hash of their content.
 */
export interface FileSource {
  /**
   * All bytes of a file as stored; `length` is what they should number.
   * @throws CodedError `asset-missing`, `network`, `asset-truncated`, `aborted`
   */
  read(name: string, length: number, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
}

/** Fetches as `fetch` does. */
export type FetchFile = (url: URL, init: RequestInit) => Promise<Response>;

/** Files of a static host; `base` ends in `/`. */
export function fetchSource(
  base: string,
  fetchFile: FetchFile = (url, init) => fetch(url, init),
): FileSource {
  return {
    async read(name, length, { onBytes, signal, fresh = false, priority = "auto" } = {}) {
      const url = new URL(name, base);
      let response: Response;
      try {
        response = await fetchFile(url, {
          credentials: "omit",
          cache: fresh ? "reload" : "default",
          priority,
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        throwIfAborted(signal);
        throw new CodedError("network", `${url.pathname} could not be fetched`, { cause: error });
      }
      if (!response.ok || response.body === null) {
        throw new CodedError(
          "asset-missing",
          `${url.pathname} is not on the server (status ${response.status})`,
        );
      }
      return readBody(response.body, url.pathname, length, onBytes, signal);
    },
  };
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  path: string,
  length: number,
  onBytes: OnBytes | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const reader = body.getReader();
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > length) {
        throw new CodedError("asset-corrupt", `${path} is longer than the ${length} bytes it should have`);
      }
      bytes.set(value, at);
      at += value.length;
      onBytes?.(value.length);
    }
  } catch (error) {
    reader.cancel().catch(() => undefined);
    throwIfAborted(signal);
    // A connection that breaks off in the middle ends here.
    throw error instanceof CodedError
      ? error
      : new CodedError("asset-truncated", `${path} broke off after ${at} of ${length} bytes`, {
          cause: error,
        });
  }
  if (at < length) throw new CodedError("asset-truncated", `${path} ended after ${at} of ${length} bytes`);
  return bytes;
}

async function readOnce(
  source: FileSource,
  ref: BlobRef,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await source.read(ref.sha256, ref.stored, options);
  if ((await sha256(stored)) !== ref.storedSha256) {
    throw new CodedError("asset-corrupt", `${ref.sha256} has arrived damaged: its hash differs`);
  }
  return stored;
}

/** Reads a file whose reference is known and checks what arrived; what is damaged is asked for once more, afresh. */
export async function readVerified(
  source: FileSource,
  ref: BlobRef,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readOnce(source, ref, options);
  } catch (error) {
    const { code } = asCodedError(error);
    if (code !== "asset-corrupt" && code !== "asset-truncated") throw error;
    return await readOnce(source, ref, { signal: options.signal, fresh: true });
  }
}
