/** `vivarium dev`: the page with courses that are being written. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../../../tools/serve.mjs";
import { CodedError } from "../../base/index.ts";
import { CourseServer, formatProblem, LiveCourses, type LiveState } from "../../lessons/compile/index.ts";
import { findInStore } from "../places.ts";
import { findCourses } from "./find-courses.ts";
import { isPage, requirePage } from "./page.ts";

const USUAL_PORT = 4174;
const STORED = /^store\/([0-9a-f]{64})$/;

export interface DevOptions {
  readonly courses: string;
  /** The usual one, or the next that is free, if not given; 0 for any. */
  readonly port: number | undefined;
  readonly host: string;
  readonly print: (line: string) => void;
  /** Stops it. */
  readonly signal: AbortSignal;
}

function listenError(error: unknown, host: string, port: number): CodedError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EADDRINUSE") {
    const fix = "--port 0 takes a free one";
    return new CodedError("bad-argument", `port ${port} is taken by another program; ${fix}`);
  }
  return new CodedError("bad-argument", `nothing can be served at ${host}, port ${port} (${code})`, {
    cause: error,
  });
}

/** What has changed in the courses since it was told the last time. */
function newsIn(before: LiveState, { problems, courses }: LiveState): readonly string[] {
  if (problems.length > 0) return problems.map(formatProblem);
  const known = new Set(before.files.keys());
  const changed = courses.flatMap(({ lessons }) => lessons).map(({ lesson }) => lesson.id);
  const listed = new Map(
    before.index.courses.flatMap((one) => one.lessons.map(({ id, file }) => [id, file])),
  );
  const ids = changed.filter((id) => !known.has(listed.get(id) ?? ""));
  const lines = before.problems.length > 0 ? ["Everything is right again."] : [];
  return ids.length > 0 ? [...lines, `Changed: ${ids.join(", ")}`] : lines;
}

/**
 * Serves until the signal fires.
 * @throws CodedError `bad-argument`, `asset-missing`
 */
export async function serveCourses({ courses, port, host, print, signal }: DevOptions): Promise<void> {
  const place = findCourses(courses);
  const page = requirePage();
  const live = new LiveCourses({ ...place, root: process.cwd() });
  const served = new CourseServer(live);
  try {
    let before = live.state;
    for (const problem of before.problems) print(formatProblem(problem));
    live.onChange((state) => {
      for (const line of newsIn(before, state)) print(line);
      before = state;
    });
    const server = await serve({
      ...{ root: page, host, port: port ?? USUAL_PORT, nextPort: port === undefined },
      find(path) {
        if (isPage(path)) return { text: served.page(readFileSync(join(page, path), "utf8")) };
        const stored = STORED.exec(path)?.[1];
        if (stored !== undefined) return findInStore(stored);
        const found = served.find(path);
        return typeof found === "string" ? { text: found } : found;
      },
    }).catch((error: unknown) => {
      throw listenError(error, host, port ?? USUAL_PORT);
    });
    for (const { title, lessons } of before.index.courses)
      for (const lesson of lessons) print(`${server.url}?lesson=${lesson.id}  ${title} / ${lesson.title}`);
    print(`${courses} is shown at ${server.url} as it is written. Ctrl-C stops it.`);
    try {
      await new Promise<void>((stopped) => {
        if (signal.aborted) stopped();
        signal.addEventListener("abort", () => stopped(), { once: true });
      });
    } finally {
      served.dispose();
      await server.close();
    }
  } finally {
    served.dispose();
  }
}
