import { describe, expect, it } from "vitest";
import type { CtrlHold } from "../views/index.ts";
import { tapCtrl } from "./tap-ctrl.ts";

describe("Ctrl of the key bar", () => {
  it.each<[CtrlHold, number, CtrlHold]>([
    ["off", 100, "once"],
    ["once", 300, "locked"],
    ["once", 3000, "off"],
    ["locked", 100, "off"],
  ])("when %s, tapped after %i ms, is %s", (before, since, after) => {
    expect(tapCtrl(before, since)).toBe(after);
  });
});
