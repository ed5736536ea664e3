import type { XrayFrame } from "../views/index.ts";
import { faultSentences } from "../i18n/index.ts";
import { asCodedError, type XrayTab } from "../state/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import type { BesideDesk } from "./beside-offers.ts";
import type { LoadedXray } from "./load-xray.ts";
import type { XrayState } from "./xray-state.ts";

type Xray = LoadedXray["xray"];
type XrayChart = InstanceType<Awaited<ReturnType<Xray["loadChart"]>>>;

/** Where each widget stands. */
export interface XrayPlaces {
  readonly picture: HTMLElement;
  readonly table: HTMLElement;
  readonly beside: HTMLElement;
  readonly details: HTMLElement;
  readonly chart: HTMLElement;
  readonly timeline: HTMLElement;
}

/** What the widgets are joined with. */
interface XrayJoins {
  readonly state: XrayState;
  readonly besideDesk: BesideDesk | undefined;
  /** Called each time that there was something to draw and it has been. */
  readonly onDrawn: () => void;
}

export interface XrayWidgets {
  /** Has all drawn in the tasks that follow, each widget in one of its own, the tab's own first. */
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

/** Makes a widget when it is first drawn: whoever opens the X-ray waits for no other than the one in sight. */
function whenDrawn<Widget extends { dispose(): void }>(
  make: () => Widget,
): { readonly get: () => Widget; readonly peek: () => Widget | undefined } {
  let made: Widget | undefined;
  return { get: () => (made ??= make()), peek: () => made };
}

/** Joins what the widgets tell with the state's actions. Whoever made them disposes of them. */
export function makeXrayWidgets(
  { xray, say }: LoadedXray,
  places: XrayPlaces,
  { state, besideDesk, onDrawn }: XrayJoins,
): XrayWidgets {
  const model = new xray.XrayModel((machine) => state.numbersOf?.(machine));
  const options = { say, model };
  let isComparing = false;
  const picture = whenDrawn(() => {
    const made = new xray.XrayView(places.picture, options);
    made.onSelect(({ target, isSecond }) => state.select(target, isSecond || isComparing));
    made.onTerminal(focusTerminal);
    return made;
  });
  const table = whenDrawn(() => new xray.XrayTable(places.table, options));
  const beside = whenDrawn(() => {
    const made = new xray.XrayBeside(places.beside, options);
    made.onWish((wish) => besideDesk?.fulfil(wish));
    return made;
  });
  const details = whenDrawn(() => {
    const made = new xray.XrayDetails(places.details, options);
    made.onCompare((isAsked) => {
      isComparing = isAsked;
    });
    made.onSignal(({ machine, pid, signal }) => {
      state.sendSignal?.(machine, pid, signal).catch((error: unknown) => {
        made.signalFailed(faultSentences(asCodedError(error).code));
      });
    });
    made.onClose(() => state.clearSelection());
    return made;
  });
  const timeline = whenDrawn(() => {
    const made = new xray.XrayTimeline(places.timeline, { say });
    made.onScrub((index) => state.scrub(index));
    made.onLive(() => state.goLive());
    made.onPick(({ time }) => {
      const index = state.history.value.times.findIndex((one) => one >= time);
      if (index >= 0) state.scrub(index);
    });
    return made;
  });
  let chart: XrayChart | undefined;
  let isChartAsked = false;
  let isGone = false;
  let tab: XrayTab = "picture";

  const frameOf = (): XrayFrame => ({
    machines: state.machines.value,
    lens: state.lens.value,
    seen: state.seen.value,
    selection: state.selection.value,
    isLive: state.history.value.isLive && state.sendSignal !== undefined,
  });
  const drawTab = (): void => {
    const frame = frameOf();
    if (tab === "picture") picture.get().show(frame);
    else if (tab === "table") table.get().show(frame);
    else {
      // What is over is looked at, and not changed.
      const offers = state.history.value.isLive ? besideDesk?.offers.value : undefined;
      beside.get().show(frame, state.costs.value, offers);
      const live = state.history.value.isLive ? frame.machines : [];
      for (const { name } of live) void state.measureDisk(name, beside.get().containersOf(name));
    }
    if (frame.machines.length > 0) onDrawn();
  };
  const drawDetails = (): void => {
    const frame = frameOf();
    if (frame.selection.length > 0) details.get().show(frame);
    else details.peek()?.show(frame);
  };
  const askForChart = async (): Promise<void> => {
    isChartAsked = true;
    try {
      const Chart = await xray.loadChart();
      if (isGone) return;
      chart = new Chart(places.chart, { say });
      drawing.ask();
    } catch {
      // What is chosen stands beside it in figures; the next drawing asks anew.
      isChartAsked = false;
    }
  };
  const drawChart = (): void => {
    const wanted = charted(frameOf());
    if (wanted !== undefined && !isChartAsked) void askForChart();
    places.chart.hidden = wanted === undefined || chart === undefined;
    if (wanted !== undefined) chart?.show(state.recorded(wanted.machine), wanted.path);
  };
  const drawTimeline = (): void => {
    timeline.get().show({ ...state.history.value, events: state.events.value });
  };
  const drawing = new xray.InTurns([drawTab, drawDetails, drawChart, drawTimeline]);
  return {
    draw(asked) {
      tab = asked;
      drawing.ask();
    },
    async save(kind) {
      const { machines } = frameOf();
      if (kind === "json") {
        const all = Object.fromEntries(machines.map(({ name }) => [name, state.recorded(name)]));
        return new Blob([xray.exportJson(all)], { type: "application/json" });
      }
      const drawn = xray.exportSvg(picture.get().element, say("xray.picture.label"));
      return kind === "png" ? await xray.exportPng(drawn) : new Blob([drawn.text], { type: "image/svg+xml" });
    },
    dispose() {
      isGone = true;
      drawing.dispose();
      chart?.dispose();
      for (const widget of [picture, table, beside, details, timeline]) widget.peek()?.dispose();
    },
  };
}
