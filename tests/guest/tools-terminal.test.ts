import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { withDeadline } from "../../src/base/index.ts";
import type { Terminal } from "../../src/machine/index.ts";
import { sh, shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { watch } from "../support/typing.ts";

const machine = shared(startMachine, (started) => started.dispose());

const CTRL_O = "\u000F";
const CTRL_X = "\u0018";
const ESCAPE = "\u001B";

async function open(argv: readonly string[]): Promise<{ terminal: Terminal; seen: () => string }> {
  const terminal = await machine().openTerminal({ user: "learner", cols: 100, rows: 24, argv });
  const seen = watch(terminal);
  return { terminal, seen: () => stripVTControlCharacters(seen()) };
}

test("nano opens, writes what was typed, and quits", async () => {
  const { terminal, seen } = await open(["nano", "/tmp/by-nano"]);
  await poll(() => seen().includes("GNU nano"), { what: "nano's screen" });
  terminal.write(`typed in nano${CTRL_O}`);
  await poll(() => seen().includes("File Name to Write"), { what: "the question for a name" });
  terminal.write("\r");
  await poll(() => seen().includes("Wrote 1 line"), { what: "nano to have written" });
  terminal.write(CTRL_X);
  expect(await withDeadline(terminal.exited, 20_000, "the editor")).toEqual({ how: "exited", code: 0 });
  expect(await sh(machine(), "cat /tmp/by-nano")).toBe("typed in nano\n");
});

test("vi opens, writes what was typed, and quits", async () => {
  const { terminal, seen } = await open(["vi", "/tmp/by-vi"]);
  await poll(() => seen().includes("~"), { what: "vi's screen" });
  terminal.write("ityped in vi");
  await poll(() => seen().includes("typed in vi"), { what: "the text on the screen" });
  const inserting = seen().length;
  terminal.write(ESCAPE);
  // What follows an escape at once would be taken for one key together with it.
  await poll(() => seen().length > inserting, { what: "vi to leave the insert mode" });
  terminal.write(":wq\r");
  expect(await withDeadline(terminal.exited, 20_000, "the editor")).toEqual({ how: "exited", code: 0 });
  expect(await sh(machine(), "cat /tmp/by-vi")).toBe("typed in vi\n");
});

test("less shows a file, finds a word in it, and quits", async () => {
  const { terminal, seen } = await open(["less", "/etc/services"]);
  await poll(() => seen().includes("tcpmux"), { what: "the first page" });
  expect(seen()).not.toMatch(/https\s+443/);
  terminal.write("/^https\r");
  await poll(() => /https\s+443/.test(seen()), { what: "the page with the word" });
  terminal.write("q");
  expect(await withDeadline(terminal.exited, 20_000, "the editor")).toEqual({ how: "exited", code: 0 });
});
