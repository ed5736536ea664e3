import { effect } from "@preact/signals";
import { type Settings, type SettingsValue, USUAL_FONT } from "../state/index.ts";
import type { TerminalLooks, TerminalView } from "../views/index.ts";
import { colourScheme, onColourScheme } from "./colour-scheme.ts";

/** How the settings have terminals drawn, with the page's colours as they are now. */
export function terminalLooks(value: SettingsValue): TerminalLooks {
  const { terminalScheme, fontFamily, fontSize, lineHeight } = value;
  return {
    scheme: terminalScheme === "page" ? colourScheme() : terminalScheme,
    ...(fontFamily === USUAL_FONT ? {} : { fontFamily }),
    fontSize,
    lineHeight,
  };
}

/** Has a terminal follow the settings, and the page's colours. Returns what ends that. */
export function followLooks(
  view: Pick<TerminalView, "setLooks" | "setScreenReader">,
  settings: Settings,
): () => void {
  const wear = (): void => view.setLooks(terminalLooks(settings.value.peek()));
  const unlisten = onColourScheme(wear);
  const unwatch = effect(() => {
    view.setLooks(terminalLooks(settings.value.value));
    view.setScreenReader(settings.value.value.screenReader);
  });
  return () => {
    unlisten();
    unwatch();
  };
}
