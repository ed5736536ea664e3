import { CodedError, concatBytes, throwIfAborted } from "../../src/base/index.ts";
import {
  encodeFileClose,
  encodeFileOpen,
  encodeFileRead,
  encodeFileStat,
  encodeFileWrite,
  type FileOpen,
  type FileStat,
  MAX_READ,
  MAX_WRITE,
  parseFileStat,
  parseOpened,
  Verb,
} from "../../src/protocol/agent.ts";
import type { NewFile } from "../../src/protocol/machine.ts";
import { type AgentLink, AgentRefusal } from "./agent-link.ts";
import { errnoWords } from "./errno.ts";

/** Requests that are on their way at a time: each costs a turn of the guest, so one after the other would be slow. */
const READS_AHEAD = 2;
const WRITES_AHEAD = 8;
const PASSWD = "/etc/passwd";
const PASSWD_LIMIT = 1 << 20;
const NOBODY_NEW = { mode: 0, uid: 0, gid: 0 };

interface OpenFile {
  readonly handle: number;
  readonly stat: FileStat;
}

/**
 * The guest's files, by a process of the agent's that needs neither fork nor memory: they can be read and written when
 * nothing else goes on in the guest. A path is the host's to choose, and root's to open.
 */
export class GuestFiles {
  readonly #link: AgentLink;

  constructor(link: AgentLink) {
    this.#link = link;
  }

  /** @throws CodedError `file-failed` */
  async stat(path: string, followLinks: boolean): Promise<FileStat> {
    const stat = parseFileStat(await this.#ask(path, Verb.stat, encodeFileStat(path, followLinks)));
    return stat ?? tooShort();
  }

  /**
   * Reads a file to its end, also one of /proc, which has no length.
   * @throws CodedError `file-failed`; `output-limit` when there is more than `limit` bytes
   */
  async read(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#withFile({ path, how: "read", ...NOBODY_NEW }, async ({ handle, stat }) => {
      if (stat.size > limit) throw tooMuch(path, limit);
      const pieces: Uint8Array[] = [];
      const coming: Promise<Uint8Array>[] = [];
      // What has no length, and what lies beyond a length, must be asked for one after the other.
      let asked = 0;
      let had = 0;
      while (true) {
        throwIfAborted(signal);
        while (coming.length === 0 || (coming.length < READS_AHEAD && asked < stat.size)) {
          const next = this.#ask(path, Verb.read, encodeFileRead(handle, asked, MAX_READ));
          next.catch(() => undefined);
          coming.push(next);
          asked += MAX_READ;
        }
        const piece = (await coming.shift()) ?? tooShort();
        pieces.push(piece);
        had += piece.length;
        if (had > limit) throw tooMuch(path, limit);
        if (piece.length === 0) break;
        // A short piece: what was asked for behind it does not join it.
        if (piece.length < MAX_READ) {
          await Promise.all(coming.splice(0));
          asked = had;
        }
      }
      await Promise.all(coming);
      return concatBytes(pieces);
    });
  }

  /**
   * Makes a file, or empties it first, and writes all of it. When that fails half way, what was written stays.
   * @throws CodedError `file-failed`; `bad-argument` for an unknown user
   */
  async write(path: string, bytes: Uint8Array, { mode, user }: NewFile, signal: AbortSignal): Promise<void> {
    const ids = await this.#ids(user, signal);
    await this.#withFile({ path, how: "replace", mode, ...ids }, async ({ handle }) => {
      const coming: Promise<Uint8Array>[] = [];
      for (let at = 0; at < bytes.length; at += MAX_WRITE) {
        throwIfAborted(signal);
        if (coming.length === WRITES_AHEAD) await coming.shift();
        const piece = bytes.subarray(at, at + MAX_WRITE);
        const next = this.#ask(path, Verb.write, encodeFileWrite(handle, at, piece));
        next.catch(() => undefined);
        coming.push(next);
      }
      await Promise.all(coming);
    });
  }

  async #withFile<T>(open: FileOpen, work: (file: OpenFile) => Promise<T>): Promise<T> {
    const { path } = open;
    const file = parseOpened(await this.#ask(path, Verb.open, encodeFileOpen(open))) ?? tooShort();
    const close = (): Promise<Uint8Array> => this.#ask(path, Verb.close, encodeFileClose(file.handle));
    let result: T;
    try {
      result = await work(file);
    } catch (error) {
      close().catch(() => undefined);
      throw error;
    }
    // An error that a write has left behind is told here.
    await close();
    return result;
  }

  async #ids(user: string, signal: AbortSignal): Promise<{ uid: number; gid: number }> {
    if (user === "root") return { uid: 0, gid: 0 };
    const passwd = new TextDecoder().decode(await this.read(PASSWD, PASSWD_LIMIT, signal));
    const line = passwd.split("\n").find((one) => one.startsWith(`${user}:`));
    const [, , uid, gid] = line?.split(":").map(Number) ?? [];
    if (uid !== undefined && gid !== undefined && uid >= 0 && gid >= 0) return { uid, gid };
    throw new CodedError("bad-argument", `there is no user named '${user}' in the guest`);
  }

  async #ask(path: string, verb: number, body: Uint8Array): Promise<Uint8Array> {
    try {
      return concatBytes(await this.#link.request(verb, body));
    } catch (error) {
      if (!(error instanceof AgentRefusal)) throw error;
      throw new CodedError("file-failed", `${path}: ${errnoWords(error.errno)}`, { cause: error });
    }
  }
}

function tooMuch(path: string, limit: number): CodedError {
  return new CodedError("output-limit", `${path} holds more than ${limit} bytes`);
}

function tooShort(): never {
  throw new CodedError("protocol", "the guest's agent sent an answer that is too short");
}
