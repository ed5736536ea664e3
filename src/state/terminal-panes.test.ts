import { expect, test } from "vitest";
import { brought, joined, onlyPane, split, without } from "./terminal-panes.ts";

const ONE = onlyPane("a");
const TWO = split(ONE, "below", "b");

test("a split shows another one beside the one in front, which is typed into then", () => {
  expect(TWO).toEqual({ shown: ["a", "b"], front: "b", direction: "below" });
  expect(split(TWO, "beside", "c")).toEqual({ shown: ["b", "c"], front: "c", direction: "beside" });
  expect(joined(TWO)).toEqual({ shown: ["b"], front: "b", direction: "below" });
});

test("what is asked for takes the place of the one in front, and keeps its own where it is in sight", () => {
  expect(brought(ONE, "c").shown).toEqual(["c"]);
  expect(brought(TWO, "c")).toEqual({ shown: ["a", "c"], front: "c", direction: "below" });
  expect(brought(TWO, "a")).toEqual({ shown: ["a", "b"], front: "a", direction: "below" });
  expect(brought(brought(TWO, "a"), "c").shown).toEqual(["c", "b"]);
});

test("one that is closed leaves its room to the other, or its place to its neighbour", () => {
  expect(without(TWO, "b", ["a", "c"], 1)).toMatchObject({ shown: ["a"], front: "a" });
  expect(without(TWO, "a", ["b", "c"], 0)).toMatchObject({ shown: ["b"], front: "b" });
  expect(without(TWO, "c", ["a", "b"], 2)).toBe(TWO);
  expect(without(onlyPane("c"), "c", ["a", "b"], 2)).toMatchObject({ shown: ["b"], front: "b" });
  expect(without(ONE, "a", ["b"], 0)).toMatchObject({ shown: ["b"], front: "b" });
});
