import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poll } from "../../../tests/support/poll.ts";
import { type CourseNews, findLesson, parseCourseIndex, parseCourseNews, parseLessonFile } from "../index.ts";
import { courseFiles, hasCourses, withCourses } from "./course-files.ts";
import { CourseServer } from "./course-server.ts";
import { compileCourses, readCourses } from "./courses.ts";
import { LiveCourses, type LiveState } from "./live-courses.ts";

const META = "summary: s\nminutes: 5\nprofile: base\ntopics: [t]\nlanguage: en";
const lesson = (id: string, body = "Text."): string =>
  `---\nid: mine/${id}\nversion: 1\ntitle: "<b>${id}</b>"\n${META}\n---\n\n::::step{#one title="One"}\n${body}\n::::\n`;

let root: string;
const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vivarium-courses-"));
  put("courses/mine/course.yaml", "id: mine\ntitle: Mine\nsummary: s\n");
  put("courses/mine/01-a/lesson.md", lesson("a"));
  put("courses/mine/02-b/lesson.md", lesson("b", '::include{file="../parts/note.md"}'));
  put("courses/mine/parts/note.md", "Included.");
});
afterEach(() => rmSync(root, { recursive: true }));

const compiled = () => courseFiles(compileCourses(join(root, "courses"), root));

describe("courses as a page reads them", () => {
  it("are a list in the page and a file for each lesson", () => {
    const { index, files } = compiled();
    const page = withCourses("<body>\n  <p></p>\n  </body>", index);
    const [, text = ""] = /id="courses">([^<]*)<\/script>\n\s*<\/body>/.exec(page) ?? [];
    expect(parseCourseIndex(text)).toEqual(index);
    const found = findLesson(parseCourseIndex(text), "mine/b");
    expect(found).toMatchObject({ course: { title: "Mine" }, lesson: { title: "<b>b</b>", minutes: 5 } });
    const read = parseLessonFile(files.get(found?.lesson.file ?? "") ?? "", "mine/b");
    expect(JSON.stringify(read.steps)).toContain("Included.");
  });

  it("stand in a page once, whatever they are called", () => {
    const { index } = compiled();
    const other = { ...index, courses: [] };
    const page = withCourses(withCourses("<body></body>", index), other);
    expect([hasCourses(page), hasCourses("<body></body>")]).toEqual([true, false]);
    expect(page.match(/<script/g)).toHaveLength(1);
    const hostile = { ...index, courses: [{ ...index.courses[0], id: "</script><script>", title: "$&" }] };
    expect(withCourses(page, hostile as typeof index).match(/<script/g)).toHaveLength(1);
    expect(withCourses(page, hostile as typeof index)).toContain('"title":"$&"');
  });

  it("have other file names when they are other lessons, and only then", () => {
    const before = [...compiled().files.keys()];
    put("courses/mine/01-a/lesson.md", lesson("a", "Other text."));
    const after = [...compiled().files.keys()];
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });

  it.each([
    ["", /no JSON/],
    ["null", /malformed/],
    ['{"schema":1,"courses":[]}', /malformed/],
    ['{"schema":2,"courses":[{"id":"a","title":"","summary":"","lessons":[{}]}]}', /malformed/],
  ])("are refused as %s", (text, why) => {
    expect(() => parseCourseIndex(text)).toThrow(why);
  });

  it("are refused when a file leads out of the courses, or has another lesson", () => {
    const text = JSON.stringify(compiled().index).replace(/courses\/mine\/a\./, "courses/../a.");
    expect(() => parseCourseIndex(text)).toThrow(/malformed/);
    const [file = ""] = compiled().files.values();
    expect(() => parseLessonFile(file, "mine/b")).toThrow(/the file of mine\/b is malformed/);
    expect(() => parseLessonFile(file.replace('"schema":2', '"schema":1'), "mine/a")).toThrow(/malformed/);
  });
});

describe("a folder of courses", () => {
  it("may hold other folders, and one course of it may be meant", () => {
    put("courses/other/course.yaml", "id: other\ntitle: Other\nsummary: s\n");
    put("courses/pictures/a.txt", "");
    put("courses/.git/course.yaml", "");
    put("courses/node_modules/x/lesson.md", "");
    const ids = (only?: string) => compileCourses(join(root, "courses"), root, only).map(({ id }) => id);
    expect(ids()).toEqual(["mine", "other"]);
    expect(ids("other")).toEqual(["other"]);
    put("courses/third/01-x/lesson.md", lesson("x"));
    expect(ids).toThrow(/courses\/third\/course.yaml:1:1: the course has no course.yaml/);
  });

  it("says of what it cannot read, and goes on", () => {
    mkdirSync(join(root, "courses/mine/03-c/lesson.md"), { recursive: true });
    const { courses, problems } = readCourses(join(root, "courses"), { root });
    expect(courses[0]?.lessons).toHaveLength(2);
    expect(problems).toMatchObject([
      { file: "courses/mine/03-c/lesson.md", line: 1, what: "it cannot be read (EISDIR)" },
    ]);
    const nothing = readCourses(join(root, "nowhere"), { root });
    expect(nothing).toMatchObject({ courses: [], problems: [{ what: "it cannot be read (ENOENT)" }] });
  });
});

/** Courses that are looked at as fast as can be, and what they told. */
function watch(): { live: LiveCourses; told: LiveState[] } {
  const live = new LiveCourses({ folder: join(root, "courses"), root, lookMs: 2 });
  const told: LiveState[] = [];
  live.onChange((state) => told.push(state));
  return { live, told };
}

const textsOf = ({ files }: LiveState): string => [...files.values()].join("\n");

describe("courses that are being written", () => {
  it("are compiled anew when a lesson, or what it includes, has changed", async () => {
    const { live, told } = watch();
    try {
      put("courses/mine/01-a/lesson.md", lesson("a", "New text."));
      await poll(() => told.length === 1);
      expect(textsOf(live.state)).toContain("New text.");
      put("courses/mine/parts/note.md", "New note.");
      await poll(() => told.length === 2);
      expect(textsOf(live.state)).toContain("New note.");
      put("courses/mine/03-c/lesson.md", lesson("c"));
      await poll(() => told.length === 3);
      expect(findLesson(live.state.index, "mine/c")?.lesson.id).toBe("mine/c");
      rmSync(join(root, "courses/mine/03-c"), { recursive: true });
      await poll(() => told.length === 4);
      expect(findLesson(live.state.index, "mine/c")).toBeUndefined();
    } finally {
      live.dispose();
    }
  });

  it("are there in their last good form while something is wrong", async () => {
    const { live, told } = watch();
    try {
      const before = textsOf(live.state);
      put("courses/mine/02-b/lesson.md", lesson("b", ":::hnt\n:::"));
      await poll(() => told.length === 1);
      expect(live.state.problems).toMatchObject([{ file: "courses/mine/02-b/lesson.md", line: 13 }]);
      expect(textsOf(live.state)).toBe(before);
      put("courses/mine/course.yaml", "id: 3");
      put("courses/mine/01-a/lesson.md", lesson("a", "New text."));
      await poll(() => textsOf(live.state).includes("New text."));
      expect(live.state.problems.length).toBeGreaterThan(1);
      renameSync(join(root, "courses"), join(root, "away"));
      await poll(() => live.state.problems.some(({ what }) => what.includes("ENOENT")));
      renameSync(join(root, "away"), join(root, "courses"));
      put("courses/mine/course.yaml", "id: mine\ntitle: Mine\nsummary: s\n");
      put("courses/mine/02-b/lesson.md", lesson("b", "Right."));
      await poll(() => live.state.problems.length === 0);
      expect(textsOf(live.state)).toContain("Right.");
    } finally {
      live.dispose();
    }
  });

  it("tell nothing when nothing has changed for the page", async () => {
    const { live, told } = watch();
    try {
      put("courses/mine/01-a/proof.yaml", "steps: {}\n");
      put("courses/mine/01-a/lesson.md", readFileSync(join(root, "courses/mine/01-a/lesson.md"), "utf8"));
      put("courses/mine/01-a/lesson.md", lesson("a", "New text."));
      await poll(() => told.length > 0);
      expect(told).toHaveLength(1);
    } finally {
      live.dispose();
    }
  });
});

describe("a server of courses that are being written", () => {
  let server: Server;
  let courses: CourseServer;

  beforeEach(async () => {
    courses = new CourseServer(new LiveCourses({ folder: join(root, "courses"), root, lookMs: 2 }));
    server = createServer((request, response) => {
      const found = courses.find((request.url ?? "").slice(1));
      if (typeof found === "function") found(request, response);
      else response.writeHead(found === undefined ? 404 : 200).end(found);
    });
    await new Promise<void>((done) => {
      server.listen(0, "127.0.0.1", done);
    });
  });
  afterEach(() => {
    courses.dispose();
    server.close();
  });

  it("tells each page at once what is so, then what has changed, and ends when it is disposed", async () => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/courses/live`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const decoder = new TextDecoder();
    let stream = "";
    const reading = response.body?.pipeTo(
      new WritableStream<Uint8Array>({
        write: (bytes) => {
          stream += decoder.decode(bytes, { stream: true });
        },
      }),
    );
    const news = (): CourseNews[] =>
      [...stream.matchAll(/^data: (.*)\n\n/gm)].map(([, text = ""]) => parseCourseNews(text));
    await poll(() => news().length === 1);
    expect(news()[0]).toMatchObject({ index: { live: true }, problems: [] });
    const old = findLesson(news()[0]?.index ?? { courses: [] }, "mine/a")?.lesson.file ?? "";
    put("courses/mine/01-a/lesson.md", lesson("a", "New text."));
    await poll(() => news().length === 2);
    const now = findLesson(news()[1]?.index ?? { courses: [] }, "mine/a")?.lesson.file ?? "";
    expect(courses.find(now)).toContain("New text.");
    expect(courses.find(old)).toContain('"Text."');
    expect(courses.find("courses/mine/nothing.json")).toBeUndefined();
    courses.dispose();
    await reading;
  });
});
