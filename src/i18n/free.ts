/** The sentences of the free terminal. */
import { speaker } from "./speaker.ts";

export const sayFree = speaker({
  "free.page-title": "Free terminal · Vivarium",
  "free.summary.one":
    "A Linux machine of your own in this page. Break what you like: nothing outside of it can be hurt.",
  "free.summary.many":
    "{count} Linux machines of your own, joined by a switch in this page: they reach each other by name, and nothing outside can be hurt.",
  "free.refused": "Something in this link makes no sense, and the usual was taken for it:",
  "free.refused.profile": "“{given}” is no kind of machine; this one is “{used}”.",
  "free.refused.memory": "A memory of “{given}” is not possible here; this machine has {used} MiB.",
  "free.refused.machines":
    "“{given}” machines are not possible; there can be one to four, and here is {used}.",
  "free.refused.user": "There is no user “{given}”; you are {used}.",
  "free.refused.too-long": "Its start script is longer than a link may bring, and was left out.",
  "free.refused.hidden-characters":
    "Its start script has characters that cannot be seen, so it cannot be judged by reading; it was left out.",

  "free.script.title": "This link brings a script",
  "free.script.words":
    "Whoever made the link wrote it. None of it runs unless you say so. Read it first; it would run as {user} in {machine}, where you see each line.",
  "free.script.label": "Script from the link",
  "free.script.run": "Run this script",
  "free.script.again": "Run it again",
  "free.script.starting": "Copying it into the machine …",
  "free.script.typed": "Its command was typed into the terminal. It lies there as ~/start-script.sh.",
  "free.script.failed": "It could not be put into the machine, and nothing of it ran.",

  "free.form.title": "Make another one",
  "free.form.profile": "Machine",
  "free.form.profile.base": "base: the usual tools",
  "free.form.profile.containers": "containers: Podman",
  "free.form.memory": "Memory",
  "free.form.memory.mib": "{mib} MiB",
  "free.form.memory.usual": "{mib} MiB, at once",
  "free.form.memory.boots": "This size boots from its firmware, which takes some seconds.",
  "free.form.machines": "Machines",
  "free.form.user": "You are",
  "free.form.user.root": "root",
  "free.form.user.learner": "learner",
  "free.form.script": "Start script",
  "free.form.script.words": "Optional. It goes into the link, and whoever opens that is shown it and asked.",
  "free.form.script.too-long":
    "It is longer than a link may bring: 4 KiB, and less of letters that are not plain ASCII.",
  "free.form.script.hidden-characters": "It has characters that cannot be seen. Take them out.",
  "free.form.start": "Start with these",
  "free.form.start.words": "The machines here are thrown away.",
  "free.link": "Link to this",
  "free.link.copy": "Copy link",
  "free.link.copied": "Copied.",
  "free.link.failed": "The browser did not let the page copy it. Select it and copy it by hand.",

  "free.files.title": "Files",
  "free.files.in":
    "Into the machine: drop files on the terminal, or use “Add files” below it. Out of it: give a path.",
  "free.files.path": "Path of a file or folder in the machine",
  "free.files.download": "Download",
  "free.files.stop": "Stop",
  "free.files.fetching": "Fetching {path} …",
  "free.files.saved": "{name}, {size}, is with your browser’s downloads.",
  "free.files.stopped": "Stopped. Nothing was saved.",
  "free.files.no-path": "Give the path of a file or folder, such as ~/notes or /etc/passwd.",
  "free.files.no-machine": "The machine does not run now.",
  "free.files.no-file":
    "That is neither a file nor a folder: a device, a socket or a pipe has no content to keep.",
  "free.files.too-large": "That is more than 64 MiB. Nothing was saved.",
  "free.files.failed": "It could not be read. Look whether it is there; the path may have a typing error.",

  "free.saved.title": "The whole machine",
  "free.saved.save": "Save to a file",
  "free.saved.save.words": "Memory, files and running programs, as {machine} is now.",
  "free.saved.save.verb": "Save",
  "free.saved.load": "Load from a file",
  "free.saved.load.words":
    "{machine} goes on where the saved one stood. What is in it now is gone. Load only what you trust to run.",
  "free.saved.load.verb": "Load …",
  "free.saved.saving": "Saving: the machine stands still for a moment …",
  "free.saved.saved": "Saved as {name}, {size}.",
  "free.saved.loading": "Loading {name} …",
  "free.saved.loaded": "{name} goes on here.",
  "free.saved.no-machine": "There is no machine to do that with now.",
  "free.saved.too-large": "That file is larger than any saved machine. Nothing was changed.",
  "free.saved.invalid":
    "That file is no saved machine, or it is damaged. The machine here goes on as it was.",
  "free.saved.mismatch":
    "That machine was saved by another version of this page, or it is of another kind or memory than this one. The machine here goes on as it was.",
  "free.saved.failed": "That did not work.",
  "free.transcript.words": "What you typed and what came of it, as a text file.",
});
