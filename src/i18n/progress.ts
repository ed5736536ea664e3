/** What is said of a learner's progress, and of taking it along. */
import { speaker } from "./speaker.ts";

export const sayProgress = speaker({
  "progress.kept": "It is kept in this browser and nowhere else.",
  "progress.not-kept":
    "This browser lets the page store nothing: it is gone when you close the page. Export it to keep it.",
  "progress.export": "Export",
  "progress.export.words": "Saves it as a file: to keep, or to go on in another browser.",
  "progress.export.verb": "Export",
  "progress.exported": "Exported.",
  "progress.import": "Import",
  "progress.import.words":
    "Adds what such a file says to what is here: a step that is done in either is done.",
  "progress.import.verb": "Choose file …",
  "progress.imported": "Imported; lessons in the file: {lessons}.",
  "progress.unchanged": "Nothing was changed.",
  "progress.refused.too-large": "This is no file of progress: it is larger than 4 MiB.",
  "progress.refused.unreadable": "The browser could not read the file.",
  "progress.refused.not-json": "This is no file of progress, or one that was cut short: it is not JSON.",
  "progress.refused.not-ours": "This is a JSON file, but none of Vivarium's progress.",
  "progress.refused.newer":
    "This file is of a newer version of Vivarium than this page. Reload the page to get the newest, and try again.",
  "progress.refused.damaged": "This file of progress is damaged ({detail}).",
  "progress.erase": "Erase",
  "progress.erase.words": "Forgets all of it, in this browser.",
  "progress.erase.verb": "Erase",
  "progress.erase.question":
    "In every lesson, which steps are done and what you answered will be forgotten, and this lesson starts over. It cannot be undone, unless you export it first: then you can import it again.",
  "progress.erase.export": "Export first",
  "progress.erased": "Erased. This browser remembers nothing of your lessons.",
});
