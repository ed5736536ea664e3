import type { Terminal } from "@xterm/xterm";

/** What the terminal showed before the page was loaded again; the browser keeps it as long as the tab. */
const KEY = "vivarium/terminal";
/** Tried in turn: what is kept may have so many characters and no more. */
const LINES = [1000, 300, 50];
const MOST = 256 * 1024;

/** What of the serializing addon is used. */
export interface Serializer {
  serialize(options: { scrollback: number; excludeModes: boolean; excludeAltBuffer: boolean }): string;
}

/** Keeps what is on the screen and above it, as far as there is room. */
export function keepPast(serializer: Serializer): void {
  for (const scrollback of LINES) {
    const text = serializer.serialize({ scrollback, excludeModes: true, excludeAltBuffer: true });
    if (text.length > MOST) continue;
    try {
      sessionStorage.setItem(KEY, text);
      return;
    } catch {
      // Full: fewer lines may fit. Forbidden: none will.
    }
  }
}

/** @returns empty where there is none */
export function readPast(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/**
 * Shows what was there before, and a line about it, above the screen, which is empty then.
 * @param done Called when xterm has taken it.
 */
export function showPast(terminal: Terminal, past: string, words: string, done: () => void): void {
  terminal.write(`${past}\u001b[0m\r\n\u001b[2m── ${words} ──\u001b[0m`, () => {
    const used = terminal.buffer.active.cursorY + 1;
    // From the last row each line feed moves all up by one, until the last line has left the screen.
    terminal.write(`\u001b[${terminal.rows};1H${"\n".repeat(used)}\u001b[H`, done);
  });
}
