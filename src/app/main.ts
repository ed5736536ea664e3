/**
 * The start page's composition. What takes longest begins first: the worker, then the machine in it, while the code
 * of the page, the terminal's and the lesson arrive beside it.
 */
import { signal } from "@preact/signals";
import courses from "virtual:vivarium/lessons";
import { CodedError } from "../base/index.ts";
import { USUAL_PROFILE, type WorkerHandle } from "../machine/index.ts";
import { type Course, systemClock } from "../lessons/index.ts";
import {
  aboutSource,
  browserPostcards,
  browserProgress,
  browserSetting,
  Lab,
  memoryProgress,
  noPostcards,
} from "../state/index.ts";
import { lessonAddress, lessonAsked } from "./lesson-asked.ts";
import { kernelVersion, machineStarter, profileName } from "./start-machine.ts";
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

const startMachine = machineStarter(startAhead());
const ui = import("../ui/index.ts");
// The largest part; the page asks for it when it is drawn, and it should be there by then.
import("../views/index.ts").catch(() => undefined);

/** What opens where the address names no lesson. */
const FIRST_LESSON = "tour/glass-box";

const all = (courses as readonly Course[]).flatMap((one) =>
  one.lessons.map((lesson) => ({ course: one, lesson })),
);
const asked = lessonAsked(location.search);
const wanted = asked.id ?? FIRST_LESSON;
const found = all.find(({ lesson }) => lesson.id === wanted || lesson.aliases.includes(wanted));
const { course, lesson } = found ?? all.find(({ lesson: { id } }) => id === FIRST_LESSON) ?? {};
const isReplay = asked.isReplay && found !== undefined;
const notKept = signal(false);

const lab = new Lab({
  startMachine,
  loadLesson: async () => {
    if (lesson === undefined) throw new CodedError("asset-missing", "there are no lessons");
    return lesson.load();
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
  terminals: lesson?.terminals ?? [{ name: "terminal", user: "root" }],
  pauseHidden: browserSetting("pause-hidden"),
});
void lab.start();

document.addEventListener("visibilitychange", () => lab.setVisible(!document.hidden));
lab.setVisible(!document.hidden);
addEventListener("online", () => lab.retryFiles());

async function show(): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) throw new Error("index.html has no #app");
  const { showPage } = await ui;
  const kernel = kernelVersion();
  showPage(root, {
    lab,
    kernel,
    profile: kernel === "" || profileName === USUAL_PROFILE ? "" : profileName,
    courseTitle: course?.title ?? "",
    lessons: (course?.lessons ?? []).map(({ id, title }) => ({ id, title })),
    openLesson: (id) => location.assign(lessonAddress(location.href, id, false)),
    linkTo: (id, isWatched) => lessonAddress(location.href, id, isWatched),
    about: aboutSource(new URL("about/", document.baseURI).href),
    notKept,
  });
}

show().catch(() => {
  // Without its code the page cannot say this any better.
  const note = document.getElementById("start-failed");
  if (note !== null) note.hidden = false;
});
