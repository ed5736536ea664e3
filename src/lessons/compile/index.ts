export { type CompiledCourse, compileCourses } from "./courses.ts";
export { compileLesson } from "./lesson.ts";
export { lintLesson } from "./lint.ts";
export { LessonError, formatProblem, type Problem } from "./problems.ts";
export { readProof } from "./proof.ts";
export { type LessonsPlugin, vivariumLessons } from "./vite-plugin.ts";
