import { CodedError, concatBytes } from "../base/index.ts";
import type { CallWorker } from "./call.ts";
import { runExec } from "./exec.ts";
import type { ExecOptions, PackFolderOptions, UnpackFolderOptions } from "./types.ts";

const PACK_LIMIT = 64 * 1024 * 1024;
/** Of tar's complaints, of which there may be one for every file. */
const WORDS_LIMIT = 2000;
const MAKE_AND_UNPACK = 'mkdir -p "$1" && exec tar -x -o -f - -C "$1"';

/** What tar said, as far as it is worth repeating. */
class Words {
  #bytes = new Uint8Array();

  add(bytes: Uint8Array): void {
    if (this.#bytes.length < WORDS_LIMIT)
      this.#bytes = concatBytes([this.#bytes, bytes.subarray(0, WORDS_LIMIT - this.#bytes.length)]);
  }

  toString(): string {
    return new TextDecoder()
      .decode(this.#bytes)
      .trim()
      .replaceAll(/\s*\n\s*/g, "; ");
  }
}

function checkPath(path: string): void {
  if (!path.startsWith("/") || path.includes("\0"))
    throw new CodedError("bad-argument", `${JSON.stringify(path)} is no absolute path`);
}

async function runTar(call: CallWorker, path: string, words: Words, options: ExecOptions): Promise<void> {
  const { status } = await runExec(call, options);
  if (status.how === "exited" && status.code === 0) return;
  const said = String(words);
  const how = status.how === "exited" ? `exit code ${status.code}` : "a signal";
  throw new CodedError("file-failed", `${path}: ${said === "" ? `tar ended with ${how}` : said}`);
}

/** See `Machine.packFolder`. */
export async function packFolder(
  call: CallWorker,
  path: string,
  { user = "root", limit = PACK_LIMIT, onOutput, signal }: PackFolderOptions,
): Promise<Uint8Array> {
  checkPath(path);
  const words = new Words();
  const kept: Uint8Array[] = [];
  let size = 0;
  await runTar(call, path, words, {
    user,
    argv: ["tar", "-c", "-f", "-", "-C", path, "."],
    onOutput(stream, bytes) {
      if (stream === "stderr") return words.add(bytes);
      size += bytes.length;
      if (size > limit)
        throw new CodedError("output-limit", `${path} makes an archive of more than ${limit} bytes`);
      if (onOutput !== undefined) return onOutput(bytes);
      kept.push(bytes);
      return undefined;
    },
    ...(signal === undefined ? {} : { signal }),
  });
  return concatBytes(kept);
}

/** See `Machine.unpackFolder`. */
export async function unpackFolder(
  call: CallWorker,
  path: string,
  archive: Uint8Array | AsyncIterable<Uint8Array>,
  { user = "root", signal }: UnpackFolderOptions,
): Promise<void> {
  checkPath(path);
  const words = new Words();
  await runTar(call, path, words, {
    user,
    argv: ["sh", "-c", MAKE_AND_UNPACK, "sh", path],
    stdin: archive,
    onOutput: (_stream, bytes) => words.add(bytes),
    ...(signal === undefined ? {} : { signal }),
  });
}
