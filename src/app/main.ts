/**
 * The page's composition: its address decides which door opens. What takes longest begins first: for a lab the worker,
 * while the code of the lab, of the page and of the terminal arrive beside it. The landing starts nothing and fetches none
 * of them.
 */
import { readCourses } from "./courses.ts";
import { doorOf, firstMachine } from "./door.ts";
import { keptHere } from "./kept-here.ts";
import { routeOf } from "./route.ts";
import { startAhead } from "./start-worker.ts";

/** What the lab will look like, while its code is on the way. */
function showSkeleton(root: HTMLElement): void {
  const skeleton = document.getElementById("lab-skeleton");
  if (skeleton instanceof HTMLTemplateElement) root.replaceChildren(skeleton.content.cloneNode(true));
}

/** The interface's code, when its styles have come too: nothing is drawn without them. */
async function withLooks<Parts>(code: Promise<Parts>, looks: Promise<void>): Promise<Parts> {
  const [parts] = await Promise.all([code, looks]);
  return parts;
}

async function open(): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) throw new Error("index.html has no #app");
  const left = keptHere();
  const isErased = left.isAskedToErase;
  if (isErased) await left.erase();
  const courses = readCourses(document);
  const door = doorOf(routeOf(location.search), courses.index);
  if (door.kind === "landing") {
    const { openLanding } = await import("./landing-page.ts");
    return openLanding(root, { ...courses, door, isErased });
  }
  const firstWorker = startAhead(firstMachine(door, location.search));
  const looks = import("./styles/lab.css").then(() => showSkeleton(root));
  // The largest part; the page asks for it when it is drawn, and it should be there by then.
  import("../views/index.ts").catch(() => undefined);
  if (door.kind === "terminal") {
    const parts = withLooks(import("./free-parts.ts"), looks);
    const { openTerminalPage } = await import("./terminal-page.ts");
    return openTerminalPage(root, { firstWorker, parts });
  }
  const parts = withLooks(import("./lab-parts.ts"), looks);
  const { openLab } = await import("./lab-page.ts");
  return openLab(root, { index: courses.index, door, firstWorker, parts });
}

open().catch(() => {
  // Without its code the page cannot say this any better; and nothing is awaited any more.
  for (const waiting of document.querySelectorAll(".opening, .to-come .loading")) waiting.remove();
  const note = document.getElementById("start-failed");
  if (note !== null) note.hidden = false;
});
