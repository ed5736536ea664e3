/** The agent's C, compiled for this machine and run under sanitizers, through the very link of the worker. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { concatBytes, deferred } from "../../src/base/index.ts";
import {
  encodeFileClose,
  encodeFileOpen,
  encodeFileRead,
  encodeFileStat,
  encodeFileWrite,
  encodeKill,
  type ExitStatus,
  MAX_READ,
  MAX_WRITE,
  type OpenSpec,
  type OpenHow,
  parseFileStat,
  parseOpened,
  Verb,
} from "../../src/protocol/agent.ts";
import { fuzz } from "./fuzz.ts";
import { build, NativeAgent } from "./native-agent.ts";

beforeAll(build);

let agent: NativeAgent;
beforeEach(async () => {
  agent = await NativeAgent.start();
});
afterEach(() => agent.dispose());

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (words: string): Uint8Array => new TextEncoder().encode(words);

const PIPES: OpenSpec = {
  kind: "pipes",
  cols: 0,
  rows: 0,
  timeoutMs: 0,
  credit: 1 << 20,
  user: "root",
  cwd: "/",
  argv: [],
  env: [],
};

interface Ended {
  readonly status: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
}

function run(argv: readonly string[], more: Partial<OpenSpec> & { readonly stdin?: string } = {}) {
  const { stdin = "", ...spec } = more;
  const kept = { stdout: "", stderr: "" };
  const ended = deferred<Ended>();
  const channel = agent.link.open(
    { ...PIPES, argv, ...spec },
    {
      opened() {},
      output: (stream, bytes) => (kept[stream] += text(bytes)),
      taken() {},
      exited: (status) => ended.resolve({ status, ...kept }),
      lost: (error) => ended.reject(error),
    },
  );
  channel.write(bytesOf(stdin));
  channel.end();
  return { channel, ended: ended.promise, kept };
}

const ask = async (verb: number, body?: Uint8Array): Promise<Uint8Array> =>
  concatBytes(await agent.link.request(verb, body));
const refused = (errno: number): unknown => expect.objectContaining({ code: "agent-refused", errno });
const [EPERM_OR_ESRCH, ENOENT, EBADF, EISDIR, EINVAL, EMFILE, ENXIO] = [3, 2, 9, 21, 22, 24, 6];

const openAt = async (name: string, how: keyof typeof OpenHow, mode = 0o644) => {
  const path = name.startsWith("/") ? name : join(agent.dir, name);
  const opened = parseOpened(await ask(Verb.open, encodeFileOpen({ path, how, mode, uid: 0, gid: 0 })));
  return opened ?? expect.fail("the reply is too short");
};

test("runs commands: streams apart, exit codes, signals, input to its end, time", async () => {
  expect(await run(["sh", "-c", "cat; echo err >&2; exit 7"], { stdin: "in" }).ended).toEqual({
    status: { how: "exited", code: 7 },
    stdout: "in",
    stderr: "err\n",
  });
  expect((await run(["sh", "-c", "kill -SEGV $$"]).ended).status).toEqual({ how: "signalled", signal: 11 });
  expect((await run(["/no/such"]).ended).status).toEqual({ how: "exited", code: 127 });
  expect((await run(["sh", "-c", "sleep 60 & wait"], { timeoutMs: 50 }).ended).status).toEqual({
    how: "timed-out",
  });
  const { channel, ended } = run(["sleep", "60"]);
  channel.signal(15);
  expect((await ended).status).toEqual({ how: "signalled", signal: 15 });
});

test("sends no more than it was granted", async () => {
  const { channel, ended, kept } = run(["head", "-c", "10000", "/dev/zero"], { credit: 1000 });
  await ask(Verb.status);
  const { length } = kept.stdout;
  channel.grant(2000);
  await ask(Verb.status);
  await ask(Verb.status);
  expect(length).toBeLessThanOrEqual(1000);
  expect(kept.stdout.length).toBeLessThanOrEqual(3000);
  channel.grant(100_000);
  expect((await ended).stdout.length).toBe(10_000);
});

test("a file is made with mode and content, replaced, read back in parts, and described", async () => {
  const content = Uint8Array.from({ length: 300_001 }, (_, i) => (i * 2_654_435_761) >>> 24);
  const made = await openAt("new", "replace", 0o640);
  expect(made.stat).toMatchObject({ size: 0, uid: 0, gid: 0, mode: 0o100640 });
  for (let at = 0; at < content.length; at += MAX_WRITE) {
    await ask(Verb.write, encodeFileWrite(made.handle, at, content.subarray(at, at + MAX_WRITE)));
  }
  await ask(Verb.close, encodeFileClose(made.handle));
  expect(new Uint8Array(readFileSync(join(agent.dir, "new")))).toEqual(content);

  const opened = await openAt("new", "read");
  expect(opened.stat.size).toBe(content.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += MAX_READ) {
    parts.push(await ask(Verb.read, encodeFileRead(opened.handle, at, MAX_READ)));
  }
  expect(concatBytes(parts)).toEqual(content);
  expect(await ask(Verb.read, encodeFileRead(opened.handle, content.length, 10))).toHaveLength(0);

  const stat = parseFileStat(await ask(Verb.stat, encodeFileStat(join(agent.dir, "new"), true)));
  const { ino, mtimeMs } = statSync(join(agent.dir, "new"));
  expect(stat).toEqual({
    ...{ mode: 0o100640, links: 1, uid: 0, gid: 0, size: 300_001 },
    ...{ inode: ino, modifiedMs: Math.floor(mtimeMs) },
  });

  const replaced = await openAt("new", "replace", 0o777);
  expect(replaced.stat).toMatchObject({ size: 0, mode: 0o100640 });
});

test("what cannot be is refused with its errno, and handles do not leak", async () => {
  writeFileSync(join(agent.dir, "file"), "words");
  execFileSync("mkfifo", [join(agent.dir, "fifo")]);
  mkdirSync(join(agent.dir, "dir"));
  await expect(openAt("none", "read")).rejects.toEqual(refused(ENOENT));
  await expect(openAt("none", "write")).rejects.toEqual(refused(ENOENT));
  await expect(openAt("dir", "replace")).rejects.toEqual(refused(EISDIR));
  // A pipe that nobody reads: not waited for.
  await expect(openAt("fifo", "write")).rejects.toEqual(refused(ENXIO));
  await expect(ask(Verb.read, encodeFileRead(9, 0, 1))).rejects.toEqual(refused(EBADF));
  await expect(ask(Verb.close, encodeFileClose(0))).rejects.toEqual(refused(EBADF));
  await expect(ask(Verb.close, encodeFileClose(40_000))).rejects.toEqual(refused(EBADF));
  await expect(ask(Verb.stat, Uint8Array.of(255, 255, 1))).rejects.toEqual(refused(EINVAL));
  const { handle } = await openAt("file", "read");
  await expect(ask(Verb.read, encodeFileRead(handle, 0, MAX_READ + 1))).rejects.toEqual(refused(EINVAL));
  await expect(ask(Verb.write, encodeFileWrite(handle, 0, bytesOf("x")))).rejects.toEqual(refused(EBADF));
  const all = [handle];
  for (let i = 1; i < 16; i++) all.push((await openAt("file", "read")).handle);
  expect(new Set(all).size).toBe(16);
  await expect(openAt("file", "read")).rejects.toEqual(refused(EMFILE));
  // A host that comes anew finds none of them.
  agent.link.greet(7);
  expect((await openAt("file", "read")).handle).toBe(1);
});

test("a command that is given up at once leaves nothing running", async () => {
  for (let i = 0; i < 20; i++) run(["sleep", "61.25"]).channel.close();
  const count = async (): Promise<string> =>
    (await run(["sh", "-c", "grep -lz '^61.25$' /proc/[0-9]*/cmdline | wc -l"]).ended).stdout;
  await expect.poll(count, { timeout: 5000 }).toBe("0\n");
});

test("signals reach a process or a group, and never all", async () => {
  const { ended, kept } = run(["sh", "-c", "echo $$; sleep 60"]);
  while (kept.stdout === "") await ask(Verb.status);
  // Its number in the agent's own PID namespace is what the agent knows it by.
  await ask(Verb.signal, encodeKill(-Number(kept.stdout), 15));
  expect((await ended).status).toEqual({ how: "signalled", signal: 15 });
  await expect(ask(Verb.signal, encodeKill(-1, 9))).rejects.toEqual(refused(EINVAL));
  await expect(ask(Verb.signal, encodeKill(0, 9))).rejects.toEqual(refused(EINVAL));
  await expect(ask(Verb.signal, encodeKill(999_999, 9))).rejects.toEqual(refused(EPERM_OR_ESRCH));
});

test("a host that takes nothing for a while loses nothing, and a large file holds up no terminal", async () => {
  writeFileSync(join(agent.dir, "large"), Buffer.alloc(4 << 20, 7));
  const { handle } = await openAt("large", "read");
  agent.hold();
  const reads = Array.from({ length: 64 }, (_, i) =>
    ask(Verb.read, encodeFileRead(handle, i * MAX_READ, MAX_READ)),
  );
  const { ended } = run(["echo", "between"]);
  agent.release();
  expect((await ended).stdout).toBe("between\n");
  const parts = await Promise.all(reads);
  expect(parts.every((part) => part.length === MAX_READ && part.every((byte) => byte === 7))).toBe(true);
});

test("rubbish on the line, of whatever kind, is survived: it answers, and runs commands", async () => {
  await fuzz(agent, 1, 4000);
  expect((await run(["echo", "alive"]).ended).stdout).toBe("alive\n");
});
