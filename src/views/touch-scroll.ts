import { type Disposable, DisposableStore } from "../base/index.ts";

/** What a finger moves. */
export interface TouchScrolled {
  /** The height of one line, CSS pixels. */
  readonly lineHeight: () => number;
  /** Whether there is anything in that direction; -1 is up, to what is older. */
  readonly canScroll: (direction: 1 | -1) => boolean;
  readonly scroll: (lines: number) => void;
}

/** A host that a finger scrolls. */
export interface TouchScroll extends Disposable {
  /** Ends the gliding after a throw: whoever types meanwhile wants to see what is typed. */
  stop(): void;
}

/** Of the speed, each frame; and below which many pixels a frame it stops. */
const FRICTION = 0.94;
const STILL_PX = 0.3;
/** A finger that rested so long before it left has not thrown anything. */
const REST_MS = 60;

/**
 * Scrolls by one finger, which xterm 6 does not. Where nothing is left in the finger's direction, the page has it: a
 * terminal in another page's frame is no trap. Two fingers are the browser's, for zooming.
 */
export function scrollByTouch(host: HTMLElement, scrolled: TouchScrolled): TouchScroll {
  const owned = new DisposableStore();
  let lastY = 0;
  let lastAt = 0;
  let speed = 0;
  let rest = 0;
  let state: "none" | "undecided" | "ours" = "none";
  let frame = 0;

  const by = (pixels: number): void => {
    const height = scrolled.lineHeight();
    if (height <= 0) return;
    rest += pixels;
    const lines = Math.trunc(rest / height);
    rest -= lines * height;
    if (lines !== 0) scrolled.scroll(lines);
  };
  const glide = (): void => {
    speed *= FRICTION;
    if (Math.abs(speed) < STILL_PX) return;
    by(speed);
    frame = requestAnimationFrame(glide);
  };
  const stop = (): void => cancelAnimationFrame(frame);
  const onStart = (event: TouchEvent): void => {
    stop();
    const [finger] = event.touches;
    state = event.touches.length === 1 ? "undecided" : "none";
    lastY = finger?.clientY ?? 0;
    lastAt = event.timeStamp;
    speed = 0;
    rest = 0;
  };
  const onMove = (event: TouchEvent): void => {
    const [finger] = event.touches;
    if (state === "none" || finger === undefined || event.touches.length !== 1) return;
    const moved = lastY - finger.clientY;
    if (moved === 0) return;
    if (state === "undecided" && !scrolled.canScroll(moved > 0 ? 1 : -1)) {
      state = "none";
      return;
    }
    state = "ours";
    if (event.cancelable) event.preventDefault();
    const frames = Math.max(1, (event.timeStamp - lastAt) / (1000 / 60));
    speed = 0.6 * (moved / frames) + 0.4 * speed;
    lastY = finger.clientY;
    lastAt = event.timeStamp;
    by(moved);
  };
  const onEnd = (event: TouchEvent): void => {
    const isThrown = state === "ours" && event.timeStamp - lastAt < REST_MS;
    state = "none";
    if (isThrown && !matchMedia("(prefers-reduced-motion: reduce)").matches)
      frame = requestAnimationFrame(glide);
  };
  const onCancel = (): void => {
    state = "none";
  };
  host.addEventListener("touchstart", onStart, { passive: true });
  host.addEventListener("touchmove", onMove, { passive: false });
  host.addEventListener("touchend", onEnd, { passive: true });
  host.addEventListener("touchcancel", onCancel, { passive: true });
  owned.defer(() => {
    stop();
    host.removeEventListener("touchstart", onStart);
    host.removeEventListener("touchmove", onMove);
    host.removeEventListener("touchend", onEnd);
    host.removeEventListener("touchcancel", onCancel);
  });
  return { stop, dispose: () => owned.dispose() };
}
