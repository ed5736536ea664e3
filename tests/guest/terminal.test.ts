import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Terminal } from "../../src/machine/index.ts";
import { shared, text } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { sitDown, watch } from "../support/typing.ts";
import { startFiles, withHeldFiles } from "./held-files.ts";

const machine = shared(startMachine, (started) => started.dispose());

/** A terminal whose output is kept as text and shown as it comes. */
async function open(user: string, more: object = {}): Promise<{ terminal: Terminal; seen: () => string }> {
  const terminal = await machine().openTerminal({ user, cols: 100, rows: 30, ...more });
  return { terminal, seen: watch(terminal) };
}

test("gives the prompt that waits in the snapshot, then new shells", async () => {
  const first = await open("root");
  await poll(() => first.seen().includes("# "), { what: "the prompt of root" });
  // Nothing of what it had practised before, nor an order to erase what is above it; and what is pasted comes in brackets.
  expect(first.seen()).not.toMatch(/echo|sleep|kill|history|\[3J/);
  expect(first.seen()).toContain("\u001b[?2004h");
  first.terminal.write("echo status $?; history; hash\n");
  const asNew = /status 0\s+1 {2}echo status \$\?; history; hash\s+hash: hash table empty\s/;
  await poll(() => asNew.test(first.seen()), { what: "a shell that has run nothing" });
  const second = await open("root");
  await poll(() => second.seen().includes("# "), { what: "the prompt of a second shell" });
  first.terminal.write("tty\n");
  second.terminal.write("tty\n");
  const name = (all: string): string | undefined => /\/dev\/pts\/\d+/.exec(all)?.[0];
  await poll(() => name(first.seen()) && name(second.seen()));
  expect(name(first.seen())).not.toBe(name(second.seen()));
  first.terminal.dispose();
  second.terminal.dispose();
});

test("one that is asked for with the machine is for the first of its user that wants it, in the size of that one", async () => {
  const other = await startMachine({ firstUser: "learner" });
  try {
    const rooted = watch(await other.openTerminal({ user: "root", cols: 100, rows: 30 }));
    const learner = await other.openTerminal({ user: "learner", cols: 91, rows: 33 });
    const seen = watch(learner);
    await poll(() => rooted().includes("# ") && seen().includes("$ "), { what: "both prompts" });
    learner.write("stty size; whoami; tty\n");
    await poll(() => /33 91\s+learner\s+\/dev\/pts/.test(seen()), { what: "size and user" });
    const second = await other.openTerminal({ user: "learner", cols: 80, rows: 24 });
    const seenSecond = watch(second);
    second.write("tty\n");
    const name = (all: string): string | undefined => /\/dev\/pts\/\d+/.exec(all)?.[0];
    await poll(() => name(seenSecond()));
    expect(name(seenSecond())).not.toBe(name(seen()));
  } finally {
    other.dispose();
  }
});

test("one that is asked for with a machine that cannot start fails with it", async () => {
  const stop = AbortSignal.abort(new Error("no more"));
  await expect(startMachine({ firstUser: "root", signal: stop })).rejects.toMatchObject({ code: "aborted" });
});

test("the window's size reaches the guest at once and when it changes", async () => {
  const { terminal, seen } = await open("learner");
  terminal.write("stty size\n");
  await poll(() => seen().includes("30 100"), { what: "the first size" });
  terminal.write("trap 'echo \"changed to $(stty size)\"' WINCH; echo ar''med\n");
  await poll(() => /armed[^$]*\$ $/.test(seen()), { what: "the trap to be set" });
  terminal.resize(77, 22);
  // bash runs a trap when its current command ends, or at the next line.
  terminal.write("\n");
  await poll(() => seen().includes("changed to 22 77"), { what: "the new size" });
  terminal.dispose();
});

test("UTF-8 comes through whole, typed and printed, and line editing erases whole characters", async () => {
  const { terminal, seen } = await open("root", { argv: ["cat"] });
  terminal.write("grüße €uro 𝄞 日本\n");
  await poll(() => seen().split("grüße €uro 𝄞 日本").length === 3, { what: "echo and output" });
  terminal.write("aä\u007Fb\n");
  await poll(() => /\r\nab\r\n/.test(seen()), { what: "the erased character" });
  terminal.write("\u0004");
  expect(await terminal.exited).toEqual({ how: "exited", code: 0 });
});

test("Ctrl+C reaches the foreground process and only it", async () => {
  const { terminal, seen } = await open("root");
  terminal.write("sleep 500; echo status $?\n");
  await poll(async () => (await machine().exec({ argv: ["pgrep", "-x", "sleep"] })).stdout.length > 0);
  terminal.write("\u0003");
  await poll(() => seen().includes("^C"), { what: "the interrupt's echo" });
  terminal.write("echo still $((40+2))\n");
  await poll(() => seen().includes("still 42"));
  terminal.dispose();
});

test("Ctrl+C reaches the first program of a fresh machine though its file has not come yet", async () => {
  const needed = await startFiles();
  await withHeldFiles(
    (name) => !needed.has(name),
    async (far, release) => {
      const { expectAfter } = await sitDown(far);
      await expectAfter("nano; echo not so\n", /nano; echo not so\n/);
      // A shell that waited for its own files would have the terminal still, and Ctrl+C with it.
      const hasProgram = async (): Promise<boolean> => {
        const { processes } = await far.observe();
        const shell = processes.find(({ details }) => details?.terminal?.name === "pts/0");
        return shell !== undefined && shell.details?.terminal?.foreground !== shell.pid;
      };
      await poll(hasProgram, { what: "the program to have the terminal" });
      const inFlight = async (): Promise<number> => (await far.stats()).filesInFlight;
      await poll(async () => (await inFlight()) > 0, { what: "the program to want its file" });
      const interrupt = expectAfter("\u0003", /\^C\n.*# $/);
      const comeBack = async (): Promise<void> => {
        // The kernel has taken its request back, and asks once more for what it must know of a file that it runs.
        await poll(async () => (await inFlight()) > 1, { what: "the program to be interrupted" });
        await release();
      };
      const [shown] = await Promise.all([interrupt, comeBack()]);
      expect(shown).not.toContain("not so");
      await expectAfter("echo still $((40+2))\n", /\nstill 42\n.*# $/);
      expect(await hasProgram()).toBe(false);
    },
  );
});

test("output waits for the screen: a flood that nobody looks at stays in the guest", async () => {
  const terminal = await machine().openTerminal({ user: "root", cols: 80, rows: 24, argv: ["yes", "flood"] });
  let bytes = 0;
  terminal.onOutput((output) => {
    bytes += output.bytes.length;
  });
  // The window fills, and nothing more comes while another command gets through.
  await poll(() => bytes === 256 * 1024, { what: "the window to fill", timeout: 60_000 });
  await machine().exec({ argv: ["true"] });
  const full = bytes;
  await machine().exec({ argv: ["sleep", "0.3"] });
  expect(bytes).toBe(full);
  terminal.shown(100_000);
  await poll(() => bytes > full, { what: "more after the screen took some", timeout: 60_000 });
  expect(bytes).toBeLessThanOrEqual(256 * 1024 + 100_000);
  terminal.dispose();
  await expect(terminal.exited).rejects.toMatchObject({ code: "terminal-gone" });
  await poll(async () => (await machine().exec({ argv: ["pgrep", "-x", "yes"] })).stdout.length === 0);
});

test("tells how the shell ended", async () => {
  const { terminal, seen } = await open("root");
  await poll(() => seen().includes("# "));
  terminal.write("exit 9\n");
  expect(await terminal.exited).toEqual({ how: "exited", code: 9 });
});

test("a killed agent takes its terminals along, says so, and is back", async () => {
  const { terminal } = await open("root");
  const heard: string[] = [];
  const listening = machine().onEvent((event) => {
    if (event.kind === "agent") heard.push(event.state);
  });
  const killed = machine().exec({ argv: ["sh", "-c", "kill -9 $(pgrep -x vivarium-agent)"] });
  await expect(killed).rejects.toMatchObject({ code: "agent-gone" });
  await expect(terminal.exited).rejects.toMatchObject({ code: "terminal-gone" });
  await poll(() => heard.includes("back"), { what: "the new agent" });
  expect(text((await machine().exec({ argv: ["echo", "alive"] })).stdout)).toBe("alive\n");
  listening.dispose();
});

test("vi redraws for the new size", async () => {
  const { terminal, seen } = await open("root", { rows: 24, argv: ["vi", "/tmp/new-file"] });
  const emptyLines = (all: string): number => all.split("~").length - 1;
  await poll(() => emptyLines(seen()) >= 20, { what: "the first screen" });
  const before = seen().length;
  terminal.resize(90, 40);
  await poll(() => emptyLines(seen().slice(before)) >= 36, { what: "forty rows" });
  expect(emptyLines(seen().slice(before))).toBeLessThanOrEqual(2 * 40);
  terminal.dispose();
});
