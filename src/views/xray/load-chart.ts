import type { XrayChart } from "./chart.ts";

/**
 * uPlot formats numbers for `navigator.language` as soon as its code runs. WebKitGTK says "C" there where the system has
 * no language set, which is none, and the code would end with that.
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

/** Fetches the chart's code when there is something to chart: running it takes as long as all of the picture's. */
export async function loadChart(): Promise<typeof XrayChart> {
  haveLanguage();
  const chart = await import("./chart.ts");
  return chart.XrayChart;
}
