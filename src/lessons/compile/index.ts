export { courseFiles, hasCourses, withCourses } from "./course-files.ts";
export { CourseServer } from "./course-server.ts";
export { type CompiledCourse, compileCourses, isCourse } from "./courses.ts";
export { compileLesson } from "./lesson.ts";
export { lintLesson } from "./lint.ts";
export { LiveCourses, type LiveState } from "./live-courses.ts";
export { LessonError, formatProblem, type Problem } from "./problems.ts";
export { readProof } from "./proof.ts";
export { type LessonsPlugin, vivariumLessons } from "./vite-plugin.ts";
