import type { Machine, Terminal } from "../../src/machine/index.ts";
import { poll } from "./poll.ts";

/** A shell that a test types at. */
export interface Typist {
  readonly terminal: Terminal;
  /**
   * Types, waits until what was shown since then, as plain lines, fits, and gives all of it.
   *
   * @throws If it does not within 60 s.
   */
  readonly expectAfter: (keys: string, shown: RegExp) => Promise<string>;
}

/** Text without carriage returns and the terminal's control sequences. */
const plain = (shown: string): string =>
  shown
    .split("\u001B")
    .map((part, i) => (i === 0 ? part : part.replace(/^\[[\d;?]*[A-Za-z]/, "")))
    .join("")
    .replaceAll("\r", "");

/** Takes what a terminal shows as it comes, and gives all of it since its screen was last cleared by a replay. */
export function watch(terminal: Terminal): () => string {
  const decoder = new TextDecoder();
  let all = "";
  terminal.onOutput(({ bytes, replay }) => {
    all = (replay ? "" : all) + decoder.decode(bytes, { stream: true });
    terminal.shown(bytes.length);
  });
  return () => all;
}

/** Opens a login shell and waits for its prompt. */
export async function sitDown(
  machine: Machine,
  { user = "root", cols = 80, rows = 24 }: { user?: string; cols?: number; rows?: number } = {},
): Promise<Typist> {
  const terminal = await machine.openTerminal({ user, cols, rows });
  const seen = watch(terminal);
  await poll(() => /[$#] $/.test(plain(seen())), { what: `the prompt of ${user}`, timeout: 60_000 });
  return {
    terminal,
    async expectAfter(keys, shown) {
      const before = seen().length;
      terminal.write(keys);
      const what = `${JSON.stringify(keys)} to show ${String(shown)}`;
      await poll(() => shown.test(plain(seen().slice(before))), { what, timeout: 60_000 }).catch(
        (error: unknown) => {
          throw new Error(`It showed ${JSON.stringify(seen().slice(before))}`, { cause: error });
        },
      );
      return seen().slice(before);
    },
  };
}
