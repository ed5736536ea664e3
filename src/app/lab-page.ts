/** The lab: a lesson beside its machines, wired together. The worker is on its way already when this code arrives. */
import { signal } from "@preact/signals";
import manuals from "virtual:vivarium/manual";
import { USUAL_PROFILE, type WorkerHandle } from "../machine/index.ts";
import { type CourseIndex, systemClock } from "../lessons/index.ts";
import {
  browserPostcards,
  browserProgress,
  fetchedManual,
  fetchLesson,
  Lab,
  LabDiary,
  memoryProgress,
  noPostcards,
} from "../state/index.ts";
import type { LabDoor } from "./door.ts";
import { followPage } from "./follow-page.ts";
import { browserText } from "./browser-texts.ts";
import type * as LabParts from "./lab-parts.ts";
import { keepFromLab, offlineDesk } from "./offline.ts";
import { pageDesk } from "./page-desk.ts";
import { landingAddress, lessonAddress, profileAsked, stepOf } from "./route.ts";
import { kernelVersion, machineSource } from "./start-machine.ts";
import { followSteps } from "./step-address.ts";

export interface LabPageOptions {
  readonly index: CourseIndex;
  readonly door: LabDoor;
  /** Throws where no worker can be started. */
  readonly firstWorker: () => WorkerHandle;
  /** The interface's code, on its way. */
  readonly parts: Promise<typeof LabParts>;
}

/** Opens the lab in `root` and starts its machines. Settles when it is shown. */
export async function openLab(root: HTMLElement, options: LabPageOptions): Promise<void> {
  const { index, door, firstWorker, parts } = options;
  const { lesson: opened, isReplay } = door;
  let listed = opened;
  /** All that can be chosen; they may be being written. */
  const courses = signal(index.courses);
  const notKept = signal(false);
  const profile = profileAsked(location.search) ?? opened.profile;

  const kernel = kernelVersion(profile);
  const desk = pageDesk({ page: "lab", kernel, profile, offline: offlineDesk });

  const lab = new Lab({
    machines: opened.machines,
    ...machineSource({ profile, count: opened.machines.length, terminals: opened.terminals }, firstWorker),
    loadLesson: () => fetchLesson(listed, document.baseURI),
    // What somebody watches is not what they have done.
    progress: isReplay
      ? memoryProgress()
      : browserProgress(() => {
          notKept.value = true;
        }),
    postcards: isReplay ? noPostcards : browserPostcards,
    isReplay,
    openAt: isReplay ? undefined : stepOf(location.hash),
    clock: systemClock,
    manual: fetchedManual(new URL("man/", document.baseURI).href, manuals[profile]),
    terminals: opened.terminals,
    pauseHidden: desk.settings.pauseHidden,
    // Who watches has the page as the lesson wants it.
    ...(isReplay ? {} : { layout: browserText("vivarium/layout/lab") }),
    keepsPast: true,
  });
  const diary = new LabDiary(lab, desk.faults, () => performance.now());
  void lab.start();

  followPage(lab);
  keepFromLab(lab);
  // What is watched goes from step to step by itself.
  if (!isReplay) followSteps(lab, (step) => lessonAddress(location.href, opened.id, { step }));

  if (index.live) {
    void import("./live.ts").then(({ followCourses }) =>
      followCourses({
        wanted: opened.id,
        opened,
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

  const { showPage } = await parts;
  showPage(root, {
    lab,
    desk: { ...desk, diary },
    kernel,
    profile: kernel === "" || profile === USUAL_PROFILE ? "" : profile,
    choice: {
      courses,
      openLesson: (id) => location.assign(lessonAddress(location.href, id)),
    },
    linkTo: (id, isWatched, step) =>
      lessonAddress(location.href, id, { isReplay: isWatched, ...(step === undefined ? {} : { step }) }),
    links: {
      home: landingAddress(location.href),
      course: (id) => landingAddress(location.href, id),
    },
    notKept,
  });
}
