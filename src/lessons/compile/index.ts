export { type LessonsPlugin, vivariumLessons } from "./vite-plugin.ts";
