/** What can be scrolled, and lies around an element; undefined where all of it can be seen at once. */
function scrollerOf(element: Element): Element | undefined {
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    const { overflowY } = getComputedStyle(around);
    if ((overflowY === "auto" || overflowY === "scroll") && around.scrollHeight > around.clientHeight)
      return around;
  }
  return undefined;
}

/** As `scrollIntoView`, but only what lies in this document moves: a page around a frame stays where it is. */
export function scrollTo(element: Element, block: "start" | "center"): void {
  const scroller = scrollerOf(element);
  if (scroller === undefined) return;
  const [at, room] = [element.getBoundingClientRect(), scroller.getBoundingClientRect()];
  const margin = Number.parseFloat(getComputedStyle(element).scrollMarginTop) || 0;
  const spare = block === "center" ? Math.max(0, (scroller.clientHeight - at.height) / 2) : margin;
  scroller.scrollTop += at.top - room.top - spare;
}

/** The same sideways, of what lies in `scroller`: no further than until all of it is seen, from its start on if it is wide. */
export function scrollAcross(element: Element, scroller: Element): void {
  const [at, room] = [element.getBoundingClientRect(), scroller.getBoundingClientRect()];
  const [before, after] = [at.left - room.left, at.right - room.right];
  if (before < 0) scroller.scrollLeft += before;
  else if (after > 0) scroller.scrollLeft += Math.min(after, before);
}
