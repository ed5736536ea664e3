import { join, sep } from "node:path";
import type { LessonMeta } from "../index.ts";
import { type CompiledCourse, compileCourses } from "./courses.ts";
import { LessonError } from "./problems.ts";

const LIST = "virtual:vivarium/lessons";
const LESSON = "virtual:vivarium/lesson/";

/** The part of a Vite plugin that is used here, so that lessons compile without Vite too. */
export interface LessonsPlugin {
  readonly name: string;
  configResolved(config: { readonly root: string }): void;
  buildStart(this: PluginContext): void;
  resolveId(id: string): string | undefined;
  load(this: PluginContext, id: string): string | undefined;
  configureServer(server: DevServer): void;
}

interface PluginContext {
  addWatchFile(file: string): void;
  error(problem: {
    message: string;
    id?: string;
    loc?: { file: string; line: number; column: number };
  }): never;
}

interface DevServer {
  readonly watcher: { on(event: "all", listener: (what: string, file: string) => void): unknown };
  readonly moduleGraph: { invalidateAll(): void };
  readonly ws: { send(message: { type: "full-reload" }): void };
}

function metaOf(lesson: CompiledCourse["lessons"][number]["lesson"]): LessonMeta {
  const { intro: _intro, steps: _steps, proven: _proven, ...meta } = lesson;
  return meta;
}

function listSource(courses: readonly CompiledCourse[]): string {
  const items = courses.map(({ lessons, ...course }) => {
    const entries = lessons.map(
      ({ lesson }) =>
        `{ ...${JSON.stringify(metaOf(lesson))}, load: () => import(${JSON.stringify(LESSON + lesson.id)}).then((one) => one.default) }`,
    );
    return `{ ...${JSON.stringify(course)}, lessons: [${entries.join(", ")}] }`;
  });
  return `export default [${items.join(",\n")}];`;
}

/**
 * Compiles `courses/` for the page: `virtual:vivarium/lessons` lists the courses (default export, `Course[]`), and
 * each lesson is a module of its own that is loaded when it is opened. An invalid lesson fails the build.
 */
export function vivariumLessons(): LessonsPlugin {
  let root = process.cwd();
  let courses: CompiledCourse[] | undefined;

  const compiled = (context: PluginContext): CompiledCourse[] => {
    if (courses !== undefined) return courses;
    try {
      courses = compileCourses(join(root, "courses"), root);
    } catch (error) {
      if (!(error instanceof LessonError)) throw error;
      const [first] = error.problems;
      return context.error({
        message: error.message,
        ...(first === undefined
          ? {}
          : { loc: { file: first.file, line: first.line, column: first.column - 1 } }),
      });
    }
    return courses;
  };

  return {
    name: "vivarium-lessons",
    configResolved(config) {
      root = config.root;
    },
    buildStart() {
      courses = undefined;
    },
    resolveId: (id) => (id === LIST || id.startsWith(LESSON) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${LIST}`) return listSource(compiled(this));
      if (!id.startsWith(`\0${LESSON}`)) return undefined;
      const wanted = id.slice(LESSON.length + 1);
      const found = compiled(this)
        .flatMap((course) => course.lessons)
        .find(({ lesson }) => lesson.id === wanted);
      if (found === undefined) return this.error({ message: `there is no lesson ${wanted}` });
      this.addWatchFile(found.file);
      return `export default ${JSON.stringify(found.lesson)};`;
    },
    configureServer(server) {
      server.watcher.on("all", (_what, file) => {
        if (!file.startsWith(join(root, "courses") + sep)) return;
        courses = undefined;
        server.moduleGraph.invalidateAll();
        server.ws.send({ type: "full-reload" });
      });
    },
  };
}
