/** Files by the agent's own process: without a fork, under any load. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared, text } from "../support/guest.ts";
import { seeded } from "../support/random.ts";

const machine = shared(startMachine, (started) => started.dispose());

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const failed = (words: string): unknown =>
  expect.objectContaining({ code: "file-failed", message: expect.stringContaining(words) });

test("a file that is written has its bytes, mode and owner, and is read back the same", async () => {
  const next = seeded(3);
  const content = Uint8Array.from({ length: 5_000_001 }, () => next() * 256);
  await machine().writeFile("/tmp/random", content, { mode: 0o600, user: "learner" });
  expect(await sh(machine(), "stat -c '%a %U:%G %s' /tmp/random; sha256sum /tmp/random | cut -c 1-64")).toBe(
    `600 learner:learner 5000001\n${sha256(content)}\n`,
  );
  expect(sha256(await machine().readFile("/tmp/random"))).toBe(sha256(content));
  expect(await machine().statFile("/tmp/random")).toMatchObject({
    ...{ mode: 0o100600, uid: 1000, gid: 1000, size: 5_000_001, links: 1 },
  });

  await machine().writeFile("/tmp/random", "short\n", { mode: 0o777 });
  expect(await sh(machine(), "cat /tmp/random; stat -c %a /tmp/random")).toBe("short\n600\n");
  await machine().writeFile("/tmp/random", "");
  expect(await machine().readFile("/tmp/random")).toHaveLength(0);
});

test("64 MiB go through, each way", async () => {
  const size = 64 * 1024 * 1024;
  await machine().writeFile("/dev/null", new Uint8Array(size));
  await sh(machine(), `truncate -s ${size - 4} /tmp/holes; printf last >>/tmp/holes`);
  const read = await machine().readFile("/tmp/holes");
  expect(read).toHaveLength(size);
  expect(text(read.subarray(-5))).toBe("\0last");
  expect(read.subarray(0, -4).some((byte) => byte !== 0)).toBe(false);
  await expect(machine().readFile("/tmp/holes", { limit: size - 1 })).rejects.toMatchObject({
    code: "output-limit",
  });
});

test("files of the kernel, which have no length, and links", async () => {
  expect(text(await machine().readFile("/proc/sys/kernel/ostype"))).toBe("Linux\n");
  expect(text(await machine().readFile("/proc/1/mountinfo"))).toMatch(/ - cgroup2 /);
  await machine().writeFile("/proc/sys/kernel/hostname", "by-file");
  expect(await sh(machine(), "hostname; ln -s /etc/hostname /tmp/link")).toBe("by-file\n");
  expect((await machine().statFile("/tmp/link")).mode & 0o170000).toBe(0o100000);
  expect((await machine().statFile("/tmp/link", { followLinks: false })).mode & 0o170000).toBe(0o120000);
});

test("what cannot be read or written says why", async () => {
  await expect(machine().readFile("/nowhere")).rejects.toEqual(failed("/nowhere: No such file or directory"));
  await expect(machine().writeFile("/proc/version", "x")).rejects.toEqual(failed("Input/output error"));
  await expect(machine().writeFile("/etc", "x")).rejects.toEqual(failed("Is a directory"));
  await expect(machine().readFile("/etc")).rejects.toEqual(failed("Is a directory"));
  await expect(machine().writeFile("/tmp/x", "x", { user: "nobody-known" })).rejects.toMatchObject({
    code: "bad-argument",
  });
  await sh(machine(), "mkdir /tmp/small; mount -t tmpfs -o size=64k none /tmp/small");
  const large = machine().writeFile("/tmp/small/file", new Uint8Array(100_000));
  await expect(large).rejects.toEqual(failed("No space left on device"));
  // And the handle is free again.
  for (let i = 0; i < 20; i++) await machine().readFile("/etc/hostname");
});

test("a process is signalled, a cgroup killed, and nobody beside them", async () => {
  const out = await sh(
    machine(),
    `mkdir -p /sys/fs/cgroup/doomed/inner
     for group in doomed doomed/inner .; do
       sleep 300 >/dev/null 2>&1 & echo $! | tee /sys/fs/cgroup/$group/cgroup.procs
     done`,
  );
  const pids = out.trim().split("\n").map(Number);
  const alive = async (): Promise<boolean[]> =>
    Promise.all(
      pids
        .map(async (pid) => (await machine().exec({ argv: ["kill", "-0", `${pid}`] })).status)
        .map(
          async (status) =>
            (await status).how === "exited" && JSON.stringify(await status).includes('"code":0'),
        ),
    );
  expect(await alive()).toEqual([true, true, true]);
  await machine().killCgroup("doomed");
  await expect.poll(alive, { timeout: 30_000 }).toEqual([false, false, true]);
  await machine().kill(pids[2] ?? 0, 15);
  await expect.poll(alive, { timeout: 30_000 }).toEqual([false, false, false]);
  await expect(machine().kill(999_999, 15)).rejects.toMatchObject({
    code: "agent-refused",
    message: expect.stringContaining("No such process"),
  });
});

test("where no process can be made, programs are refused by a code, and files and signals are not", async () => {
  const limit = "/proc/sys/kernel/threads-max";
  const before = await machine().readFile(limit);
  await machine().writeFile(limit, "20");
  const refused = { code: "exec-refused", message: expect.stringContaining("temporarily unavailable") };
  await expect(machine().exec({ argv: ["true"] })).rejects.toMatchObject(refused);
  const terminal = await machine().openTerminal({ user: "root", cols: 80, rows: 24, argv: ["true"] });
  await expect(terminal.exited).rejects.toMatchObject({ code: "terminal-gone" });
  expect((await machine().observe()).processes.length).toBeGreaterThan(20);
  await machine().writeFile("/run/kept", "kept");
  expect(text(await machine().readFile("/run/kept"))).toBe("kept");
  await machine().kill(1, 0);
  await machine().writeFile(limit, before);
  expect(await sh(machine(), "echo again")).toBe("again\n");
});

test("a fork bomb without limits leaves files, processes and cgroups in reach, and ends by cgroup.kill", async () => {
  const bombed = await startMachine();
  try {
    await sh(bombed, "mkdir /sys/fs/cgroup/bomb");
    const bomb = "echo $$ >/sys/fs/cgroup/bomb/cgroup.procs; f() { f | f & f; }; f";
    const burning = bombed.exec({ argv: ["bash", "-c", bomb] }).catch((error: unknown) => error);
    const count = async (): Promise<number> => (await bombed.observe()).processes.length;
    await expect.poll(count, { timeout: 60_000, interval: 200 }).toBeGreaterThan(200);
    for (let i = 0; i < 10; i++) {
      await bombed.writeFile("/run/under-load", `round ${i}`);
      expect(text(await bombed.readFile("/run/under-load"))).toBe(`round ${i}`);
    }
    await bombed.killCgroup("bomb");
    await expect.poll(count, { timeout: 60_000, interval: 200 }).toBeLessThan(60);
    expect(await sh(bombed, "cat /run/under-load")).toBe("round 9");
    await burning;
  } finally {
    bombed.dispose();
  }
});
