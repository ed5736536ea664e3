/** The words of what works without a network. What stands between braces is put in. */
import { speaker } from "./speaker.ts";

export const sayOffline = speaker({
  "offline.open": "Offline use",
  "offline.title": "Without a network",
  "offline.words":
    "What is kept here stays in this browser. The page, its lessons and these machines then work without a network.",
  "offline.words.by-itself":
    "The page and “base” are kept by themselves, some seconds after a first machine has shown its prompt.",
  "offline.insecure":
    "This page came over plain http, and browsers keep pages for offline use only where they come over https. Everything else works.",
  "offline.unsupported":
    "This browser lets no page keep itself for offline use, or not in a private window. Everything else works.",
  "offline.unknown": "Looking what is kept …",
  "offline.no-list": "The list of what can be kept could not be fetched. Nothing that is kept was lost.",
  "offline.again": "Try again",

  "offline.page": "Page, lessons and manual",
  "offline.profile": "Machine “{profile}”",
  "offline.profile.base": "Machine “base”: the usual tools",
  "offline.profile.containers": "Machine “containers”: with Podman",

  "offline.state.kept": "kept · {size}",
  "offline.state.absent": "not kept · {size}",
  "offline.state.more": "not kept · {size} more",
  "offline.state.waiting": "waits its turn",
  "offline.state.fetching": "{fetched} of {size}",
  "offline.state.full": "The browser has no room for it. What came stays until you remove it.",
  "offline.state.failed": "It could not be fetched whole. What came is kept; try again later.",

  "offline.keep": "Keep",
  "offline.keep.name": "Keep {what} for offline use",
  "offline.stop": "Stop",
  "offline.stop.name": "Stop fetching {what}",
  "offline.remove": "Remove",
  "offline.remove.name": "Remove {what} from this browser",

  "offline.update.newer": "A new version is here.",
  "offline.update.newer.words":
    "Reload to use it. Your progress stays; a machine that runs now starts anew. If you go on, it is used the next time you open this page.",
  "offline.update.unreachable": "The new version cannot be had without a network.",
  "offline.update.unreachable.words":
    "This one goes on, and nothing was lost. Try again when there is a network.",
  "offline.update.reload": "Reload",
  "offline.update.later": "Later",
});
