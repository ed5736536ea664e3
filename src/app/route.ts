/**
 * What the page's address asks for, and the addresses of what can be asked for. An address comes from anywhere: what is
 * no name counts as one that does not exist.
 *
 * | address | what opens |
 * | --- | --- |
 * | nothing | the landing, with the catalogue |
 * | `?course=COURSE` | the same, at that course |
 * | `?lesson=COURSE/LESSON#STEP` | a lesson in the lab, at a step; with `&replay` to be watched |
 * | `?terminal` | the free terminal |
 *
 * `profile` and `boot` may stand beside all of them.
 */
const NAME = /^[a-z][a-z0-9-]{0,63}$/;
const LESSON = /^[a-z][a-z0-9-]{0,63}\/[a-z][a-z0-9-]{0,63}$/;
const MOST_PROFILE = 64;
/** What goes along from a lesson to the next one. */
const KEPT = ["profile", "boot"];

export interface LandingRoute {
  readonly kind: "landing";
  /** The one to be shown. */
  readonly course?: string;
  /** Something was asked for that has no such name. */
  readonly missing?: "course" | "lesson";
}

export interface LessonRoute {
  readonly kind: "lesson";
  readonly lesson: string;
  /** It is there to be watched. */
  readonly isReplay: boolean;
}

/** What else the address says is the free terminal's own. */
export interface TerminalRoute {
  readonly kind: "terminal";
}

export type Route = LandingRoute | LessonRoute | TerminalRoute;

/** Whether it can be the name of a course, a step or a profile. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Which of the page's doors an address leads to. Of several that are asked for, a lesson comes first. */
export function routeOf(search: string): Route {
  const parameters = new URLSearchParams(search);
  const lesson = parameters.get("lesson");
  if (lesson !== null) {
    if (!LESSON.test(lesson)) return { kind: "landing", missing: "lesson" };
    return { kind: "lesson", lesson, isReplay: ["", "1"].includes(parameters.get("replay") ?? "no") };
  }
  if (parameters.has("terminal")) return { kind: "terminal" };
  const course = parameters.get("course");
  if (course === null) return { kind: "landing" };
  return isName(course) ? { kind: "landing", course } : { kind: "landing", missing: "course" };
}

/** The step that an address's fragment names; undefined where it can be none. */
export function stepOf(hash: string): string | undefined {
  const name = hash.replace(/^#/, "");
  return isName(name) ? name : undefined;
}

/** What machines are made from, `?profile=NAME`; undefined where none is asked for. There may be none of that name. */
export function profileAsked(search: string): string | undefined {
  const name = new URLSearchParams(search).get("profile") ?? "";
  return name === "" || name.length > MOST_PROFILE ? undefined : name;
}

/** `?boot=firmware` boots cold, to be watched. */
export function isColdBoot(search: string): boolean {
  return new URLSearchParams(search).get("boot") === "firmware";
}

/** An address beside `page` that asks for nothing but `query`; that is written as it is. */
function beside(page: string, query: string, hash = ""): string {
  const url = new URL(page);
  url.search = "";
  url.hash = "";
  return `${url.href}${query === "" ? "" : `?${query}`}${hash}`;
}

/** The address of the landing, or of a course on it. */
export function landingAddress(page: string, course?: string): string {
  return beside(page, course === undefined ? "" : `course=${course}`);
}

/** The address of the free terminal, as it is when nothing is chosen, or with settings that stand in `query`. */
export function terminalAddress(page: string, query = "terminal"): string {
  return beside(page, query);
}

/** The address of a lesson, or of a step of it; the profile and the way of booting that `page` asks for stay. */
export function lessonAddress(
  page: string,
  lesson: string,
  { isReplay = false, step = "" }: { readonly isReplay?: boolean; readonly step?: string } = {},
): string {
  const before = new URL(page).searchParams;
  const kept = new URLSearchParams([...before].filter(([name]) => KEPT.includes(name))).toString();
  const query = [kept, `lesson=${lesson}`, isReplay ? "replay" : ""].filter((part) => part !== "");
  return beside(page, query.join("&"), step === "" ? "" : `#${step}`);
}
