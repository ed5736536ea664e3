/** Gives a page the courses that are being written, and tells it of changes. Any server of Node's can ask it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Disposable, DisposableStore, toDisposable } from "../../base/index.ts";
import { type CourseNews, LIVE_FILE } from "../index.ts";
import { withCourses } from "./course-files.ts";
import type { LiveCourses, LiveState } from "./live-courses.ts";

/** Below the time after which something between page and server may end a silent connection. */
const SIGN_OF_LIFE_MS = 20_000;
/** After which a page asks again for a server that went away. */
const ASK_AGAIN_MS = 500;

/** Answers a request by itself. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

function newsOf({ index, problems }: LiveState): string {
  return `data: ${JSON.stringify({ index, problems } satisfies CourseNews)}\n\n`;
}

export class CourseServer implements Disposable {
  readonly #live: LiveCourses;
  readonly #owned = new DisposableStore();
  readonly #pages = new Set<ServerResponse>();
  /** Of earlier forms too: a page may be about to ask for what it was just told of. */
  readonly #files = new Map<string, string>();

  /** @param live Is disposed with this. */
  constructor(live: LiveCourses) {
    this.#live = this.#owned.add(live);
    this.#keep(live.state);
    this.#owned.add(
      live.onChange((state) => {
        this.#keep(state);
        for (const page of this.#pages) page.write(newsOf(state));
      }),
    );
    const timer = setInterval(() => {
      for (const page of this.#pages) page.write(":\n\n");
    }, SIGN_OF_LIFE_MS);
    this.#owned.add(toDisposable(() => clearInterval(timer)));
  }

  #keep({ files }: LiveState): void {
    for (const [name, text] of files) this.#files.set(name, text);
  }

  /** A page with the courses as they are now. */
  page(html: string): string {
    return withCourses(html, this.#live.state.index);
  }

  /** What is at a path below the page, if it is about courses: a file's text, or who answers. */
  find(path: string): string | Answer | undefined {
    if (path === LIVE_FILE) return (request, response) => this.#listen(request, response);
    return this.#files.get(path);
  }

  #listen(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(`retry: ${ASK_AGAIN_MS}\n\n`);
    response.write(newsOf(this.#live.state));
    this.#pages.add(response);
    request.on("close", () => this.#pages.delete(response));
  }

  dispose(): void {
    this.#owned.dispose();
    for (const page of this.#pages) page.end();
    this.#pages.clear();
  }
}
