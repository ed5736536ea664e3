/** As keyboards do it: a pause, so that a tap is one, and then quickly. */
const FIRST_MS = 400;
const NEXT_MS = 60;

/** Presses at once and again while it is held. Returns what lets go. */
export function repeatPress(press: () => void): () => void {
  press();
  let timer = setTimeout(function again() {
    press();
    timer = setTimeout(again, NEXT_MS);
  }, FIRST_MS);
  return () => clearTimeout(timer);
}
