import type { LayoutStore } from "../state/index.ts";

const PREFIX = "vivarium/layout/";

/** Keeps how the panels share a page in the browser: at once and not later, so that nothing moves when it is there. */
export function browserLayout(page: "lab" | "terminal"): LayoutStore {
  return {
    load: () => localStorage.getItem(PREFIX + page) ?? undefined,
    save: (text) => localStorage.setItem(PREFIX + page, text),
  };
}
