/**
 * Whether the focus may be moved without somebody's doing: a frame in another page must not take it from there. In a
 * page of our own a browser in the background keeps the place that is chosen until one comes back.
 */
export function mayFocus(): boolean {
  return window.parent === window || document.hasFocus();
}
