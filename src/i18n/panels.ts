/** The sentences of the panels, and of the terminals in them. */
import { speaker } from "./speaker.ts";

export const sayPanels = speaker({
  "panels.lesson": "Lesson",
  "panels.settings": "Setup",
  "panels.manual": "Manual",
  "panels.switch": "What is seen",
  "panels.xray-open": "is open",
  "panels.collapse": "Put away: {name}",
  "panels.open": "Bring back: {name}",
  "panels.place.beside": "X-ray beside the terminal",
  "panels.place.below": "X-ray below the terminal",
  "panels.move.lesson": "Width of the lesson",
  "panels.move.settings": "Width of the setup",
  "panels.move.terminal": "Size of the terminal beside the X-ray",
  "panels.move.manual": "Size of the manual beside the X-ray",
  "panels.move.split": "Size of the first terminal beside the second",
  "panels.move.column": "Height of what is above the terminal",

  "panels.presets": "Arrangement of the page",
  "panels.preset.read": "Read",
  "panels.preset.read.title": "The lesson wide, the terminal beside it, the X-ray closed",
  "panels.preset.settings.title": "The setup beside the terminal, the X-ray closed",
  "panels.preset.watch": "Watch",
  "panels.preset.watch.title": "The lesson narrow, terminal and X-ray large",
  "panels.preset.compare": "Compare",
  "panels.preset.compare.title": "Machines beside containers, with what each has cost",

  "terminal.add": "New terminal",
  "terminal.add.on": "New terminal on",
  "terminal.close": "Close {name}, and what runs in it",
  "terminal.split.beside": "Two terminals side by side",
  "terminal.split.below": "Two terminals, one below the other",
  "terminal.split.join": "One terminal",
  "terminal.next": "Ctrl+Shift+← and → go from terminal to terminal",
  "terminal.opening": "Opening a terminal on {machine}",
});
