/**
 * Tar archives, as far as they are made here: GNU's variant of ustar, whose long names busybox understands.
 * See "Basic Tar Format" in GNU tar's manual.
 */
import { CodedError } from "../base/index.ts";

const BLOCK = 512;
const NAME_LENGTH = 100;
const MAX_SIZE = 8 ** 11 - 1;
const LONG_NAME = "L";
const LONG_TARGET = "K";

interface TarMember {
  /** Relative, with `/`; `.` is the folder that all is unpacked into. */
  readonly name: string;
  /** Permission bits. */
  readonly mode: number;
  /** Seconds since 1970; 0 if not given. */
  readonly mtime?: number;
}

/** One member of an archive. */
export type TarEntry = TarMember &
  (
    | { readonly kind: "folder" }
    | { readonly kind: "link"; readonly target: string }
    | {
        readonly kind: "file";
        /** Bytes that `content` gives, exactly. */
        readonly size: number;
        readonly content: Uint8Array | AsyncIterable<Uint8Array>;
      }
  );

const TYPE_FLAGS = { file: "0", link: "2", folder: "5" } as const;
const encoder = new TextEncoder();

function header(
  name: Uint8Array,
  type: string,
  { mode = 0o644, mtime = 0, size = 0, target = new Uint8Array() },
): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(encoder.encode(text), at);
  const octal = (at: number, digits: number, value: number): void =>
    put(at, Math.trunc(value).toString(8).padStart(digits, "0"));
  block.set(name.subarray(0, NAME_LENGTH), 0);
  octal(100, 7, mode & 0o7777);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, size);
  octal(136, 11, Math.max(0, mtime));
  put(148, " ".repeat(8));
  put(156, type);
  block.set(target.subarray(0, NAME_LENGTH), 157);
  put(257, "ustar  ");
  octal(
    148,
    6,
    block.reduce((sum, byte) => sum + byte, 0),
  );
  put(154, "\0 ");
  return block;
}

function padding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

/** A name that does not fit into a header goes before it, as a member of its own. */
function* longText(text: Uint8Array, type: string): Generator<Uint8Array> {
  if (text.length < NAME_LENGTH) return;
  const size = text.length + 1;
  yield header(encoder.encode("././@LongLink"), type, { mode: 0, size });
  yield text;
  yield new Uint8Array(1);
  yield padding(size);
}

async function* content(entry: TarEntry & { readonly kind: "file" }): AsyncGenerator<Uint8Array> {
  let had = 0;
  if (entry.content instanceof Uint8Array) {
    had = entry.content.length;
    yield entry.content;
  } else {
    for await (const piece of entry.content) {
      had += piece.length;
      yield piece;
    }
  }
  // What follows would be read as a part of it, or it as what follows.
  if (had !== entry.size)
    throw new CodedError("bad-argument", `${entry.name} has ${had} bytes, not ${entry.size} as was said`);
  yield padding(had);
}

/**
 * Makes an archive of `entries`, in their order: a folder comes before what is in it.
 * @throws CodedError `bad-argument` for a name that no file can have, or a file of another size than was said
 */
export async function* packTar(
  entries: Iterable<TarEntry> | AsyncIterable<TarEntry>,
): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    if (entry.name === "" || entry.name.includes("\0"))
      throw new CodedError("bad-argument", `${JSON.stringify(entry.name)} is no name of a file`);
    const size = entry.kind === "file" ? entry.size : 0;
    if (size > MAX_SIZE) throw new CodedError("bad-argument", `${entry.name} is too large for an archive`);
    const name = encoder.encode(entry.kind === "folder" ? `${entry.name}/` : entry.name);
    const target = encoder.encode(entry.kind === "link" ? entry.target : "");
    yield* longText(target, LONG_TARGET);
    yield* longText(name, LONG_NAME);
    yield header(name, TYPE_FLAGS[entry.kind], {
      mode: entry.mode,
      size,
      target,
      ...(entry.mtime === undefined ? {} : { mtime: entry.mtime }),
    });
    if (entry.kind === "file") yield* content(entry);
  }
  yield new Uint8Array(2 * BLOCK);
}
