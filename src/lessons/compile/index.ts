export { type CompiledCourse, compileCourses } from "./courses.ts";
export { compileLesson } from "./lesson.ts";
export { formatProblem, LessonError, type Problem } from "./problems.ts";
export { type LessonsPlugin, vivariumLessons } from "./vite-plugin.ts";
