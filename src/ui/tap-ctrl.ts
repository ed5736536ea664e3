import type { CtrlHold } from "../views/index.ts";

/** Two taps within this time are one double tap. */
const DOUBLE_TAP_MS = 400;

/** What a tap on Ctrl makes of it: one holds it for the next key, two locks it, and another lets it go. */
export function tapCtrl(hold: CtrlHold, sinceLastTap: number): CtrlHold {
  if (hold === "off") return "once";
  return hold === "once" && sinceLastTap <= DOUBLE_TAP_MS ? "locked" : "off";
}
