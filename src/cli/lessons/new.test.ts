import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lint } from "./lint.ts";
import { newCourse, newLesson } from "./new.ts";
import { readLessons } from "./read-lessons.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vivarium-new-"));
});
afterEach(() => rmSync(root, { recursive: true }));

it("a new course with two new lessons compiles, and lint has nothing to say", async () => {
  const courses = join(root, "courses");
  await newCourse(courses, "my-course");
  await newLesson(join(courses, "my-course"), "first-steps");
  const files = await newLesson(join(courses, "my-course"), "more");
  expect(files[0]).toBe(join(courses, "my-course/02-more/lesson.md"));
  expect(readLessons(root, []).map(({ lesson, proof }) => [lesson.id, proof !== undefined])).toEqual([
    ["my-course/first-steps", true],
    ["my-course/more", true],
  ]);
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const isClean = await lint({ folder: root, lessons: [], json: false, print: say, note: say });
  expect([isClean, said]).toEqual([true, []]);
});

it("editors find the schemas of its files", async () => {
  const courses = join(root, "courses");
  const written = await newCourse(courses, "mine");
  const [, proof = ""] = await newLesson(join(courses, "mine"), "one");
  expect(written.map((path) => relative(courses, path))).toEqual([
    "mine/course.yaml",
    ...["course", "lesson", "proof", "query"].map((name) => `.vivarium/${name}.schema.json`),
  ]);
  for (const file of [written[0] ?? "", proof]) {
    const [, schema = ""] =
      /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, "utf8")) ?? [];
    expect(JSON.parse(readFileSync(join(dirname(file), schema), "utf8"))).toHaveProperty("properties");
  }
  // A second course finds them there.
  expect(await newCourse(courses, "other")).toHaveLength(1);
});

it("nothing is written over, and a bad id is refused", async () => {
  const [file = ""] = await newCourse(root, "one");
  const before = readFileSync(file, "utf8");
  await expect(newCourse(root, "one")).rejects.toThrow(/is there already; nothing was written/);
  await expect(newCourse(root, "../two")).rejects.toThrow(/lower-case words/);
  await expect(newLesson(root, "x")).rejects.toThrow(/is no course/);
  expect(readFileSync(file, "utf8")).toBe(before);
});
