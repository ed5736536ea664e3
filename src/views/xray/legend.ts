import { el } from "./dom.ts";
import type { Say } from "./words.ts";

/** How to read the picture, in one line: number plates and lamps. */
export function legend(say: Say): HTMLElement {
  const plates = el(
    "span",
    "proc two-numbers",
    el("span", "plate outer", say("xray.legend.outside")),
    el("span", "proc-name", say("xray.legend.name")),
    el("span", "plate inner", say("xray.legend.inside")),
  );
  const own = el("span", "lamp lit ns-pid", "pid 2");
  const shared = el("span", "lamp", "net");
  return el(
    "p",
    "legend",
    el("span", "legend-item", plates),
    el("span", "legend-item", own, say("xray.legend.own")),
    el("span", "legend-item", shared, say("xray.legend.shared")),
  );
}
