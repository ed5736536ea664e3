import type { Share } from "../../state/index.ts";

/** Height of the page's letters where the visitor has not chosen larger ones; CSS pixels. */
const USUAL_LETTERS = 16;

/** How much larger than usual the visitor wants letters: so much more room everything needs. */
export function letterScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_LETTERS;
}

/** What the two sides of a separator need at least, in CSS pixels with usual letters: below that neither can be read. */
export const LEAST: Readonly<Record<Share, { readonly first: number; readonly second: number }>> = {
  lesson: { first: 300, second: 380 },
  above: { first: 150, second: 170 },
  beside: { first: 340, second: 380 },
  manual: { first: 220, second: 220 },
  split: { first: 120, second: 120 },
  // The switch between the panels, above the first one, takes its height from the second one.
  column: { first: 170, second: 180 },
};

const rem = (pixels: number): string => `${pixels / USUAL_LETTERS}rem`;

/** A share as the length of a grid's track. It keeps to what both sides need without a script when the page is resized. */
export function trackOf(share: Share, value: number): string {
  const { first, second } = LEAST[share];
  const part = `${(value * 100).toFixed(2)}%`;
  return `clamp(min(${rem(first)}, 50%), ${part}, max(calc(100% - ${rem(second)}), 50%))`;
}
