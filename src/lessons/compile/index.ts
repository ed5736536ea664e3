export { type CompiledCourse, compileCourses } from "./courses.ts";
export { type CompiledLesson, compileLesson } from "./lesson.ts";
export { type LinkPlace, linksOf, lintLesson, lintProof, type LintWorld, type ShellError } from "./lint.ts";
export { LessonError, formatProblem, type Problem } from "./problems.ts";
export { readProof } from "./proof.ts";
export { type LessonsPlugin, vivariumLessons } from "./vite-plugin.ts";
