/**
 * Motion from where things were to where they are (FLIP), and boxes that do not collapse at once when something leaves.
 */
const MOVE_MS = 260;
const ENTER_MS = 220;
/** So long a box keeps the room it had. */
const HOLD_MS = 3000;
/** More than so many moving things are not followed by the eye, and cost too much. */
const MOST = 120;
const MOST_FADING = 24;

function mayMove(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Runs `change` and lets everything below `host` that bears `data-flip` glide to its new place. */
export function glide(host: HTMLElement, change: () => void): void {
  const isMoving = mayMove() && host.getClientRects().length > 0;
  const before = isMoving ? placesOf(host) : new Map<HTMLElement, DOMRect>();
  change();
  if (!isMoving || before.size === 0) return;
  const moves: (() => void)[] = [];
  for (const [element, now] of placesOf(host)) {
    if (moves.length >= MOST) break;
    const was = before.get(element);
    if (was === undefined) {
      moves.push(() => {
        element.animate(
          [
            { opacity: 0, transform: "scale(.97)" },
            { opacity: 1, transform: "none" },
          ],
          {
            duration: ENTER_MS,
            easing: "ease-out",
          },
        );
      });
      continue;
    }
    // What only moved with its box is carried by the box.
    const around = element.parentElement?.closest<HTMLElement>("[data-flip]");
    const wasAround = around === null || around === undefined ? undefined : before.get(around);
    const nowAround = wasAround === undefined ? undefined : around?.getBoundingClientRect();
    const dx = was.left - now.left - ((wasAround?.left ?? 0) - (nowAround?.left ?? 0));
    const dy = was.top - now.top - ((wasAround?.top ?? 0) - (nowAround?.top ?? 0));
    if (Math.abs(dx) < 1 && Math.abs(dy) < 1) continue;
    moves.push(() => {
      element.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: "none" }], {
        duration: MOVE_MS,
        easing: "cubic-bezier(.2,.7,.3,1)",
      });
    });
  }
  for (const move of moves) move();
  fadeWhatLeft(host, before);
}

/** What has left is seen leaving, where it was. It is nobody's any more by now, so it may be taken for that. */
function fadeWhatLeft(host: HTMLElement, before: ReadonlyMap<HTMLElement, DOMRect>): void {
  const around = host.getBoundingClientRect();
  let fading = 0;
  for (const [element, place] of before) {
    if (element.isConnected || fading >= MOST_FADING) continue;
    const outer = element.parentElement?.closest<HTMLElement>("[data-flip]");
    // What left with its box fades with its box.
    if (outer !== null && outer !== undefined && before.has(outer) && !outer.isConnected) continue;
    fading++;
    element.inert = true;
    element.removeAttribute("data-flip");
    Object.assign(element.style, {
      position: "absolute",
      left: `${place.left - around.left}px`,
      top: `${place.top - around.top}px`,
      width: `${place.width}px`,
      minHeight: "",
      margin: "0",
      pointerEvents: "none",
    });
    host.append(element);
    const motion = element.animate([{ opacity: 1 }, { opacity: 0 }], {
      duration: ENTER_MS,
      easing: "ease-in",
    });
    motion.addEventListener("finish", () => element.remove());
    motion.addEventListener("cancel", () => element.remove());
  }
}

function placesOf(host: HTMLElement): Map<HTMLElement, DOMRect> {
  const places = new Map<HTMLElement, DOMRect>();
  for (const element of host.querySelectorAll<HTMLElement>("[data-flip]"))
    places.set(element, element.getBoundingClientRect());
  return places;
}

/** Keeps the height of boxes for a while after they could have become smaller. */
export class HeldHeights {
  readonly #held = new WeakMap<HTMLElement, { height: number; until: number }>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** To be called after each change of what is in the boxes. */
  hold(boxes: Iterable<HTMLElement>): void {
    const now = performance.now();
    const all = [...boxes];
    let isHolding = false;
    for (const box of all) {
      const held = this.#held.get(box);
      const isOver = held !== undefined && held.until <= now;
      if (isOver && box.style.minHeight !== "") box.style.minHeight = "";
    }
    for (const box of all) {
      const height = box.offsetHeight;
      const held = this.#held.get(box);
      // While it is held its own height cannot be read: only that it has outgrown it.
      const isHeld = box.style.minHeight !== "";
      const isStale = held === undefined || held.until <= now;
      if (isStale || height > held.height || (!isHeld && height === held.height)) {
        this.#held.set(box, { height, until: now + HOLD_MS });
        continue;
      }
      box.style.minHeight = `${held.height}px`;
      isHolding = true;
    }
    clearTimeout(this.#timer);
    if (isHolding)
      this.#timer = setTimeout(() => this.hold(all.filter((box) => box.isConnected)), HOLD_MS / 2);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
