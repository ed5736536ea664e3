import type * as Xray from "./xray/index.ts";

/**
 * uPlot formats numbers for `navigator.language` as soon as its code runs. WebKitGTK says "C" there where the system has
 * no language set, which is none, and the X-ray's code would end with that.
 */
function haveLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", {
      value: document.documentElement.lang,
      configurable: true,
    });
  }
}

/** Fetches the X-ray's code: it is large, and the first prompt must not wait for it. */
export function loadXray(): Promise<typeof Xray> {
  haveLanguage();
  return import("./xray/index.ts");
}
