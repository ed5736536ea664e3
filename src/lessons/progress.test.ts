import { describe, expect, it } from "vitest";
import { emptyProgress, hasChanged, parseProgress, withAnswer, withCurrent, withDone } from "./progress.ts";

describe("progress", () => {
  const worked = withAnswer(withCurrent(withDone(emptyProgress("a/b", 1), "one"), "two"), "guess", 1);

  it("survives being stored", () => {
    expect(parseProgress(JSON.parse(JSON.stringify(worked)), "a/b", 1)).toEqual(worked);
  });

  it("knows of which version of the lesson it is", () => {
    const kept = parseProgress(worked, "a/b", 7);
    expect(kept.version).toBe(1);
    expect(hasChanged(kept, 7)).toBe(true);
    expect(hasChanged(kept, 1)).toBe(false);
    expect(hasChanged(emptyProgress("a/b", 1), 7)).toBe(false);
  });

  it("of the first schema is taken over", () => {
    expect(parseProgress({ ...worked, schema: 1 }, "a/b", 1)).toEqual(worked);
  });

  it.each([
    undefined,
    null,
    5,
    "x",
    [],
    { schema: 3 },
    { ...worked, done: [5] },
    { ...worked, lesson: "c/d" },
  ])("counts %j as nothing", (stored) => {
    expect(parseProgress(stored, "a/b", 1)).toEqual(emptyProgress("a/b", 1));
  });

  it("names a step once", () => {
    expect(withDone(withDone(worked, "one"), "two").done).toEqual(["one", "two"]);
  });
});
