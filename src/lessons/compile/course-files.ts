/** Compiled courses as a page reads them: the list, and a file for each lesson. See `../course-index.ts`. */
import { createHash } from "node:crypto";
import { type CourseIndex, INDEX_SCHEMA, type Lesson, type LessonMeta, type ListedLesson } from "../index.ts";
import type { CompiledCourse } from "./courses.ts";

export interface CourseFiles {
  readonly index: CourseIndex;
  /** By their names below the page: `courses/…`. */
  readonly files: ReadonlyMap<string, string>;
}

function metaOf({ intro: _intro, steps: _steps, proven: _proven, ...meta }: Lesson): LessonMeta {
  return meta;
}

/** @param live The page is to listen for changes. */
export function courseFiles(courses: readonly CompiledCourse[], live = false): CourseFiles {
  const files = new Map<string, string>();
  const listed = courses.map(({ id, title, summary, lessons }) => ({
    ...{ id, title, summary },
    lessons: lessons.map(({ lesson }): ListedLesson => {
      const text = JSON.stringify({ schema: INDEX_SCHEMA, lesson });
      const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
      const file = `courses/${lesson.id}.${hash}.json`;
      files.set(file, text);
      return { ...metaOf(lesson), steps: lesson.steps.map((step) => step.id), file };
    }),
  }));
  return { index: { schema: INDEX_SCHEMA, live, courses: listed }, files };
}

const OPENING = '<script type="application/json" id="courses">';
const BLOCK = new RegExp(`${OPENING}[^<]*</script>`);

/** Whether a page has a list of courses. */
export function hasCourses(html: string): boolean {
  return BLOCK.test(html);
}

/**
 * Puts the list of courses into a page, in place of one that it has: it is data, which no browser runs and no policy
 * forbids, and it is there without another request.
 */
export function withCourses(html: string, index: CourseIndex): string {
  // Nothing in it can end the element.
  const block = `${OPENING}${JSON.stringify(index).replaceAll("<", "\\u003c")}</script>`;
  if (hasCourses(html)) return html.replace(BLOCK, () => block);
  return html.replace("</body>", () => `${block}\n  </body>`);
}
