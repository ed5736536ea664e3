import { describe, expect, it } from "vitest";
import { parsePostcard } from "./postcard.ts";

const GOOD = {
  schema: 1,
  lesson: "tour/glass-box",
  svg: "<svg/>",
  width: 720,
  height: 500,
  time: 1,
} as const;

describe("a stored postcard", () => {
  it("is read as it was kept", () => expect(parsePostcard(GOOD, "tour/glass-box")).toEqual(GOOD));

  it.each([
    ["nothing", undefined],
    ["of another schema", { ...GOOD, schema: 2 }],
    ["of another lesson", { ...GOOD, lesson: "namespaces/pid" }],
    ["without a size", { ...GOOD, width: 0 }],
    ["larger than any screen", { ...GOOD, height: 1e9 }],
    ["with something else for a drawing", { ...GOOD, svg: { toString: "x" } }],
    ["of too much text", { ...GOOD, svg: "x".repeat(5 * 1024 * 1024) }],
  ])("counts as nothing when it is %s", (_, stored) =>
    expect(parsePostcard(stored, "tour/glass-box")).toBeUndefined(),
  );
});
