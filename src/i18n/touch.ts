/** The sentences of the key bar that stands below a terminal on touch screens, and of its two sheets. */
import { speaker } from "./speaker.ts";

export const sayTouch = speaker({
  "keys.label": "Keys for the terminal",
  "keys.escape": "Esc",
  "keys.tab": "Tab",
  "keys.ctrl": "Ctrl",
  "keys.ctrl.title": "Holds Ctrl for the next key; tap twice to lock it",
  "keys.ctrl.locked": "locked",
  "keys.enter": "Enter",
  "keys.up": "Up",
  "keys.down": "Down",
  "keys.left": "Left",
  "keys.right": "Right",
  "keys.paste": "Paste",
  "keys.text": "Text",
  "keys.text.title": "The terminal as plain text, to read, select and copy",

  "paste.title": "Paste into the terminal",
  "paste.words":
    "The browser does not let the page read what you copied. Paste it here: touch and hold the field, then choose Paste.",
  "paste.field": "What goes into the terminal",
  "paste.lines":
    "Several lines: a shell shows them first and runs them when you press Enter; other programs take them at once.",
  "paste.verb": "Put it in",

  "text.title": "Text of the terminal",
  "text.words": "As it stood when you opened this. Select what you need, or copy all of it.",
  "text.field": "What the terminal shows and what has scrolled away",
  "text.copy-screen": "Copy what was in sight",
  "text.copy-all": "Copy all",
  "text.copied": "Copied.",
  "text.copy-failed": "The browser did not let the page copy it. Select it above and copy it by hand.",
  "text.empty": "The terminal is empty.",
});
