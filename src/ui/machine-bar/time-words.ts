import { sayBar } from "../../i18n/index.ts";

const SECOND = 1000;
const MINUTE_S = 60;

/** How long ago a moment was, as one says it. */
export function agoWords(ms: number): string {
  const all = Math.round(ms / SECOND);
  const minutes = Math.floor(all / MINUTE_S);
  const seconds = all % MINUTE_S;
  return minutes === 0
    ? sayBar("bar.past.seconds", { seconds })
    : sayBar("bar.past.minutes", { minutes, seconds });
}

/** How long something took: in milliseconds below a second. */
export function tookWords(ms: number): string {
  return ms < SECOND
    ? sayBar("bar.boot.ms", { ms: Math.round(ms) })
    : sayBar("bar.boot.s", { s: (ms / SECOND).toFixed(ms < 10 * SECOND ? 2 : 1) });
}
