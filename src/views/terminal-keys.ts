/** What a key does in a terminal, besides being typed into it. */
export type TerminalKey = "copy" | "paste" | "search" | "next" | "before";

export interface KeyPress {
  readonly type: string;
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * As desktop terminals on Linux do: Ctrl+Shift+C and Ctrl+Insert copy, Ctrl+Shift+V and Shift+Insert paste, Ctrl+Shift+F searches, while
 * Ctrl+C always interrupts. Ctrl+Shift+→ and ← go from terminal to terminal, where there are several. Command keys of a Mac are left to the browser, which does the right thing.
 */
export function terminalKey(press: KeyPress, hasOthers: boolean): TerminalKey | undefined {
  if (press.type !== "keydown" || press.altKey || press.metaKey) return undefined;
  if (press.ctrlKey && press.shiftKey) {
    if (press.code === "KeyC") return "copy";
    if (press.code === "KeyV") return "paste";
    if (press.code === "KeyF") return "search";
    if (hasOthers && press.key === "ArrowRight") return "next";
    if (hasOthers && press.key === "ArrowLeft") return "before";
    return undefined;
  }
  if (press.key === "Insert" && press.ctrlKey) return "copy";
  return press.key === "Insert" && press.shiftKey ? "paste" : undefined;
}
