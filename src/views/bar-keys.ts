/** The keys that an on-screen keyboard has not, or hides; `|`, `/`, `~` and `-` stand for themselves. */
export type BarKey = "escape" | "tab" | "enter" | "up" | "down" | "left" | "right" | "|" | "/" | "~" | "-";

/** `once`: for the next key; `locked`: until it is let go. */
export type CtrlHold = "off" | "once" | "locked";

const ARROWS: Partial<Record<BarKey, string>> = { up: "A", down: "B", right: "C", left: "D" };
const NAMED: Partial<Record<BarKey, string>> = { escape: "\u001B", tab: "\t", enter: "\r" };

export interface KeyModes {
  readonly ctrl: boolean;
  /** DECCKM: a program such as `vi` or `less` has asked for its own arrow keys. */
  readonly applicationCursor: boolean;
}

/** The bytes of a key, as xterm sends them (ctlseqs, "PC-Style Function Keys"). */
export function barKeySequence(key: BarKey, { ctrl, applicationCursor }: KeyModes): string {
  const arrow = ARROWS[key];
  if (arrow === undefined) return NAMED[key] ?? (ctrl ? withCtrl(key) : key);
  if (ctrl) return `\u001B[1;5${arrow}`;
  return `\u001B${applicationCursor ? "O" : "["}${arrow}`;
}

/** What Ctrl makes of one typed character; what it makes nothing of stays as it is. */
export function withCtrl(character: string): string {
  // Beyond the letters, as xterm and the VT220 before it have them.
  const odd: Readonly<Record<string, string>> = {
    "2": "\0",
    "3": "\u001B",
    "4": "\u001C",
    "5": "\u001D",
    "6": "\u001E",
    "7": "\u001F",
    "8": "\u007F",
    " ": "\0",
    "/": "\u001F",
    "-": "\u001F",
    "?": "\u007F",
    "|": "\u001C",
    "~": "\u001E",
  };
  const special = odd[character];
  if (special !== undefined) return special;
  const upper = character.toUpperCase();
  // From `@` to `_`, which holds the letters.
  return /^[@-_]$/.test(upper) ? String.fromCharCode(upper.charCodeAt(0) & 31) : character;
}
