/**
 * How a page is told of its courses: a list of them in the page itself, and a file for each lesson, fetched when the
 * lesson is opened. `compile/course-files.ts` writes both.
 */
import * as v from "valibot";
import { CodedError } from "../base/index.ts";
import type { CourseMeta, Lesson, LessonMeta } from "./tree.ts";

/** Of the list and of the files: a page reads only those that were made for it. */
export const INDEX_SCHEMA = 2;

const Texts = v.array(v.string());

const ListedLessonSchema = v.object({
  id: v.string(),
  aliases: Texts,
  version: v.number(),
  title: v.string(),
  summary: v.string(),
  authors: Texts,
  minutes: v.number(),
  profile: v.string(),
  machines: v.pipe(
    v.array(
      v.object({
        name: v.string(),
        memory: v.optional(v.number()),
        segment: v.number(),
        power: v.picklist(["on", "off"]),
      }),
    ),
    v.minLength(1),
  ),
  terminals: v.pipe(
    v.array(v.object({ name: v.string(), machine: v.string(), user: v.string() })),
    v.minLength(1),
  ),
  prerequisites: Texts,
  topics: Texts,
  language: v.string(),
  licence: v.string(),
  /** Ids of its steps, in order: what was done of it can be told without its file. */
  steps: Texts,
  /** Where it lies, below the page. The name changes with the content. */
  file: v.pipe(v.string(), v.regex(/^courses\/[a-z0-9-]+\/[a-z0-9-]+\.[0-9a-f]{16}\.json$/)),
});

const CourseIndexSchema = v.object({
  schema: v.literal(INDEX_SCHEMA),
  /** The courses are being written: `LIVE_FILE` tells of changes. */
  live: v.optional(v.boolean(), false),
  courses: v.array(
    v.object({
      id: v.string(),
      title: v.string(),
      summary: v.string(),
      lessons: v.array(ListedLessonSchema),
    }),
  ),
});

/** A lesson as the page lists it. */
export interface ListedLesson extends LessonMeta {
  readonly steps: readonly string[];
  readonly file: string;
}

/** A course as the page lists it. */
export interface Course extends CourseMeta {
  readonly lessons: readonly ListedLesson[];
}

export interface CourseIndex {
  readonly schema: typeof INDEX_SCHEMA;
  readonly live: boolean;
  readonly courses: readonly Course[];
}

/** Where a page listens that shows courses which are being written: a stream of events, each a {@link CourseNews}. */
export const LIVE_FILE = "courses/live";

const CourseNewsSchema = v.object({
  index: CourseIndexSchema,
  /** What is wrong with those that are shown in their last good form. */
  problems: v.array(
    v.object({
      file: v.string(),
      line: v.number(),
      column: v.number(),
      what: v.string(),
      fix: v.string(),
    }),
  ),
});

/** What is wrong with a lesson or a course, where in its source, and what would be right. */
export interface SourceProblem {
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly fix: string;
}

/** All that is so now, whatever was told before. */
export interface CourseNews {
  readonly index: CourseIndex;
  readonly problems: readonly SourceProblem[];
}

function parseAs<const S extends v.GenericSchema>(schema: S, text: string, what: string): v.InferOutput<S> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new CodedError("manifest-invalid", `${what} is no JSON`, { cause: error });
  }
  const parsed = v.safeParse(schema, data);
  if (parsed.success) return parsed.output;
  throw new CodedError("manifest-invalid", `${what} is malformed: ${parsed.issues[0].message}`);
}

/** @throws CodedError `manifest-invalid` */
export function parseCourseIndex(text: string): CourseIndex {
  return parseAs(CourseIndexSchema, text, "the list of courses");
}

/** @throws CodedError `manifest-invalid` */
export function parseCourseNews(text: string): CourseNews {
  return parseAs(CourseNewsSchema, text, "the news of the courses");
}

/**
 * The lesson in a file. What is in it was checked when it was compiled, by the same build as the page.
 * @throws CodedError `manifest-invalid` when it is another lesson, or was made for another page
 */
export function parseLessonFile(text: string, id: string): Lesson {
  const FileSchema = v.object({
    schema: v.literal(INDEX_SCHEMA),
    lesson: v.looseObject({
      id: v.literal(id),
      intro: v.array(v.unknown()),
      steps: v.pipe(v.array(v.looseObject({ id: v.string() })), v.minLength(1)),
      proven: v.array(v.unknown()),
    }),
  });
  return parseAs(FileSchema, text, `the file of ${id}`).lesson as unknown as Lesson;
}

/** A lesson by its id, or by one that it had. */
export function findLesson(
  { courses }: Pick<CourseIndex, "courses">,
  id: string,
): { readonly course: Course; readonly lesson: ListedLesson } | undefined {
  const all = courses.flatMap((course) => course.lessons.map((lesson) => ({ course, lesson })));
  return all.find(({ lesson }) => lesson.id === id) ?? all.find(({ lesson }) => lesson.aliases.includes(id));
}
