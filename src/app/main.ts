/**
 * The start page's composition. What takes longest begins first: the worker, then the machine in it, while the code
 * of the page, the terminal's and the lesson arrive beside it.
 */
import { signal } from "@preact/signals";
import courses from "virtual:vivarium/lessons";
import { CodedError } from "../base/index.ts";
import { USUAL_PROFILE, type WorkerHandle } from "../machine/index.ts";
import { type Course, FIRST_MACHINE, FIRST_TERMINAL, systemClock } from "../lessons/index.ts";
import { aboutSource, browserProgress, browserSetting, Lab } from "../state/index.ts";
import { profileAsked } from "./profile.ts";
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

/** What opens where the address names no lesson, until there is a tour. */
const FIRST_LESSON = "namespaces/pid";

const all = (courses as readonly Course[]).flatMap((one) =>
  one.lessons.map((lesson) => ({ course: one, lesson })),
);
const wanted = new URLSearchParams(location.search).get("lesson") ?? FIRST_LESSON;
const opened =
  all.find(({ lesson }) => lesson.id === wanted || lesson.aliases.includes(wanted)) ??
  all.find(({ lesson }) => lesson.id === FIRST_LESSON);
const { course, lesson } = opened ?? {};
const notKept = signal(false);
const profile = profileAsked(location.search) ?? lesson?.profile ?? USUAL_PROFILE;
const machines = lesson?.machines ?? [{ name: FIRST_MACHINE, segment: 1, power: "on" }];

const lab = new Lab({
  machines,
  ...machineSource({ profile, count: machines.length }, firstWorker),
  loadLesson: async () => {
    if (lesson === undefined) throw new CodedError("asset-missing", "there are no lessons");
    return lesson.load();
  },
  progress: browserProgress(() => {
    notKept.value = true;
  }),
  clock: systemClock,
  terminals: lesson?.terminals ?? [{ name: FIRST_TERMINAL, machine: FIRST_MACHINE, user: "root" }],
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
  const kernel = kernelVersion(profile);
  showPage(root, {
    lab,
    kernel,
    profile: kernel === "" || profile === USUAL_PROFILE ? "" : profile,
    courseTitle: course?.title ?? "",
    lessons: (course?.lessons ?? []).map(({ id, title }) => ({ id, title })),
    openLesson: (id) => {
      const url = new URL(location.href);
      url.searchParams.set("lesson", id);
      location.assign(url);
    },
    about: aboutSource(new URL("about/", document.baseURI).href),
    notKept,
  });
}

show().catch(() => {
  // Without its code the page cannot say this any better.
  const note = document.getElementById("start-failed");
  if (note !== null) note.hidden = false;
});
