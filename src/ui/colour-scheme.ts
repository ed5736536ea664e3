const DARK = "(prefers-color-scheme: dark)";

/** The colours that are shown: those that the page says, else those of the system. */
export function colourScheme(): "light" | "dark" {
  const { theme } = document.documentElement.dataset;
  if (theme === "light" || theme === "dark") return theme;
  return matchMedia(DARK).matches ? "dark" : "light";
}

/** Calls when they may have changed. Returns what ends that. */
export function onColourScheme(listener: () => void): () => void {
  const media = matchMedia(DARK);
  const theme = new MutationObserver(listener);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  media.addEventListener("change", listener);
  return () => {
    theme.disconnect();
    media.removeEventListener("change", listener);
  };
}
