/** The words of the landing and its catalogue. What stands between braces is put in. */
import { speaker } from "./speaker.ts";

export const sayLanding = speaker({
  "landing.title": "Vivarium · see what isolates what",
  "landing.course-title": "{course} · Vivarium",
  "landing.what": "Real Linux machines in a browser tab, and an X-ray of what isolates what.",
  "landing.how":
    "Type real commands, unshare, nsenter, Podman, and watch a live picture of which process shares what with which. It is read from the kernel’s own memory.",
  "landing.nothing":
    "No account, nothing to install. Nothing runs on a server, and nothing about you leaves the page.",
  "landing.tour": "Start the tour · {minutes} min",
  "landing.first": "Start with “{title}” · {minutes} min",
  "landing.continue": "Continue “{title}”",
  "landing.next": "Go on with “{title}”",
  "landing.terminal": "Open a free terminal",
  "landing.teachers": "Teaching?",
  "landing.teachers.words":
    "Every lesson and every step has an address of its own, and can stand in a page of yours:",
  "landing.missing.lesson": "There is no lesson of that name here; these are the ones there are.",
  "landing.missing.course": "There is no course of that name here; these are the ones there are.",
  "landing.no-courses": "There are no lessons here.",
  "landing.no-list": "The list of lessons could not be read. Reload the page to try again.",

  "still.container": "Container of bash",
  "still.own": "Around it: 7 processes",
  "still.more": "and 3 more",
  "still.network": "network: only lo, nothing leads out",
  "still.terminal": "your terminal",
  "still.words":
    "The tour’s machine. Above, what its shell sees: bash is process 1. Below, what the X-ray sees: it is process 55, in a box with a process list of its own.",

  "catalogue.title": "Courses",
  "catalogue.course-progress": "{done} of {total} lessons done",
  "catalogue.lessons": "{total} lessons · {minutes} min",
  "catalogue.one-lesson": "1 lesson · {minutes} min",
  "catalogue.steps": "{total} steps",
  "catalogue.one-step": "1 step",
  "catalogue.done": "done",
  "catalogue.latest": "Worked on last",
  "catalogue.after": "after",
  "catalogue.machines": "{count} machines",
  "catalogue.profile": "profile {profile}",
  "catalogue.topics": "Topics:",
});
