/** The frame's composition: a lab in another page, which speaks with that page when it asks for it. */
import { effect, signal } from "@preact/signals";
import manuals from "virtual:vivarium/manual";
import { CodedError } from "../base/index.ts";
import { findLesson, FIRST_MACHINE, FIRST_TERMINAL, systemClock } from "../lessons/index.ts";
import { USUAL_PROFILE } from "../machine/index.ts";
import { LAB_HEIGHT } from "../protocol/embed.ts";
import { embedAsked } from "./embed-asked.ts";
import {
  browserPostcards,
  browserProgress,
  Doorkeeper,
  EmbeddedLab,
  EmbedPort,
  fetchedManual,
  fetchLesson,
  isSandboxed,
  Lab,
  LabDiary,
  pageOrigin,
} from "../state/index.ts";
import { readCourses } from "./courses.ts";
import { keptHere } from "./kept-here.ts";
import { holdRelease } from "./own-release.ts";
import { pageDesk } from "./page-desk.ts";
import { lessonAddress } from "./route.ts";
import { kernelVersion, machineSource } from "./start-machine.ts";
import { startAhead } from "./start-worker.ts";

// In a page of the same origin the frame may have come from what is kept for offline use.
holdRelease();
const asked = embedAsked(location.search);

const { index, error } = readCourses(document);
const listed = asked.isTerminal ? undefined : findLesson(index, asked.lesson ?? "")?.lesson;
const hasLesson = !asked.isTerminal;
const profile = asked.profile ?? listed?.profile ?? USUAL_PROFILE;
const machines = listed?.machines ?? [
  { name: FIRST_MACHINE, segment: 1, power: "on" as const, memory: asked.memory },
];
const firstWorker = startAhead({ profile, hasOwnMemory: machines[0]?.memory !== undefined });
const parts = import("./embed-parts.ts");
import("../views/index.ts").catch(() => undefined);
// Before anything is read of what was stored.
const left = keptHere();
if (left.isAskedToErase) await left.erase();
const desk = pageDesk({ page: "frame", kernel: kernelVersion(profile), profile, theme: asked.theme });
const notKept = signal(false);
const isEnded = signal(false);

async function loadLesson(): ReturnType<typeof fetchLesson> {
  if (error !== undefined) throw error;
  if (listed === undefined)
    throw new CodedError("asset-missing", `there is no lesson ${asked.lesson ?? "named"}`);
  return fetchLesson(listed, document.baseURI);
}

const terminals = listed?.terminals ?? [{ name: FIRST_TERMINAL, machine: FIRST_MACHINE, user: "root" }];
const lab = new Lab({
  machines,
  ...machineSource({ profile, count: machines.length, terminals }, firstWorker),
  ...(hasLesson && { loadLesson }),
  progress: browserProgress(() => {
    notKept.value = true;
  }),
  postcards: browserPostcards,
  openAt: asked.step,
  clock: systemClock,
  manual: fetchedManual(new URL("man/", document.baseURI).href, manuals[profile]),
  terminals,
  pauseHidden: desk.settings.pauseHidden,
});
const diary = new LabDiary(lab, desk.faults, () => performance.now());

const whole = new URL("./", document.baseURI).href;
const embedded = new EmbeddedLab({
  lab,
  hasLesson,
  addressOf: (lesson) => lessonAddress(whole, lesson),
  now: Date.now,
});

void lab.start();

/** Out of sight is what the page says, or, where it says nothing, what the browser sees. */
let isSeen = true;
let isTold = false;
const follow = (): void => lab.setVisible(isSeen && !document.hidden);
new IntersectionObserver((entries) => {
  if (isTold) return;
  isSeen = entries.at(-1)?.isIntersecting ?? true;
  follow();
}).observe(document.documentElement);
document.addEventListener("visibilitychange", follow);
addEventListener("online", () => lab.retryFiles());

/** CSS pixels more, for a picture in it. */
const XRAY_HEIGHT = 200;
const ONE_COLUMN = matchMedia("(max-width: 47.5em)");

function wantedHeight(): number {
  const isStacked = ONE_COLUMN.matches && hasLesson;
  return LAB_HEIGHT[isStacked ? "below" : "beside"] + (lab.xray.open.value ? XRAY_HEIGHT : 0);
}

const tellSize = (): void => embedded.resize(innerWidth, innerHeight, wantedHeight());

function end(): void {
  isEnded.value = true;
  embedded.dispose();
  diary.dispose();
  lab.dispose();
}

/** Speaks with the page around, from when it is let in. */
function speak(port: MessagePort): void {
  const wire = new EmbedPort({
    port,
    answer: async (call) => {
      if (call.name === "dispose") {
        end();
        wire.dispose();
        return undefined;
      }
      return embedded.answer(call);
    },
    onVisible: (visible) => {
      isTold = true;
      isSeen = visible;
      follow();
    },
    now: () => performance.now(),
  });
  embedded.onEvent((event) => wire.tell(event));
  for (const event of embedded.standing()) wire.tell(event);
  addEventListener("pagehide", () => wire.dispose(), { once: true });
  new ResizeObserver(tellSize).observe(document.documentElement);
  effect(tellSize);
}

const doorkeeper = new Doorkeeper({
  origin: pageOrigin({
    search: location.search,
    ancestor: location.ancestorOrigins?.[0],
    referrer: document.referrer,
  }),
  post: (message, target) => parent.postMessage(message, target),
  admit: speak,
  now: () => performance.now(),
});
if (parent !== self) {
  addEventListener("message", ({ source, origin, data, ports }: MessageEvent<unknown>) =>
    doorkeeper.hear({ isFromParent: source === parent, origin, data, ports }),
  );
  doorkeeper.announce();
}

async function show(): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) throw new Error("embed.html has no #app");
  const { showEmbedPage } = await parts;
  const linkTo = (id: string, isReplay: boolean, step?: string): string =>
    lessonAddress(whole, id, { isReplay, ...(step && { step }) });
  showEmbedPage(root, {
    lab,
    desk: { ...desk, diary },
    hasLesson,
    linkTo,
    // A sandboxed frame may open no other page.
    whole: isSandboxed() ? undefined : listed === undefined ? whole : linkTo(listed.id, false),
    notKept,
    isEnded,
    startAgain: () => location.reload(),
  });
}

show().catch(() => {
  // Without its code the page cannot say this any better; and nothing is awaited any more.
  document.querySelector(".to-come .loading")?.remove();
  const note = document.getElementById("start-failed");
  if (note !== null) note.hidden = false;
});
