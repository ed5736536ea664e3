/** The sentences of the machine bar, and of what a terminal wears. What stands between braces is put in. */
import { speaker } from "./speaker.ts";

export const sayBar = speaker({
  "bar.chip.title": "{machine}: memory, start, pause, going back, power",
  "bar.machine": "Machine",

  "bar.memory": "Memory",
  "bar.memory.of": "{used} of {total} MiB in use",
  "bar.memory.unknown": "not known yet",

  "bar.pause": "Pause",
  "bar.pause.title": "Its time stands still until you resume it",
  "bar.resume": "Resume",
  "bar.resume.title": "It goes on where it was; its clock is put right",
  "bar.reset": "Reset step",
  "bar.restart": "Start afresh",
  "bar.off": "Switch off",
  "bar.off.title": "Takes its power away",
  "bar.off.question": "All that is in {machine}, its files and what runs in it, will be gone.",
  "bar.on": "Switch on",
  "bar.on.title": "Boots it from its firmware, as a computer does",
  "bar.cancel": "Cancel",

  "bar.past": "Go back in time",
  "bar.past.words":
    "The machine is remembered as it is every ten seconds, for about two minutes. How far back?",
  "bar.past.none": "The first moment is remembered some seconds after the first prompt.",
  "bar.past.seconds": "{seconds} s",
  "bar.past.minutes": "{minutes} min {seconds} s",
  "bar.past.label": "{time} ago",
  "bar.past.question":
    "Back to {time} ago: what happened in {machine} since, its files, processes and screen, is gone from it.",
  "bar.past.question.lesson": "What you have done of the lesson stays.",
  "bar.past.question.many": "Other machines stay as they are.",
  "bar.past.go": "Go back",

  "bar.boot": "Its start",
  "bar.boot.total": "{time} to the first prompt",
  "bar.boot.going": "going on",
  "bar.boot.never": "It has not been started yet.",
  "bar.boot.stage.fetching": "Fetching",
  "bar.boot.stage.restoring": "Waking up",
  "bar.boot.stage.firmware": "Firmware",
  "bar.boot.stage.kernel": "Kernel",
  "bar.boot.stage.init": "Init",
  "bar.boot.stage.ready": "First prompt",
  "bar.boot.ms": "{ms} ms",
  "bar.boot.s": "{s} s",

  "bar.add": "Add a machine",
  "bar.add.words": "Of the same kind, joined by a switch: they reach each other by name.",
  "bar.add.full": "Four machines are as many as a page can have.",

  "wait.going-back": "Going back to {time} ago …",
  "wait.back-failed": "It could not go back, and is as it was.",
  "wait.resetting": "Going back to the beginning of the step …",
  "wait.joining": "{machine} joins the network …",
  "wait.paused": "Paused.",
  "wait.paused.words": "Time stands still in {machine}. What you type waits.",

  "place.machine": "{name} in the machine itself",
  "place.machine-as": "{name}, as {user}, in the machine itself",
  "place.box": "{name} in {box}",
  "place.numbers": "{outside} outside, {inside} inside",
  "place.root": "root here is {user} outside",
  "place.root.number": "user {uid}",
  "place.unmapped": "no users are mapped yet: everybody is nobody here",
  "place.now.box": "This terminal is in {box} now",
  "place.now.machine": "This terminal is in the machine itself again",
});
