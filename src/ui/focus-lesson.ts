/** Where the focus goes from the terminal: the open step, or what stands there without a lesson, or the way to it. */
const PLACES = [".step.open h3", ".free-pane h1", ".rail", ".panel-switch button"];

/** Puts the focus where everything else is a Tab away. */
export function focusLesson(): void {
  for (const place of PLACES) {
    const element = document.querySelector<HTMLElement>(place);
    element?.focus();
    // What is put away, or behind another panel, takes none.
    if (element !== null && document.activeElement === element) return;
  }
}
