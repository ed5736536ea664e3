import { type Disposable, DisposableStore } from "../base/index.ts";
import { LIVE_FILE } from "../lessons/index.ts";
import { LiveLesson, type LiveLessonOptions, type NewsListener } from "../state/index.ts";
import "./styles/live.css";

/** Server-Sent Events; the browser itself asks again when the server went away. */
function listen(listener: NewsListener): Disposable {
  const events = new EventSource(new URL(LIVE_FILE, document.baseURI));
  const owned = new DisposableStore();
  owned.defer(() => events.close());
  const on = (name: "open" | "error" | "message", work: (event: Event) => void): void => {
    events.addEventListener(name, work);
    owned.defer(() => events.removeEventListener(name, work));
  };
  on("open", () => listener.onConnected(true));
  on("error", () => listener.onConnected(false));
  on("message", (event) => {
    if (event instanceof MessageEvent) listener.onNews(String(event.data));
  });
  return owned;
}

/** Lets the page follow courses that are being written. */
export async function followCourses(options: Omit<LiveLessonOptions, "listen" | "reload">): Promise<void> {
  const live = new LiveLesson({ ...options, listen, reload: () => location.reload() });
  // As `main.ts` does, so that nothing is fetched twice.
  const { showLiveNote } = await import("./live-parts.ts");
  showLiveNote(live);
}
