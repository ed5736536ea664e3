import type { Share } from "../../state/index.ts";

/** What the two sides of a separator need at least, in CSS pixels: below that neither can be read. */
export const LEAST: Readonly<Record<Share, { readonly first: number; readonly second: number }>> = {
  lesson: { first: 300, second: 380 },
  above: { first: 150, second: 170 },
  beside: { first: 340, second: 380 },
  manual: { first: 220, second: 220 },
  split: { first: 120, second: 120 },
  // The switch between the panels is above the first one.
  column: { first: 170, second: 130 },
};

/** A share as the length of a grid's track. It keeps to what both sides need without a script when the page is resized. */
export function trackOf(share: Share, value: number): string {
  const { first, second } = LEAST[share];
  const part = `${(value * 100).toFixed(2)}%`;
  return `clamp(min(${first}px, 50%), ${part}, max(calc(100% - ${second}px), 50%))`;
}
