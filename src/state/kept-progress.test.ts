import { describe, expect, it } from "vitest";
import { emptyProgress, type LessonProgress } from "../lessons/index.ts";
import { KeptProgress } from "./kept-progress.ts";
import { memoryProgress } from "./progress-store.ts";

const way = (lesson: string, more: Partial<LessonProgress> = {}): LessonProgress => ({
  ...emptyProgress(lesson, 1),
  ...more,
});

async function open(...stored: readonly LessonProgress[]) {
  const store = memoryProgress();
  for (const one of stored) await store.save(one);
  const told: string[] = [];
  const kept = new KeptProgress({
    store,
    now: () => 0,
    onImported: async () => void told.push("imported"),
    beforeErase: async () => void told.push("erasing"),
  });
  return { store, kept, told };
}

describe("what is kept of a learner", () => {
  it("goes from one browser to another, and together with what is there", async () => {
    const one = await open(way("a/b", { done: ["one"], kept: 2 }), way("a/c", { done: ["x"] }));
    const file = new Blob([await one.kept.exportFile()]);
    const other = await open(way("a/b", { done: ["two"], answers: { guess: 1 }, kept: 1 }), way("a/d"));
    expect(await other.kept.importFile(file)).toEqual({ kind: "imported", lessons: 2 });
    expect(other.told).toEqual(["imported"]);
    expect(await other.store.load("a/b")).toEqual(
      way("a/b", { done: ["two", "one"], answers: { guess: 1 }, kept: 2 }),
    );
    expect(await other.store.load("a/c")).toEqual(way("a/c", { done: ["x"] }));
    expect(await other.store.load("a/d")).toEqual(way("a/d"));
    // Once more changes nothing.
    const before = await other.kept.exportFile();
    await other.kept.importFile(file);
    expect(await other.kept.exportFile()).toBe(before);
  });

  it.each([
    ["not-json", new Blob(["\u0000"])],
    ["not-ours", new Blob(["{}"])],
    ["too-large", new Blob([new Uint8Array(4 * 1024 * 1024 + 1)])],
    ["damaged", new Blob(['{"format":"vivarium-progress","schema":1,"lessons":[{"lesson":"a/b"}]}'])],
    [
      "unreadable",
      Object.assign(new Blob([]), {
        text: async () => {
          throw new Error("the file has gone");
        },
      }),
    ],
  ])("stays as it is where a file is refused: %s", async (reason, file) => {
    const { store, kept, told } = await open(way("a/b", { done: ["one"] }));
    expect(await kept.importFile(file)).toMatchObject({ kind: "refused", reason });
    expect(told).toEqual([]);
    expect(await store.all()).toEqual([way("a/b", { done: ["one"] })]);
  });

  it("is erased after the open lesson has forgotten", async () => {
    const { store, kept, told } = await open(way("a/b", { done: ["one"] }));
    await kept.erase();
    expect(told).toEqual(["erasing"]);
    expect(await store.all()).toEqual([]);
    expect(JSON.parse(await kept.exportFile())).toMatchObject({ lessons: [] });
  });

  it("is exported as far as it can be read, and counts as one where a lesson is there twice", async () => {
    const { store, kept } = await open();
    store.all = async () => [
      way("a/b", { done: ["one"] }),
      { schema: 99 },
      undefined,
      way("a/b", { done: ["two"] }),
    ];
    expect(JSON.parse(await kept.exportFile())).toMatchObject({
      lessons: [{ lesson: "a/b", done: ["one", "two"] }],
    });
  });
});
