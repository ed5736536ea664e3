/** The landing: what this is, and all courses with the learner's progress. It starts no machine. */
import { signal } from "@preact/signals";
import type { CodedError } from "../base/index.ts";
import type { CourseIndex } from "../lessons/index.ts";
import { allProgress, browserProgress, fetchLesson, standingOf } from "../state/index.ts";
import { type LandingNote, showLanding } from "../ui/index.ts";
import { TOUR } from "./door.ts";
import { keepFromLanding, offlineDesk } from "./offline.ts";
import { pageDesk } from "./page-desk.ts";
import { type LandingRoute, lessonAddress, terminalAddress } from "./route.ts";
import "./styles/landing-door.css";

/** What is kept of a learner is waited for this long before the page is shown without it, so that nothing moves. */
const PROGRESS_MS = 300;

export interface LandingPageOptions {
  readonly index: CourseIndex;
  /** The page before was left to erase what was stored, and it is. */
  readonly isErased: boolean;
  /** Why there are no courses. */
  readonly error: CodedError | undefined;
  readonly door: LandingRoute;
}

function noteOf({ error, door, isErased }: LandingPageOptions): LandingNote | undefined {
  if (isErased) return "erased";
  if (error !== undefined) return "no-list";
  return door.missing && `missing.${door.missing}`;
}

/** Opens the landing in `root`. Settles when it is shown. */
export async function openLanding(root: HTMLElement, options: LandingPageOptions): Promise<void> {
  const { index, door } = options;
  const desk = pageDesk({ page: "landing", kernel: "", profile: "", offline: offlineDesk });
  const courses = signal(index.courses);
  const standing = signal(standingOf(index.courses, new Map()));
  const notKept = signal(false);
  const store = browserProgress(() => {
    notKept.value = true;
  });
  const look = async (): Promise<void> => {
    standing.value = standingOf(courses.value, await allProgress(store));
  };
  // One that comes back from a lesson may find the page as it was left.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) void look();
  });
  await Promise.race([
    look(),
    new Promise<void>((done) => {
      setTimeout(done, PROGRESS_MS);
    }),
  ]);
  showLanding(root, {
    courses,
    standing,
    notKept,
    note: noteOf(options),
    shown: door.course,
    tour: TOUR,
    lessonLink: (id) => lessonAddress(location.href, id),
    terminalLink: terminalAddress(location.href),
    desk,
  });
  keepFromLanding();
  if (index.live) {
    const { followCourses } = await import("./live.ts");
    await followCourses({
      wanted: new URLSearchParams(location.search).get("lesson") ?? "",
      opened: undefined,
      fetch: (lesson, stop) => fetchLesson(lesson, document.baseURI, stop),
      replace: () => undefined,
      list: (now) => {
        courses.value = now.courses;
        void look();
      },
    });
  }
}
