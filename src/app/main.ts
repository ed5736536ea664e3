/**
 * The start page's composition. What takes longest begins first: the worker, then the machine in it, while the code
 * of the page, the terminal's and the lesson arrive beside it.
 */
import { signal } from "@preact/signals";
import manuals from "virtual:vivarium/manual";
import { CodedError } from "../base/index.ts";
import { USUAL_PROFILE, type WorkerHandle } from "../machine/index.ts";
import {
  findLesson,
  FIRST_MACHINE,
  FIRST_TERMINAL,
  type LessonMachine,
  systemClock,
} from "../lessons/index.ts";
import {
  aboutSource,
  browserPostcards,
  browserProgress,
  browserNumber,
  browserSetting,
  fetchedManual,
  fetchLesson,
  Lab,
  memoryProgress,
  noPostcards,
} from "../state/index.ts";
import { readCourses } from "./courses.ts";
import { lessonAddress, profileAsked, routeOf } from "./route.ts";
import { kernelVersion, machineSource } from "./start-machine.ts";
import { startWorker } from "./start-worker.ts";

/** Starts the worker now; what goes wrong is told when it is asked for. */
function startAhead(): () => WorkerHandle {
  try {
    const worker = startWorker();
    return () => worker;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

const firstWorker = startAhead();
const ui = import("../ui/index.ts");
// The largest part; the page asks for it when it is drawn, and it should be there by then.
import("../views/index.ts").catch(() => undefined);

/** What opens where the address names no lesson. */
const FIRST_LESSON = "tour/glass-box";

const route = routeOf(location.search);

/** Opens a lesson, and starts its machines. */
async function openLesson(root: HTMLElement): Promise<void> {
  const { index, error } = readCourses(document);
  const wanted = route.kind === "lesson" ? route.lesson : FIRST_LESSON;

  function lessonToOpen(): ReturnType<typeof findLesson> {
    const [course] = index.courses.filter(({ lessons }) => lessons.length > 0);
    const [first] = course?.lessons ?? [];
    return findLesson(index, wanted) ?? findLesson(index, FIRST_LESSON) ?? findLesson(index, first?.id ?? "");
  }

  const opened = lessonToOpen();
  let listed = opened?.lesson;
  const isReplay = route.kind === "lesson" && route.isReplay && findLesson(index, wanted) !== undefined;
  /** All that can be chosen; they may be being written. */
  const courses = signal(index.courses);
  const notKept = signal(false);
  const profile = profileAsked(location.search) ?? listed?.profile ?? USUAL_PROFILE;
  const machines: readonly LessonMachine[] = listed?.machines ?? [
    { name: FIRST_MACHINE, segment: 1, power: "on" },
  ];

  const lab = new Lab({
    machines,
    ...machineSource({ profile, count: machines.length }, firstWorker),
    loadLesson: async () => {
      if (listed === undefined) throw error ?? new CodedError("asset-missing", "there are no lessons");
      return fetchLesson(listed, document.baseURI);
    },
    // What somebody watches is not what they have done.
    progress: isReplay
      ? memoryProgress()
      : browserProgress(() => {
          notKept.value = true;
        }),
    postcards: isReplay ? noPostcards : browserPostcards,
    isReplay,
    clock: systemClock,
    manual: fetchedManual(new URL("man/", document.baseURI).href, manuals[profile]),
    terminals: listed?.terminals ?? [{ name: FIRST_TERMINAL, machine: FIRST_MACHINE, user: "root" }],
    pauseHidden: browserSetting("pause-hidden"),
    fontSize: browserNumber("font-size"),
  });
  void lab.start();

  document.addEventListener("visibilitychange", () => lab.setVisible(!document.hidden));
  lab.setVisible(!document.hidden);
  addEventListener("online", () => lab.retryFiles());

  if (index.live) {
    void import("./live.ts").then(({ followCourses }) =>
      followCourses({
        wanted,
        opened: opened?.lesson,
        fetch: (lesson, stop) => fetchLesson(lesson, document.baseURI, stop),
        replace: (lesson, now) => {
          listed = now;
          if (lab.lesson.value.kind === "open") lab.replaceLesson(lesson);
          else void lab.loadLesson();
        },
        list: (now) => {
          courses.value = now.courses;
        },
      }),
    );
  }

  const { showPage } = await ui;
  const kernel = kernelVersion(profile);
  showPage(root, {
    lab,
    kernel,
    profile: kernel === "" || profile === USUAL_PROFILE ? "" : profile,
    choice: {
      courses,
      openLesson: (id) => location.assign(lessonAddress(location.href, id)),
    },
    linkTo: (id, isWatched) => lessonAddress(location.href, id, { isReplay: isWatched }),
    about: aboutSource(new URL("about/", document.baseURI).href),
    notKept,
  });
}

async function open(): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) throw new Error("index.html has no #app");
  if (route.kind !== "terminal") return openLesson(root);
  const { openTerminalPage } = await import("./terminal-page.ts");
  return openTerminalPage(root, { firstWorker, parts: ui });
}

open().catch(() => {
  // Without its code the page cannot say this any better.
  const note = document.getElementById("start-failed");
  if (note !== null) note.hidden = false;
});
