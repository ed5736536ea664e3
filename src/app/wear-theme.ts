import type { Theme } from "../state/index.ts";

/** What a system may ask for. One with colours of its own has the last word. */
const MORE = matchMedia("(prefers-contrast: more)");
const FORCED = matchMedia("(forced-colors: active)");

/**
 * Puts a theme on the page, where style sheets read it, until the returned function is called. `public/looks.js` does the
 * same once, before anything is drawn.
 */
export function wearTheme(theme: Theme): () => void {
  const { dataset } = document.documentElement;
  const [, contrast, shade] = /^(contrast-)?(light|dark)$/.exec(theme) ?? [];
  const wear = (): void => {
    if (shade === undefined || FORCED.matches) delete dataset["theme"];
    else dataset["theme"] = shade;
    if (contrast !== undefined || MORE.matches || FORCED.matches) dataset["contrast"] = "more";
    else delete dataset["contrast"];
  };
  wear();
  for (const media of [MORE, FORCED]) media.addEventListener("change", wear);
  return () => {
    for (const media of [MORE, FORCED]) media.removeEventListener("change", wear);
  };
}
