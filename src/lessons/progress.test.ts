import { describe, expect, it } from "vitest";
import { emptyProgress, parseProgress, withAnswer, withCurrent, withDone } from "./progress.ts";

describe("progress", () => {
  const worked = withAnswer(withCurrent(withDone(emptyProgress("a/b", 1), "one"), "two"), "guess", 1);

  it("survives being stored", () => {
    expect(parseProgress(JSON.parse(JSON.stringify(worked)), "a/b", 1)).toEqual(worked);
  });

  it("moves on to the lesson's present version", () => {
    expect(parseProgress(worked, "a/b", 7)).toEqual({ ...worked, version: 7 });
  });

  it.each([
    undefined,
    null,
    5,
    "x",
    [],
    { schema: 2 },
    { ...worked, done: [5] },
    { ...worked, lesson: "c/d" },
  ])("counts %j as nothing", (stored) => {
    expect(parseProgress(stored, "a/b", 1)).toEqual(emptyProgress("a/b", 1));
  });

  it("names a step once", () => {
    expect(withDone(withDone(worked, "one"), "two").done).toEqual(["one", "two"]);
  });
});
