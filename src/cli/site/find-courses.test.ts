import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCourses } from "./find-courses.ts";

let root: string;
const at = (path: string): string => join(root, path);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "vivarium-find-"));
  for (const file of [
    "courses/mine/course.yaml",
    "courses/mine/01-a/lesson.md",
    "bare/01-a/lesson.md",
    "a/b",
  ]) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), "");
  }
  mkdirSync(at("empty"));
});
afterAll(() => rmSync(root, { recursive: true }));

test.each(["", "courses"])("%s means all courses", (path) => {
  expect(findCourses(at(path))).toEqual({ folder: at("courses"), only: undefined });
});

test("a course means that one", () => {
  expect(findCourses(`${at("courses/mine")}/`)).toEqual({ folder: at("courses"), only: "mine" });
});

test.each([
  ["nowhere", /^there is no folder .*nowhere$/],
  ["a/b", /^this is no folder: .*b$/],
  ["empty", /empty holds no course; vivarium new course/],
  ["a", /holds no course/],
  ["courses/mine/01-a", /is a lesson; name its course: .*courses\/mine$/],
  ["bare", /has lessons and no course.yaml; add it/],
])("%s means none, and it is said why", (path, why) => {
  expect(() => findCourses(at(path))).toThrow(why);
});
