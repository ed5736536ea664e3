import { describe, expect, it } from "vitest";
import { type BarKey, barKeySequence, withCtrl } from "./bar-keys.ts";

describe("a key of the bar", () => {
  it.each<[string, BarKey, { ctrl?: boolean; applicationCursor?: boolean }, string]>([
    ["an arrow at a prompt", "up", {}, "\u001B[A"],
    ["an arrow in vi", "left", { applicationCursor: true }, "\u001BOD"],
    [
      "an arrow with Ctrl goes by words, also there",
      "right",
      { ctrl: true, applicationCursor: true },
      "\u001B[1;5C",
    ],
    ["Esc", "escape", {}, "\u001B"],
    ["Tab, whatever Ctrl says", "tab", { ctrl: true }, "\t"],
    ["Enter", "enter", {}, "\r"],
    ["a sign", "~", {}, "~"],
    ["a sign with Ctrl", "/", { ctrl: true }, "\u001F"],
  ])("%s", (_, key, modes, bytes) => {
    expect(barKeySequence(key, { ctrl: false, applicationCursor: false, ...modes })).toBe(bytes);
  });
});

describe("Ctrl", () => {
  it.each([
    ["c", "\u0003"],
    ["C", "\u0003"],
    ["[", "\u001B"],
    ["@", "\0"],
    ["_", "\u001F"],
    ["ß", "ß"],
    ["1", "1"],
  ])("makes of %s what a keyboard does", (typed, bytes) => {
    expect(withCtrl(typed)).toBe(bytes);
  });
});
