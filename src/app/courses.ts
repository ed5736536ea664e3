import { asCodedError, type CodedError } from "../base/index.ts";
import { type CourseIndex, INDEX_SCHEMA, parseCourseIndex } from "../lessons/index.ts";

/** The courses that stand in the page. */
export interface PageCourses {
  readonly index: CourseIndex;
  /** Why there are none. */
  readonly error: CodedError | undefined;
}

/** Reads the list that `vivarium build` or a server has put into the page. Never throws. */
export function readCourses(page: Document): PageCourses {
  try {
    return { index: parseCourseIndex(page.getElementById("courses")?.textContent ?? ""), error: undefined };
  } catch (error) {
    return { index: { schema: INDEX_SCHEMA, live: false, courses: [] }, error: asCodedError(error) };
  }
}
