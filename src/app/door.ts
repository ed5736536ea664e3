/** Which door of the page a route leads through, with the courses that there are. */
import { USUAL_PROFILE } from "../machine/index.ts";
import { type CourseIndex, findLesson, type ListedLesson } from "../lessons/index.ts";
import {
  type LandingRoute,
  type LessonRoute,
  profileAsked,
  type Route,
  type TerminalRoute,
} from "./route.ts";

/** What shows a visitor around. */
export const TOUR = "tour/glass-box";

export interface LabDoor {
  readonly kind: "lab";
  readonly lesson: ListedLesson;
  /** It is there to be watched. */
  readonly isReplay: boolean;
}

export type Door = LandingRoute | LabDoor | TerminalRoute;

function isCourse({ courses }: CourseIndex, name: string): boolean {
  return courses.some(({ id }) => id === name);
}

function doorOfLesson({ lesson, isReplay }: LessonRoute, index: CourseIndex): Door {
  const found = findLesson(index, lesson);
  if (found !== undefined) return { kind: "lab", lesson: found.lesson, isReplay };
  const course = lesson.split("/").at(0);
  return {
    kind: "landing",
    missing: "lesson",
    ...(course !== undefined && isCourse(index, course) && { course }),
  };
}

/** What is asked for and not there leads to the landing, which says so. */
export function doorOf(route: Route, index: CourseIndex): Door {
  if (route.kind === "lesson") return doorOfLesson(route, index);
  if (route.kind === "terminal") return route;
  if (route.course === undefined || isCourse(index, route.course)) return route;
  return { kind: "landing", missing: "course" };
}

export interface FirstMachine {
  readonly profile: string;
  /** A size was asked for: such a machine may have to boot. */
  readonly hasOwnMemory: boolean;
}

/** What is known of a door's first machine before the code is there that makes it. */
export function firstMachine(door: Exclude<Door, LandingRoute>, search: string): FirstMachine {
  const asked = profileAsked(search);
  if (door.kind === "lab") {
    const first = door.lesson.machines.find(({ power }) => power === "on");
    return { profile: asked ?? door.lesson.profile, hasOwnMemory: first?.memory !== undefined };
  }
  const memory = new URLSearchParams(search).get("memory") ?? "";
  return { profile: asked ?? USUAL_PROFILE, hasOwnMemory: memory !== "" };
}
