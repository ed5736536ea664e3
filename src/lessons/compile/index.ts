export { courseFiles, hasCourses, withCourses } from "./course-files.ts";
export { CourseServer } from "./course-server.ts";
export { type CompiledCourse, compileCourses, isCourse } from "./courses.ts";
export { type CompiledLesson, compileLesson } from "./lesson.ts";
export { type LinkPlace, linksOf, lintLesson, lintProof, type LintWorld, type ShellError } from "./lint.ts";
export { LiveCourses, type LiveState } from "./live-courses.ts";
export { LessonError, formatProblem, type Problem } from "./problems.ts";
export { readProof } from "./proof.ts";
export { type LessonsPlugin, vivariumLessons } from "./vite-plugin.ts";
