const DARK = "(prefers-color-scheme: dark)";

export type ColourScheme = "light" | "dark" | "contrast-light" | "contrast-dark";

/** The colours that are shown: those that the page says, else those of the system. */
export function colourScheme(): ColourScheme {
  const { theme, contrast } = document.documentElement.dataset;
  const shade = theme === "light" || theme === "dark" ? theme : matchMedia(DARK).matches ? "dark" : "light";
  return contrast === "more" ? `contrast-${shade}` : shade;
}

/** Calls when they may have changed. Returns what ends that. */
export function onColourScheme(listener: () => void): () => void {
  const media = matchMedia(DARK);
  const theme = new MutationObserver(listener);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast"] });
  media.addEventListener("change", listener);
  return () => {
    theme.disconnect();
    media.removeEventListener("change", listener);
  };
}
