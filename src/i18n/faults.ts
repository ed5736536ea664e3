/** The words for whatever can go wrong: one entry for each code, which the compiler demands. */
import type { ErrorCode } from "../base/index.ts";

/** Words that differ where there is no lesson. */
type Words = string | { readonly lesson: string; readonly alone: string };

/** What a button beside them does. */
export type FaultAction = "retry" | "restart" | "reload" | "usual" | "none";

interface Entry {
  readonly what: string;
  readonly kept: keyof typeof KEPT;
  readonly next: Words;
  readonly action: FaultAction;
}

/** What happened, what was kept, what to do. */
export interface FaultWords {
  readonly what: string;
  readonly kept: string;
  readonly next: string;
  readonly action: FaultAction;
}

const KEPT = {
  all: { lesson: "Nothing was lost; your lesson progress is kept.", alone: "Nothing was lost." },
  progress: { lesson: "Your lesson progress is kept.", alone: "Your settings are kept." },
  "all-but-machine": {
    lesson: "Your lesson progress is kept; what ran in the machine is lost.",
    alone: "Your settings are kept; what ran in the machine is lost.",
  },
  machine: {
    lesson: "The machine runs on, and your lesson progress is kept.",
    alone: "The machine runs on.",
  },
  "still-machine": {
    lesson: "Your lesson progress is kept, and nothing of the machine was thrown away.",
    alone: "Nothing of the machine was thrown away.",
  },
} as const;

const FRESH: Words = {
  lesson: "Start a fresh one and go on with this step.",
  alone: "Start a fresh one.",
};
const RESET: Words = {
  lesson: "Reset this step, or start a fresh machine.",
  alone: "Start a fresh machine.",
};
const NO_ROOM: Words = {
  lesson: "Try again; if the machine is out of memory or processes, reset the step.",
  alone: "Try again; if the machine is out of memory or processes, end some of them.",
};

const entries: Readonly<Record<ErrorCode, Entry>> = {
  aborted: { what: "That was called off.", kept: "progress", next: "Try it again.", action: "retry" },
  "timed-out": {
    what: "The machine took too long to answer.",
    kept: "progress",
    next: "Start it again.",
    action: "restart",
  },
  unsupported: {
    what: "This browser cannot run the machine: it lacks something that is needed for it.",
    kept: "all",
    next: "Use a current Firefox, Chrome, Edge or Safari; in a locked-down browser, allow WebAssembly for this site.",
    action: "reload",
  },
  "asset-missing": {
    what: "A file that the page needs is missing on the server.",
    kept: "all",
    next: "Try again; if it stays missing, the site was not published whole.",
    action: "retry",
  },
  "asset-truncated": {
    what: "A file that the page needs arrived cut short.",
    kept: "all",
    next: "Try again; the connection may have broken off.",
    action: "retry",
  },
  "asset-corrupt": {
    what: "A file that the page needs arrived damaged, and was not used.",
    kept: "all",
    next: "Try again; if it stays damaged, the site was not published whole.",
    action: "retry",
  },
  network: {
    what: "The server could not be reached.",
    kept: "all",
    next: "Check your connection and try again.",
    action: "retry",
  },
  "manifest-invalid": {
    what: "The list of the files that the page needs cannot be read.",
    kept: "all",
    next: "Reload the page; if it stays so, the site was not published whole.",
    action: "reload",
  },
  "profile-unknown": {
    what: "This site has no machine of the kind that the address asks for.",
    kept: "all",
    next: "Look at what follows “profile=” in the address, or open the usual machine.",
    action: "usual",
  },
  "snapshot-invalid": {
    what: "The saved machine cannot be read.",
    kept: "all",
    next: "Reload the page to fetch it anew.",
    action: "reload",
  },
  "snapshot-mismatch": {
    what: "The saved machine belongs to another version of this page.",
    kept: "all",
    next: "Reload the page, so that both are of one version.",
    action: "reload",
  },
  "out-of-memory": {
    what: "This device has no memory left for the machine.",
    kept: "progress",
    next: "Close other tabs, or choose a smaller machine, and start again.",
    action: "restart",
  },
  "machine-gone": {
    what: "The machine has stopped: the browser has ended it.",
    kept: "all-but-machine",
    next: FRESH,
    action: "restart",
  },
  "machine-off": {
    what: "The machine is switched off.",
    kept: "all-but-machine",
    next: { lesson: "Switch it on, and go on with this step.", alone: "Switch it on." },
    action: "restart",
  },
  "machine-crashed": {
    what: "The machine has stopped: the part of the page that runs it has failed.",
    kept: "all-but-machine",
    next: FRESH,
    action: "restart",
  },
  "machine-busy": {
    what: "The machine is busy.",
    kept: "machine",
    next: "Try again in a moment.",
    action: "retry",
  },
  "machine-disposed": {
    what: "The machine was taken down.",
    kept: "all-but-machine",
    next: FRESH,
    action: "restart",
  },
  "guest-panicked": {
    what: "The machine's kernel has panicked.",
    kept: "still-machine",
    next: RESET,
    action: "restart",
  },
  "guest-silent": {
    what: "The machine does not answer any more.",
    kept: "still-machine",
    next: RESET,
    action: "restart",
  },
  "boot-failed": {
    what: "The machine did not come up.",
    kept: "progress",
    next: "Start it again.",
    action: "restart",
  },
  "agent-gone": {
    what: "The program in the machine that serves terminals was killed.",
    kept: "machine",
    next: "It comes back by itself; if it does not, start the machine again.",
    action: "restart",
  },
  "agent-refused": {
    what: "The machine refused what was asked of it.",
    kept: "machine",
    next: NO_ROOM,
    action: "retry",
  },
  "agent-version": {
    what: "The page and the machine are of different versions.",
    kept: "all",
    next: "Reload the page.",
    action: "reload",
  },
  "terminal-gone": {
    what: "This terminal was lost.",
    kept: "machine",
    next: "Open a new one.",
    action: "retry",
  },
  "exec-failed": {
    what: "A command in the machine could not be run.",
    kept: "machine",
    next: "Try again.",
    action: "retry",
  },
  "exec-refused": {
    what: "The machine could not start a program or a terminal.",
    kept: "machine",
    next: NO_ROOM,
    action: "retry",
  },
  "file-failed": {
    what: "A file of the machine could not be read or written.",
    kept: "machine",
    next: "Look whether it is there, and whether there is room.",
    action: "retry",
  },
  "output-limit": {
    what: "A command in the machine wrote more than is taken.",
    kept: "machine",
    next: "Try again.",
    action: "retry",
  },
  "step-unsolved": {
    what: "The solution of a step did not do it.",
    kept: "machine",
    next: "Reset the step and do it by hand.",
    action: "none",
  },
  "bad-argument": {
    what: "The page asked the machine for something that it does not know.",
    kept: "progress",
    next: "Start the machine again; the mistake is ours.",
    action: "restart",
  },
  protocol: {
    what: "Two parts of this page do not understand each other.",
    kept: "progress",
    next: "Reload the page, so that both are of one version.",
    action: "reload",
  },
  internal: {
    what: "Something went wrong that should not have.",
    kept: "progress",
    next: "Start the machine again; the mistake is ours.",
    action: "restart",
  },
};

/** All of them: the compiler has seen to it. */
export const FAULT_CODES = Object.keys(entries) as readonly ErrorCode[];

const at = (words: Words, hasLesson: boolean): string =>
  typeof words === "string" ? words : words[hasLesson ? "lesson" : "alone"];

/** @param hasLesson Whether it is told beside a lesson. */
export function faultWords(code: ErrorCode, hasLesson = true): FaultWords {
  const { what, kept, next, action } = entries[code];
  return { what, kept: at(KEPT[kept], hasLesson), next: at(next, hasLesson), action };
}

/** All of it, to be read as one. */
export function faultSentences(code: ErrorCode, hasLesson = true): string {
  const { what, kept, next } = faultWords(code, hasLesson);
  return `${what} ${kept} ${next}`;
}
