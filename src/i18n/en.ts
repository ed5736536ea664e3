import type { ErrorCode } from "../base/index.ts";
import { xrayEn } from "./xray.ts";

/** The sentences of the page. What stands between braces is put in. */
export const en = {
  ...xrayEn,
  "app.name": "Vivarium",
  "app.skip-to-terminal": "Skip to the terminal",
  "app.leave-terminal": "moves between terminal and lesson",

  "about.open": "About",
  "about.title": "About Vivarium",
  "about.what":
    "Vivarium boots real Linux machines in this page and puts lessons beside them. Nothing runs on a server, and nothing about you leaves the page.",
  "about.version": "Vivarium {version}",
  "about.own": "Our own code",
  "about.lessons": "The lessons are under",
  "about.notices": "What the machines are made of",
  "about.sources": "In a copy of this project, the sources come with",
  "about.machine": "Packages in the machines",
  "about.page": "Packages in this page",
  "about.common": "Licences that these texts point to",
  "about.licence-of": "Licence of {name}",
  "about.loading": "Fetching it …",
  "about.failed": "This could not be fetched. Nothing is lost; close this and open it again.",
  "about.close": "Close",

  "machine.restart": "Restart machine",
  "machine.restart.title": "Throws this machine away and starts a fresh one. Your lesson progress stays.",
  "machine.pause-hidden": "Pause while hidden",
  "machine.pause-hidden.title":
    "Pauses the machine while this tab is hidden; it goes on where it was. Without this it keeps running, as far as the browser lets it.",
  "machine.phase.starting": "starting",
  "machine.phase.running": "running",
  "machine.phase.paused": "paused",
  "machine.phase.panicked": "panicked",
  "machine.phase.off": "off",
  "machine.phase.crashed": "stopped",
  "machine.state": "Machine: {phase}",
  "machine.kernel": "Linux {version}",
  "machine.profile": "Profile:",

  "stage.fetching": "Fetching the machine",
  "stage.restoring": "Waking it up",
  "stage.firmware": "The firmware looks around",
  "stage.kernel": "The kernel starts",
  "stage.init": "Init starts the services",
  "stage.ready": "Opening a terminal",
  "stage.bytes": "{loaded} of {total} MB",

  "terminal.label": "Terminal",
  "terminal.tabs": "Terminals",
  "terminal.new": "Open a new terminal",
  "terminal.exited": "The shell ended (exit {code}).",
  "terminal.signalled": "The shell was ended by signal {signal}.",
  "terminal.exited.kept": "The machine is still running, with everything you started in it.",
  "terminal.agent-gone":
    "The terminal was lost, since the program that serves it was killed. It is being started again; a new terminal opens by itself.",
  "terminal.past": "Above: before the page was loaded again. The machine has started anew.",
  "terminal.renderer-lost": "The graphics card was taken away; the terminal is drawn without it now.",
  "terminal.screen-reader": "Screen reader mode",

  "waiting.title": "The machine waits for a part of its file system.",
  "waiting.kept": "Nothing is lost: what waits goes on as soon as the part is there.",
  "waiting.attempts": "Tried {attempts} times. The next attempt follows by itself.",
  "waiting.retry": "Try now",

  "files.add": "Add files …",
  "files.add.title":
    "Copies files of this computer into the machine's home folder, ~; you may also drop them here",
  "files.drop": "Drop to copy into the machine",
  "files.drop.where": "They go to the home folder, ~, in place of files of the same names; up to 64 MiB.",
  "files.copying": "Copying into the machine …",
  "files.stop": "Stop",
  "files.copied.one": "{name} is in ~.",
  "files.copied.many": "{count} files or folders are in ~.",
  "files.left-out": "Left out, since no file can have such a name: {count}.",
  "files.too-large": "That is more than 64 MiB. Nothing was copied.",
  "files.too-many": "Those are more than 2,000 files. Nothing was copied.",
  "files.nothing": "There was nothing that could be copied.",
  "files.no-machine": "The machine does not run. Nothing was copied.",
  "files.unreadable": "The browser could not read a file. What came before it is in ~.",
  "files.stopped": "Stopped. What had been copied is in ~.",
  "files.failed": "What had been copied is in ~; look whether there is room.",

  "fault.retry": "Try again",
  "fault.restart": "Start the machine again",
  "fault.reload": "Reload the page",
  "fault.usual": "Open the usual machine",
  "fault.details": "Details",
  "panic.title": "The kernel has panicked",
  "panic.words":
    "The machine's CPU was stopped at once. Your lesson progress is kept; what was going on in the machine can be taken back to the beginning of this step.",
  "panic.text": "Its last words",
  "off.title": "The machine is off",
  "off.words":
    "The guest switched itself off or restarted. Your lesson progress is kept. Take it back to the beginning of this step, or start a fresh one.",

  "silent.title": "The machine does not answer.",
  "silent.words":
    "Something in it takes all of its time, or its kernel hangs. Your lesson progress is kept. Wait, or take the machine back.",

  "lesson.choose": "Lesson",
  "lesson.loading": "Fetching the lesson",
  "lesson.failed": "The lesson could not be fetched. Your progress is kept.",
  "lesson.minutes": "{minutes} min",
  "lesson.progress": "{done} of {total} steps",
  "lesson.complete": "Lesson complete",
  "lesson.fresh":
    "This machine is fresh: what you started before is not in it. Skip an “exit” where there is nothing to leave.",
  "lesson.not-kept": "This browser lets the page store nothing: progress lasts until you close it.",

  "lesson.catch-up": "Do the earlier steps for me",
  "lesson.changed": "This lesson has changed since you worked on it. What you had done of it still counts.",

  "step.done": "done",
  "step.hint": "Hint",
  "step.another-hint": "Another hint",
  "step.solution": "Solution",
  "step.show-me": "Show me: type it for me",
  "step.stop": "Stop typing",
  "step.preparing": "Setting the step up",
  "step.showing": "Typing the solution into your terminal",
  "step.going": "Doing the steps before: at step {at}, on the way to {to}",
  "step.trouble":
    "That did not work out. Nothing of yours is lost; reset the step and try again. The machine said:",
  "step.goal": "Goal:",
  "step.set-up": "What was set up for this step",
  "step.reset": "Reset step",
  "step.reset.title": "Takes the machine back to the moment this step was opened",
  "step.resetting": "Going back …",
  "step.to-xray": "Look at the X-ray",
  "step.next": "Next step",
  "step.finish": "What you have shown",
  "step.skip": "Skip",

  "command.run": "Run",
  "command.run.label": "Run in the terminal: {command}",
  "command.run-in.label": "Run in the terminal {terminal}: {command}",
  "command.typed": "It stands in the terminal already. To run it, press",
  "command.press": "Press",
  "command.press.label": "Press {keys} in the terminal",
  "command.write": "Write file",
  "command.write.label": "Write {path} in the machine",
  "command.written": "Written",
  "command.there": "is in the machine",
  "command.write-failed":
    "The file could not be written. Look whether there is room, and whether the machine runs.",
  "command.copy": "Copy",
  "command.copied": "Copied",
  "command.copy.label": "Copy: {command}",

  "signal.to": "to",
  "signal.outside": "from outside",
  "signal.send": "Send",
  "signal.send.label": "Send {signal} to {target}, from outside",
  "signal.sent": "{signal} was sent to {to}.",
  "signal.nobody": "There is no such process now; start it first.",
  "signal.failed": "The signal was not sent. Look whether the machine runs.",

  "postcard.machine": "A Linux machine",
  "postcard.line": "Made in a browser tab, {day}",
  "postcard.picture": "Postcard: the X-ray of the machine when “{title}” was done",
  "postcard.words":
    "The picture is your own machine, at the moment it had your box in it. The link lets anybody watch it being made.",
  "postcard.copy": "Copy link",
  "postcard.save": "Save picture",
  "postcard.failed": "That did not work in this browser. The picture and the link stay here.",

  "replay.label": "To be watched",
  "replay.offered":
    "Somebody made this in a real Linux machine, inside a page like this one. Watch it being made.",
  "replay.playing": "Step {at} of {of}. The commands are typed for you; look at the X-ray.",
  "replay.stopped": "Stopped. The machine is yours: go on from here, or make your own.",
  "replay.failed": "It did not go on by itself. The machine is yours: try it, or watch again.",
  "replay.over": "That was all of it. Your turn.",
  "replay.play": "Watch",
  "replay.again": "Watch again",
  "replay.stop": "Stop",
  "replay.own": "Make your own",

  "verdict.waiting": "Waiting for you",
  "verdict.holds": "It holds.",
  "verdict.not-yet": "Not yet.",
  "verdict.broken": "This went wrong.",
  "verdict.was-done": "Done. It no longer holds right now, and need not.",
  "verdict.no-machine": "Waiting for the machine",

  "question.predict": "Predict first",
  "question.quiz": "Question",
  "question.you-said": "You said:",
  "question.kernel-did": "The kernel did:",
  "question.answer": "Your answer",
  "question.check": "Check",
  "question.right": "Right.",
  "question.wrong": "Not quite.",
} as const;

export type MessageKey = keyof typeof en;

/** The words for a fault: what happened, what was kept, what to do. */
export interface FaultWords {
  readonly what: string;
  readonly kept: string;
  readonly next: string;
  readonly action: "retry" | "restart" | "reload" | "usual" | "none";
}

const KEPT = "Your lesson progress is kept.";
const NOTHING_RAN = "Nothing was lost.";

export const faultWords: Readonly<Record<ErrorCode, FaultWords>> = {
  aborted: { what: "That was called off.", kept: KEPT, next: "Try it again.", action: "retry" },
  "timed-out": {
    what: "The machine took too long to answer.",
    kept: KEPT,
    next: "Start it again.",
    action: "restart",
  },
  unsupported: {
    what: "This browser cannot run the machine: it lacks WebAssembly or module workers.",
    kept: NOTHING_RAN,
    next: "Use a current Firefox, Chrome, Edge or Safari; in a locked-down browser, allow WebAssembly for this site.",
    action: "reload",
  },
  "asset-missing": {
    what: "A file of the machine is missing on the server.",
    kept: KEPT,
    next: "Try again; if it stays missing, the site was not published whole.",
    action: "retry",
  },
  "asset-truncated": {
    what: "A file of the machine arrived cut short.",
    kept: KEPT,
    next: "Try again; the connection may have broken off.",
    action: "retry",
  },
  "asset-corrupt": {
    what: "A file of the machine arrived damaged, and was not used.",
    kept: KEPT,
    next: "Try again; if it stays damaged, the site was not published whole.",
    action: "retry",
  },
  network: {
    what: "The server could not be reached.",
    kept: KEPT,
    next: "Check your connection and try again.",
    action: "retry",
  },
  "manifest-invalid": {
    what: "The list of the machine's files is malformed.",
    kept: KEPT,
    next: "Reload the page; if it stays so, the site was not published whole.",
    action: "reload",
  },
  "profile-unknown": {
    what: "This site has no machine of the kind that the address asks for.",
    kept: KEPT,
    next: "Look at what follows “profile=” in the address, or open the usual machine.",
    action: "usual",
  },
  "snapshot-invalid": {
    what: "The saved machine cannot be read.",
    kept: KEPT,
    next: "Reload the page to fetch it anew.",
    action: "reload",
  },
  "snapshot-mismatch": {
    what: "The saved machine belongs to another version of this page.",
    kept: KEPT,
    next: "Reload the page, so that both are of one version.",
    action: "reload",
  },
  "out-of-memory": {
    what: "This device has no memory left for the machine.",
    kept: KEPT,
    next: "Close other tabs, or choose a smaller machine, and start again.",
    action: "restart",
  },
  "machine-gone": {
    what: "The machine has stopped: its worker is gone.",
    kept: `${KEPT} What ran in the machine is lost.`,
    next: "Start a fresh one and go on with this step.",
    action: "restart",
  },
  "machine-crashed": {
    what: "The machine has stopped: the emulator failed.",
    kept: `${KEPT} What ran in the machine is lost.`,
    next: "Start a fresh one and go on with this step.",
    action: "restart",
  },
  "machine-busy": {
    what: "The machine is busy.",
    kept: KEPT,
    next: "Try again in a moment.",
    action: "retry",
  },
  "machine-disposed": {
    what: "The machine was taken down.",
    kept: KEPT,
    next: "Start a fresh one.",
    action: "restart",
  },
  "guest-panicked": {
    what: "The guest's kernel has panicked.",
    kept: KEPT,
    next: "Reset this step, or start a fresh machine.",
    action: "restart",
  },
  "guest-silent": {
    what: "The machine does not answer any more.",
    kept: KEPT,
    next: "Reset this step, or start a fresh machine.",
    action: "restart",
  },
  "boot-failed": {
    what: "The machine did not come up.",
    kept: KEPT,
    next: "Start it again.",
    action: "restart",
  },
  "agent-gone": {
    what: "The program in the machine that serves terminals was killed.",
    kept: `${KEPT} The machine itself runs on.`,
    next: "It comes back by itself; if it does not, start the machine again.",
    action: "restart",
  },
  "agent-refused": {
    what: "The machine refused what was asked of it.",
    kept: KEPT,
    next: "Try again; if it is out of memory or processes, reset the step.",
    action: "retry",
  },
  "file-failed": {
    what: "A file of the machine could not be read or written.",
    kept: KEPT,
    next: "Look whether it is there, and whether there is room.",
    action: "retry",
  },
  "exec-refused": {
    what: "The machine could not start a program or a terminal.",
    kept: KEPT,
    next: "Try again; if it is out of memory or processes, reset the step.",
    action: "retry",
  },
  "agent-version": {
    what: "The page and the machine are of different versions.",
    kept: KEPT,
    next: "Reload the page.",
    action: "reload",
  },
  "terminal-gone": {
    what: "This terminal was lost.",
    kept: "The machine is still running.",
    next: "Open a new one.",
    action: "retry",
  },
  "exec-failed": {
    what: "A command in the machine could not be run.",
    kept: KEPT,
    next: "Try again.",
    action: "retry",
  },
  "output-limit": {
    what: "A command in the machine wrote too much.",
    kept: KEPT,
    next: "Try again.",
    action: "retry",
  },
  "step-unsolved": {
    what: "The solution of a step did not do it.",
    kept: KEPT,
    next: "Reset the step and do it by hand.",
    action: "none",
  },
  "bad-argument": {
    what: "The page asked the machine for something that it does not know.",
    kept: KEPT,
    next: "Start the machine again; this is a fault of ours.",
    action: "restart",
  },
  protocol: {
    what: "The page and its worker do not understand each other.",
    kept: KEPT,
    next: "Reload the page, so that both are of one version.",
    action: "reload",
  },
  internal: {
    what: "Something went wrong that should not have.",
    kept: KEPT,
    next: "Start the machine again; this is a fault of ours.",
    action: "restart",
  },
};
