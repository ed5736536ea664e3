import { describe, expect, it } from "vitest";
import { LESSON_META } from "../../tests/support/lesson-meta.ts";
import { poll } from "../../tests/support/poll.ts";
import { CodedError, deferred, toDisposable } from "../base/index.ts";
import type { CourseIndex, CourseNews, Lesson, ListedLesson, SourceProblem } from "../lessons/index.ts";
import { LiveLesson, type LiveLessonOptions, type NewsListener } from "./live-lesson.ts";

function listed(hash: string, more: Partial<ListedLesson> = {}): ListedLesson {
  return {
    ...LESSON_META,
    id: "mine/a",
    steps: ["one"],
    file: `courses/mine/a.${hash.repeat(16)}.json`,
    ...more,
  };
}

const news = (lessons: readonly ListedLesson[], problems: readonly SourceProblem[] = []): string =>
  JSON.stringify({
    index: { schema: 2, live: true, courses: [{ id: "mine", title: "", summary: "", lessons }] },
    problems,
  } satisfies CourseNews);

const PROBLEM = { file: "a.md", line: 1, column: 1, what: "w", fix: "f" };

function setUp(more: Partial<LiveLessonOptions> = {}) {
  const seen = { shown: [] as string[], lists: [] as CourseIndex[], reloads: 0, closed: 0 };
  let server: NewsListener | undefined;
  const live = new LiveLesson({
    listen: (listener) => {
      server = listener;
      return toDisposable(() => seen.closed++);
    },
    wanted: "mine/a",
    opened: listed("0"),
    fetch: async ({ file }) => ({ title: file }) as Lesson,
    replace: (_lesson, { file }) => seen.shown.push(file.slice(-6, -5)),
    list: (index) => seen.lists.push(index),
    reload: () => seen.reloads++,
    ...more,
  });
  const tell = (text: string): void => server?.onNews(text);
  return { live, seen, tell, connected: (is: boolean) => server?.onConnected(is) };
}

describe("a lesson that is being written", () => {
  it("is shown when it is another one", async () => {
    const { live, seen, tell } = setUp();
    tell(news([listed("0")]));
    tell(news([listed("1")]));
    await poll(() => seen.shown.length === 1);
    expect(seen).toMatchObject({ shown: ["1"], reloads: 0 });
    expect(seen.lists).toHaveLength(2);
    expect(live.state.value).toEqual({ problems: [], lesson: "shown", connected: true });
  });

  it("is the newest, however slowly the ones before arrive", async () => {
    const slow = deferred<Lesson>();
    const { seen, tell } = setUp({
      fetch: async ({ file }) => (file.includes("1111") ? slow.promise : ({} as Lesson)),
    });
    tell(news([listed("1")]));
    tell(news([listed("2")]));
    await poll(() => seen.shown.length === 1);
    slow.resolve({} as Lesson);
    tell(news([listed("3")]));
    await poll(() => seen.shown.length === 2);
    expect(seen.shown).toEqual(["2", "3"]);
  });

  it("is fetched again with the next news, when it could not be", async () => {
    let attempts = 0;
    const { seen, tell } = setUp({
      fetch: async () => {
        if (attempts++ === 0) throw new CodedError("network", "away");
        return {} as Lesson;
      },
    });
    tell(news([listed("1")]));
    await poll(() => attempts === 1);
    tell(news([listed("1")]));
    await poll(() => seen.shown.length === 1);
  });

  it("stays as it is while something is wrong, and says what", () => {
    const { live, seen, tell, connected } = setUp();
    tell(news([listed("0")], [PROBLEM]));
    expect(live.state.value.problems).toEqual([PROBLEM]);
    tell("no news");
    tell('{"index":{}}');
    expect(live.state.value.problems).toEqual([PROBLEM]);
    connected(false);
    expect(live.state.value.connected).toBe(false);
    tell(news([listed("0")]));
    expect(live.state.value).toEqual({ problems: [], lesson: "shown", connected: true });
    expect(seen.shown).toEqual([]);
  });

  it("needs a new page for other machines, and none when they are the old ones again", async () => {
    const { live, seen, tell } = setUp();
    tell(news([listed("1", { profile: "containers" })]));
    expect(live.state.value.lesson).toBe("stale");
    tell(news([]));
    expect(live.state.value.lesson).toBe("gone");
    tell(news([listed("2")]));
    await poll(() => seen.shown.length === 1);
    expect(live.state.value.lesson).toBe("shown");
    live.reload();
    expect(seen).toMatchObject({ shown: ["2"], reloads: 1 });
  });

  it("is opened when there was none before", () => {
    const { seen, tell } = setUp({ opened: undefined });
    tell(news([], [PROBLEM]));
    expect(seen.reloads).toBe(0);
    tell(news([listed("0")]));
    expect(seen.reloads).toBe(1);
  });

  it("is left alone when the page is gone", async () => {
    const { live, seen, tell } = setUp();
    tell(news([listed("1")]));
    live.dispose();
    await Promise.resolve();
    expect(seen.closed).toBe(1);
  });
});
