/** What every page has beside what is open in it: settings, what is stored, and the faults so far. */
import { effect } from "@preact/signals";
import { asCodedError } from "../base/index.ts";
import {
  type AboutSource,
  aboutSource,
  browserProgress,
  exportProgress,
  FaultLog,
  type OfflineDesk,
  Settings,
} from "../state/index.ts";
import type { PageDesk, ProductFacts } from "../ui/index.ts";
import { browserText } from "./browser-texts.ts";
import { keptHere } from "./kept-here.ts";
import { wearTheme } from "./wear-theme.ts";

const about = (): AboutSource => aboutSource(new URL("about/", document.baseURI).href);

/** Faults that nobody was there for. */
function noteStray(faults: FaultLog): void {
  addEventListener("error", ({ error }: ErrorEvent) => {
    if (error !== undefined && error !== null) faults.note(asCodedError(error), "page");
  });
  addEventListener("unhandledrejection", ({ reason }) => faults.note(asCodedError(reason), "page"));
}

export interface PageDeskOptions extends ProductFacts {
  /** Colours that the page around a frame has chosen. */
  readonly theme?: "light" | "dark" | undefined;
  /** A frame has none, and must not even ask: where it is sandboxed, the name of the store is refused. */
  readonly offline?: OfflineDesk | undefined;
}

/** Makes it, and has the page wear its theme for as long as it is there. */
export function pageDesk({ theme, offline, ...product }: PageDeskOptions): PageDesk {
  const settings = new Settings(browserText("vivarium/settings"));
  const faults = new FaultLog(Date.now);
  noteStray(faults);
  effect(() => wearTheme(theme ?? settings.value.value.theme));
  return {
    settings,
    faults,
    product,
    kept: keptHere(),
    exportProgress: () =>
      exportProgress(
        browserProgress(() => undefined),
        Date.now(),
      ),
    about: about(),
    offline,
    isThemed: theme !== undefined,
  };
}
