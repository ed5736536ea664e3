import type { Theme } from "../state/index.ts";

const MORE = matchMedia("(prefers-contrast: more)");

/**
 * Puts a theme on the page, where style sheets read it, until the returned function is called. `public/looks.js` does the
 * same once, before anything is drawn.
 */
export function wearTheme(theme: Theme): () => void {
  const { dataset } = document.documentElement;
  const [, contrast, shade] = /^(contrast-)?(light|dark)$/.exec(theme) ?? [];
  const wear = (): void => {
    if (shade === undefined) delete dataset["theme"];
    else dataset["theme"] = shade;
    if (contrast !== undefined || MORE.matches) dataset["contrast"] = "more";
    else delete dataset["contrast"];
  };
  wear();
  MORE.addEventListener("change", wear);
  return () => MORE.removeEventListener("change", wear);
}
