/** What every door of the page says. What stands between braces is put in. */
import { speaker } from "./speaker.ts";

export const say = speaker({
  "app.name": "Vivarium",
  "app.home": "All courses, and the free terminal",
  "app.title": "{lesson} · Vivarium",
  "app.skip-to-terminal": "Skip to the terminal",

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
  "about.help": "If something does not work, this helps to find out why:",
  "about.failed": "This could not be fetched. Nothing is lost; close this and open it again.",

  "sheet.close": "Close",
  "sheet.cancel": "Cancel",

  "machine.kernel": "Linux {version}",
  "lesson.minutes": "{minutes} min",
  "lesson.progress": "{done} of {total} steps",
  "lesson.not-kept": "This browser lets the page store nothing: progress lasts until you close it.",

  "diagnostics.open": "Diagnostics",
  "diagnostics.open.words":
    "What browser, machines and page say about themselves, as text for somebody who helps you.",
  "size.bytes": "{count} bytes",
  "size.kib": "{count} KiB",
  "size.mib": "{count} MiB",
  "size.gib": "{count} GiB",
  "settings.open": "Settings",
  "settings.open.title": "Settings: colours, terminal, what is stored (Ctrl+,)",
  "settings.title": "Settings",
  "settings.erased": "Everything that this page had stored in this browser is erased.",
});
