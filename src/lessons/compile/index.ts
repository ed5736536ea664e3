export { type CompiledCourse, compileCourses } from "./courses.ts";
export { LessonError } from "./problems.ts";
export { readProof } from "./proof.ts";
export { type LessonsPlugin, vivariumLessons } from "./vite-plugin.ts";
