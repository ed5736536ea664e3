import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { CourseServer } from "./course-server.ts";
import { formatProblem } from "./problems.ts";
import { LiveCourses } from "./live-courses.ts";

/** The part of a Vite plugin that is used here, so that lessons compile without Vite too. */
export interface LessonsPlugin {
  readonly name: string;
  readonly apply: "serve";
  configureServer(server: DevServer): void;
  readonly transformIndexHtml: { readonly order: "post"; handler(html: string): string };
}

type Next = () => void;

interface DevServer {
  readonly config: {
    readonly root: string;
    readonly logger: { info(line: string): void; warn(line: string): void };
  };
  readonly httpServer: { on(event: "close", listener: () => void): unknown } | null;
  readonly middlewares: {
    use(handler: (request: IncomingMessage, response: ServerResponse, next: Next) => void): unknown;
  };
}

/**
 * Gives the page that Vite serves from its sources the courses of this repository, and tells it when they change: the
 * same as `vivarium dev` does. In a build there are none: `vivarium build` puts them beside the page.
 */
export function vivariumLessons(): LessonsPlugin {
  let courses: CourseServer | undefined;
  return {
    name: "vivarium-lessons",
    apply: "serve",
    configureServer(server) {
      const { root, logger } = server.config;
      const live = new LiveCourses({ folder: join(root, "courses"), root });
      const tell = (): void => {
        for (const problem of live.state.problems) logger.warn(formatProblem(problem));
      };
      tell();
      live.onChange(tell);
      const served = new CourseServer(live);
      courses = served;
      server.httpServer?.on("close", () => served.dispose());
      server.middlewares.use((request, response, next) => {
        const found = served.find((request.url ?? "").replace(/^\/|\?.*$/g, ""));
        if (found === undefined) next();
        else if (typeof found === "string") response.setHeader("Content-Type", "application/json").end(found);
        else found(request, response);
      });
    },
    transformIndexHtml: { order: "post", handler: (html) => courses?.page(html) ?? html },
  };
}
