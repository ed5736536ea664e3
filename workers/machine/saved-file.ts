/**
 * A saved machine as a file: a snapshot through gzip (RFC 1952), whose checksum tells a damaged file. What is in it is
 * hostile until it has been read by `decodeSnapshot`.
 */
import { CodedError, concatBytes } from "../../src/base/index.ts";
import { through } from "./streams.ts";

const GZIP_MAGIC = [0x1f, 0x8b];
/** More than any machine has: 2 GiB of memory cannot be saved at once anyway. */
const MOST_BYTES = 1024 * 1024 * 1024;

export async function packSaved(snapshot: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return through(snapshot, new CompressionStream("gzip"));
}

/**
 * Bytes of a file, or of a snapshot as it is.
 * @param most Bytes that the content may have: a small file can unpack to a very large one.
 * @throws CodedError `snapshot-invalid`
 */
export async function unpackSaved(saved: Blob, most = MOST_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): CodedError => new CodedError("snapshot-invalid", "the saved machine is too large");
  const start = new Uint8Array(await saved.slice(0, GZIP_MAGIC.length).arrayBuffer());
  if (GZIP_MAGIC.some((byte, index) => start[index] !== byte)) {
    if (saved.size > most) throw tooLarge();
    return new Uint8Array(await saved.arrayBuffer());
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = saved.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new CodedError("snapshot-invalid", "the file of the saved machine is damaged", { cause: error });
    });
    if (done) return concatBytes(pieces);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw tooLarge();
    }
    pieces.push(value);
  }
}
