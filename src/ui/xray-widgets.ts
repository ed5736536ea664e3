import type { loadXray, XrayFrame } from "../views/index.ts";
import { faultSentences, say } from "../i18n/index.ts";
import { asCodedError, type XrayTab } from "../state/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import type { BesideDesk } from "./beside-offers.ts";
import type { XrayState } from "./xray-state.ts";

type Xray = Awaited<ReturnType<typeof loadXray>>;

/** Where each widget stands. */
export interface XrayPlaces {
  readonly picture: HTMLElement;
  readonly table: HTMLElement;
  readonly beside: HTMLElement;
  readonly details: HTMLElement;
  readonly chart: HTMLElement;
  readonly timeline: HTMLElement;
}

export interface XrayWidgets {
  draw(tab: XrayTab): void;
  /** Makes a file of what is shown. */
  save(kind: "svg" | "png" | "json"): Promise<Blob>;
  dispose(): void;
}

/** A cgroup is charted when it is selected, or when a selected process lives in it. */
function charted({ machines, selection }: XrayFrame): { machine: string; path: string } | undefined {
  const [target] = selection;
  if (target === undefined || selection.length > 1) return undefined;
  if (target.kind === "cgroup") return { machine: target.machine, path: target.key };
  if (target.kind !== "process") return undefined;
  const machine = machines.find(({ name }) => name === target.machine);
  const pid = Number.parseInt(target.key, 10);
  const path = machine?.observation.processes.find((process) => process.pid === pid)?.cgroup;
  return path === undefined || path === "/" ? undefined : { machine: target.machine, path };
}

/** Makes the widgets and joins what they tell with the state's actions. Whoever made them disposes of them. */
export function makeXrayWidgets(
  xray: Xray,
  places: XrayPlaces,
  { state, besideDesk }: { readonly state: XrayState; readonly besideDesk?: BesideDesk | undefined },
): XrayWidgets {
  const model = new xray.XrayModel((machine) => state.numbersOf?.(machine));
  const options = { say, model };
  const picture = new xray.XrayView(places.picture, options);
  const table = new xray.XrayTable(places.table, options);
  const beside = new xray.XrayBeside(places.beside, options);
  const details = new xray.XrayDetails(places.details, options);
  const chart = new xray.XrayChart(places.chart, { say });
  const timeline = new xray.XrayTimeline(places.timeline, { say });
  let isComparing = false;
  beside.onWish((wish) => besideDesk?.fulfil(wish));
  picture.onSelect(({ target, isSecond }) => state.select(target, isSecond || isComparing));
  details.onCompare((isAsked) => {
    isComparing = isAsked;
  });
  picture.onTerminal(focusTerminal);
  details.onSignal(({ machine, pid, signal }) => {
    state.sendSignal?.(machine, pid, signal).catch((error: unknown) => {
      details.signalFailed(faultSentences(asCodedError(error).code));
    });
  });
  details.onClose(() => state.clearSelection());
  timeline.onScrub((index) => state.scrub(index));
  timeline.onLive(() => state.goLive());
  timeline.onPick(({ time }) => {
    const index = state.history.value.times.findIndex((one) => one >= time);
    if (index >= 0) state.scrub(index);
  });

  const frameOf = (): XrayFrame => ({
    machines: state.machines.value,
    lens: state.lens.value,
    seen: state.seen.value,
    selection: state.selection.value,
    isLive: state.history.value.isLive && state.sendSignal !== undefined,
  });
  return {
    draw(tab) {
      const frame = frameOf();
      if (tab === "picture") picture.show(frame);
      else if (tab === "table") table.show(frame);
      else {
        // What is over is looked at, and not changed.
        const offers = state.history.value.isLive ? besideDesk?.offers.value : undefined;
        beside.show(frame, state.costs.value, offers);
        const live = state.history.value.isLive ? frame.machines : [];
        for (const { name } of live) void state.measureDisk(name, beside.containersOf(name));
      }
      details.show(frame);
      const wanted = charted(frame);
      places.chart.hidden = wanted === undefined;
      if (wanted !== undefined) chart.show(state.recorded(wanted.machine), wanted.path);
      timeline.show({ ...state.history.value, events: state.events.value });
    },
    async save(kind) {
      const { machines } = frameOf();
      if (kind === "json") {
        const all = Object.fromEntries(machines.map(({ name }) => [name, state.recorded(name)]));
        return new Blob([xray.exportJson(all)], { type: "application/json" });
      }
      const drawing = xray.exportSvg(picture.element, say("xray.picture.label"));
      return kind === "png"
        ? await xray.exportPng(drawing)
        : new Blob([drawing.text], { type: "image/svg+xml" });
    },
    dispose() {
      for (const widget of [picture, table, beside, details, chart, timeline]) widget.dispose();
    },
  };
}
