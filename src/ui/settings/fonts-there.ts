/** Fixed-pitch families that systems come with or people put there, in the order in which they are offered. */
const KNOWN = [
  "Atkinson Hyperlegible Mono",
  "Cascadia Code",
  "Cascadia Mono",
  "Consolas",
  "Courier New",
  "DejaVu Sans Mono",
  "Fira Code",
  "Fira Mono",
  "Hack",
  "IBM Plex Mono",
  "Inconsolata",
  "Iosevka",
  "JetBrains Mono",
  "Liberation Mono",
  "Lucida Console",
  "Menlo",
  "Monaco",
  "Noto Sans Mono",
  "OpenDyslexicMono",
  "Roboto Mono",
  "SF Mono",
  "Source Code Pro",
  "Ubuntu Mono",
  "Ubuntu Sans Mono",
] as const;

/** Letters whose widths differ from family to family. */
const TEXT = "mmmwwwiiil10Oo@#&";
const SIZE = "72px";

/**
 * Those of the known families that this system has. A browser tells no list; one that is not there is drawn as what stands
 * behind it, so it is as wide as two different ones.
 */
export function fontsThere(): readonly string[] {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return [];
  const widthIn = (families: string): number => {
    context.font = `${SIZE} ${families}`;
    return context.measureText(TEXT).width;
  };
  const behind = ["serif", "sans-serif", "monospace"].map((family) => ({ family, width: widthIn(family) }));
  return KNOWN.filter((name) =>
    behind.some(({ family, width }) => widthIn(`"${name}", ${family}`) !== width),
  );
}
