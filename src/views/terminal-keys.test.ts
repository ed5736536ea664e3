import { describe, expect, it } from "vitest";
import { type KeyPress, terminalKey } from "./terminal-keys.ts";

function press(code: string, ...modifiers: ("ctrlKey" | "shiftKey" | "altKey" | "metaKey")[]): KeyPress {
  const key = code.startsWith("Key") ? code.slice(3) : code;
  const none = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
  return {
    type: "keydown",
    key,
    code,
    ...none,
    ...Object.fromEntries(modifiers.map((name) => [name, true])),
  };
}

describe("a key in the terminal", () => {
  it.each<[string, KeyPress, string | undefined]>([
    ["Ctrl+Shift+C copies", press("KeyC", "ctrlKey", "shiftKey"), "copy"],
    ["Ctrl+Insert copies", press("Insert", "ctrlKey"), "copy"],
    ["Ctrl+Shift+V pastes", press("KeyV", "ctrlKey", "shiftKey"), "paste"],
    ["Ctrl+Shift+F searches", press("KeyF", "ctrlKey", "shiftKey"), "search"],
    ["Ctrl+F is typed", press("KeyF", "ctrlKey"), undefined],
    ["Shift+Insert pastes", press("Insert", "shiftKey"), "paste"],
    ["Ctrl+C interrupts", press("KeyC", "ctrlKey"), undefined],
    ["Ctrl+V is typed", press("KeyV", "ctrlKey"), undefined],
    ["Command+C is the browser's", press("KeyC", "metaKey"), undefined],
    ["Insert is typed", press("Insert"), undefined],
    ["Ctrl+Alt+Shift+C is typed", press("KeyC", "ctrlKey", "shiftKey", "altKey"), undefined],
    ["letting go does nothing", { ...press("KeyC", "ctrlKey", "shiftKey"), type: "keyup" }, undefined],
  ])("%s", (_name, event, expected) => {
    expect(terminalKey(event, true)).toBe(expected);
  });

  it("goes to another terminal where there is one, and is typed where there is none", () => {
    const right = press("ArrowRight", "ctrlKey", "shiftKey");
    expect(terminalKey(right, true)).toBe("next");
    expect(terminalKey(press("ArrowLeft", "ctrlKey", "shiftKey"), true)).toBe("before");
    expect(terminalKey(press("ArrowLeft", "ctrlKey"), true)).toBeUndefined();
    expect(terminalKey(right, false)).toBeUndefined();
  });
});
