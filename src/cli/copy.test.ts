import { expect, test } from "vitest";
import { parseCopy, safeTarget } from "./copy.ts";

test("the last colon divides source and destination", () => {
  expect(parseCopy("a/b:/tmp/c")).toEqual({ from: "a/b", to: "/tmp/c" });
  expect(parseCopy("C:\\x:/tmp/c")).toEqual({ from: "C:\\x", to: "/tmp/c" });
  for (const bad of ["", "abc", ":x", "x:"]) expect(() => parseCopy(bad)).toThrow(/SRC:DST/);
});

test("an archive of the guest cannot write outside of its folder", () => {
  expect(safeTarget("/out", "./a/b")).toBe("/out/a/b");
  expect(safeTarget("/out", "a/../b")).toBe("/out/b");
  for (const bad of ["../x", "a/../../x", "/etc/passwd", ".."])
    expect(safeTarget("/out", bad)).toBeUndefined();
});
