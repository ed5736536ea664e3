import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { shared, text } from "../support/guest.ts";

const machine = shared(startMachine, (started) => started.dispose());

const sh = (script: string, more: object = {}) => machine().exec({ argv: ["sh", "-c", script], ...more });

test("passes stdout, stderr and the exit code apart", async () => {
  const outcome = await sh("echo out; echo err >&2; exit 7");
  expect(outcome.status).toEqual({ how: "exited", code: 7 });
  expect(text(outcome.stdout)).toBe("out\n");
  expect(text(outcome.stderr)).toBe("err\n");
});

test("runs arguments as they are, without a shell in between", async () => {
  const argv = ["printf", "<%s>", "a b", "$HOME", "", "ä€𝄞"];
  expect(text((await machine().exec({ argv })).stdout)).toBe("<a b><$HOME><><ä€𝄞>");
});

test("tells a program that is not there from one that fails", async () => {
  const outcome = await machine().exec({ argv: ["/no/such/program"] });
  expect(outcome.status).toEqual({ how: "exited", code: 127 });
  expect(text(outcome.stderr)).toContain("No such file");
});

test("carries binary data both ways unharmed", async () => {
  const bytes = new Uint8Array(randomBytes(3_000_001));
  const outcome = await machine().exec({ argv: ["cat"], stdin: bytes });
  expect(outcome.stdout.length).toBe(bytes.length);
  expect(createHash("sha256").update(outcome.stdout).digest("hex")).toBe(
    createHash("sha256").update(bytes).digest("hex"),
  );
});

test("runs many commands at once, each with its own output", async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, (_, i) => sh(`echo ${i}; cat`, { stdin: `in ${i}` })),
  );
  expect(outcomes.map((outcome) => text(outcome.stdout))).toEqual(
    Array.from({ length: 12 }, (_, i) => `${i}\nin ${i}`),
  );
});

test("kills the whole process group when the time is over", async () => {
  const outcome = await sh("sleep 987 & sleep 987; echo never", { timeoutMs: 300 });
  expect(outcome.status).toEqual({ how: "timed-out" });
  expect(text(outcome.stdout)).toBe("");
  const left = await sh("pgrep -c -f 'sleep 987' || true");
  // pgrep finds its own shell, whose command line names the pattern, and nothing else.
  expect(Number(text(left.stdout))).toBeLessThanOrEqual(1);
});

test("tells which signal ended a command", async () => {
  expect((await sh("kill -TERM $$")).status).toEqual({ how: "signalled", signal: 15 });
});

test("ends a command when its caller has had enough", async () => {
  const stop = new AbortController();
  const running = sh("echo $$ >/run/abort-test.pid; exec sleep 986", { signal: stop.signal });
  await expect
    .poll(async () => text((await sh("cat /run/abort-test.pid")).stdout), { timeout: 30_000 })
    .toMatch(/^\d+$/m);
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: "aborted" });
  const pid = text((await sh("cat /run/abort-test.pid")).stdout).trim();
  await expect
    .poll(async () => (await sh(`test -d /proc/${pid}`)).status)
    .toEqual({ how: "exited", code: 1 });
});

test("refuses more output than was allowed and stops the command", async () => {
  await expect(sh("yes limit-test", { outputLimit: 100_000 })).rejects.toMatchObject({
    code: "output-limit",
  });
  await expect.poll(async () => (await sh("pgrep -x yes")).status).toEqual({ how: "exited", code: 1 });
});

test("streams output as fast as it is taken, and no faster", async () => {
  let bytes = 0;
  const outcome = await sh("head -c 2000000 /dev/zero", {
    onOutput: (_stream: string, piece: Uint8Array) => {
      bytes += piece.length;
      return Promise.resolve();
    },
  });
  expect(bytes).toBe(2_000_000);
  expect(outcome.stdout.length).toBe(0);
});

test("gives a command the user, the folder and the environment asked for", async () => {
  const outcome = await machine().exec({
    argv: ["sh", "-c", 'id -un; pwd; echo "$LESSON"; cat /proc/self/cgroup; cat /proc/self/oom_score_adj'],
    user: "learner",
    cwd: "/tmp",
    env: { LESSON: "pid namespaces" },
  });
  expect(text(outcome.stdout)).toBe("learner\n/tmp\npid namespaces\n0::/learner/login\n0\n");
  expect(text((await sh("id -u", { user: "nobody-here" })).stderr)).toContain("no user named");
});

test("passes a command that is longer than a frame", async () => {
  const long = "x".repeat(20_000);
  expect(text((await machine().exec({ argv: ["printf", "%s", long] })).stdout)).toBe(long);
  await expect(machine().exec({ argv: ["printf", "x".repeat(70_000)] })).rejects.toMatchObject({
    code: "bad-argument",
  });
});

test("does not wait for what a command leaves behind", async () => {
  const outcome = await sh("sleep 30 & echo started");
  expect(text(outcome.stdout)).toBe("started\n");
  await sh("pkill -x sleep");
});
