import { describe, expect, test } from "vitest";
import { LESSON_META } from "../../tests/support/lesson-meta.ts";
import { type CourseIndex, INDEX_SCHEMA, type ListedLesson } from "../lessons/index.ts";
import { doorOf, firstMachine } from "./door.ts";
import type { Route } from "./route.ts";

const lesson = (id: string, ...aliases: readonly string[]): ListedLesson => ({
  ...LESSON_META,
  id,
  aliases,
  steps: ["one"],
  file: `courses/${id}.0000000000000000.json`,
});

const index: CourseIndex = {
  schema: INDEX_SCHEMA,
  live: false,
  courses: [{ id: "mine", title: "", summary: "", lessons: [lesson("mine/a", "mine/old")] }],
};
const asked = (id: string): Route => ({ kind: "lesson", lesson: id, isReplay: true });

describe("the door that opens", () => {
  test.each<[string, Route, object]>([
    ["nothing", { kind: "landing" }, { kind: "landing" }],
    ["a course", { kind: "landing", course: "mine" }, { kind: "landing", course: "mine" }],
    ["an unknown course", { kind: "landing", course: "no" }, { kind: "landing", missing: "course" }],
    ["a lesson", asked("mine/a"), { kind: "lab", lesson: lesson("mine/a", "mine/old"), isReplay: true }],
    [
      "its former id",
      asked("mine/old"),
      { kind: "lab", lesson: lesson("mine/a", "mine/old"), isReplay: true },
    ],
    ["an unknown lesson", asked("no/a"), { kind: "landing", missing: "lesson" }],
    ["one of a known course", asked("mine/b"), { kind: "landing", missing: "lesson", course: "mine" }],
  ])("for %s", (_what, route, door) => expect(doorOf(route, index)).toEqual(door));

  test("for everything is the landing where there are no courses", () => {
    const none = { ...index, courses: [] };
    expect(doorOf(asked("mine/a"), none)).toEqual({ kind: "landing", missing: "lesson" });
    expect(doorOf({ kind: "landing" }, none)).toEqual({ kind: "landing" });
    expect(doorOf({ kind: "terminal" }, none)).toEqual({ kind: "terminal" });
  });
});

describe("the first machine", () => {
  const lab = (listed: Partial<ListedLesson>): Parameters<typeof firstMachine>[0] => ({
    ...{ kind: "lab", isReplay: false },
    lesson: { ...lesson("mine/a"), ...listed },
  });
  const off = { name: "machine-1", segment: 1, power: "off" as const, memory: 64 };
  const on = { name: "machine-2", segment: 1, power: "on" as const };

  test.each([
    ["is the first that is switched on", lab({ profile: "base", machines: [off, on] }), "", "base", false],
    ["has the lesson's memory", lab({ machines: [{ ...on, memory: 256 }] }), "?profile=large", "large", true],
    [
      "of the free terminal is the usual one",
      { kind: "terminal" as const },
      "?terminal&memory=",
      "base",
      false,
    ],
    [
      "of the free terminal is what is asked for",
      { kind: "terminal" as const },
      "?memory=96&profile=x",
      "x",
      true,
    ],
  ])("%s", (_what, door, search, profile, hasOwnMemory) =>
    expect(firstMachine(door, search)).toEqual({ profile, hasOwnMemory }),
  );
});
