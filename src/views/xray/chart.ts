import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { type Disposable, DisposableStore } from "../../base/index.ts";
import { type Cgroup, cgroupRates, type Limit, type Observation } from "../../isolation/index.ts";
import { cpuLimit } from "./cgroup-words.ts";
import { colourOf, el } from "./dom.ts";
import { bytes, duration, percent } from "./format.ts";
import type { Say } from "./words.ts";

const HEIGHT = 120;
const NO_LIMIT = null;

interface Line {
  readonly label: string;
  /** A custom property of the page's. */
  readonly colour: string;
  readonly isLimit?: boolean;
  readonly isDashed?: boolean;
  readonly value: (cgroup: Cgroup, share: number | undefined) => number | null;
}

interface Plan {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly say: (value: number) => string;
  /** The axis reaches this far at least, so that next to nothing does not look like much. */
  readonly least: number;
}

const limited = (limit: Limit | undefined): number | null =>
  limit === undefined || limit === "max" ? NO_LIMIT : limit;

function plansOf(say: Say): Plan[] {
  return [
    {
      title: say("xray.chart.memory"),
      say: bytes,
      least: 1024 * 1024,
      lines: [
        { label: "memory.current", colour: "--mem-anon", value: ({ memory }) => memory?.current ?? null },
        {
          label: "memory.high",
          colour: "--ink",
          isDashed: true,
          isLimit: true,
          value: ({ memory }) => limited(memory?.high),
        },
        { label: "memory.max", colour: "--bad", isLimit: true, value: ({ memory }) => limited(memory?.max) },
      ],
    },
    {
      title: say("xray.chart.cpu"),
      say: percent,
      least: 0.1,
      lines: [
        { label: say("xray.gauge.cpu"), colour: "--accent", value: (_, share) => share ?? null },
        { label: "cpu.max", colour: "--bad", isLimit: true, value: (cgroup) => cpuLimit(cgroup) ?? null },
      ],
    },
    {
      title: say("xray.chart.pids"),
      say: (value) => String(Math.round(value)),
      least: 4,
      lines: [
        { label: "pids.current", colour: "--ns-pid", value: ({ pids }) => pids?.current ?? null },
        { label: "pids.max", colour: "--bad", isLimit: true, value: ({ pids }) => limited(pids?.max) },
      ],
    },
  ];
}

/** Memory, CPU and processes of one cgroup over the recorded observations. */
export class XrayChart implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #element = el("div", "xray-charts");
  readonly #plots: { readonly plan: Plan; readonly plot: uPlot; readonly place: HTMLElement }[] = [];

  constructor(host: HTMLElement, { say }: { readonly say: Say }) {
    host.append(this.#element);
    for (const plan of plansOf(say)) {
      const place = el("figure", "chart", el("figcaption", "", plan.title));
      this.#element.append(place);
      this.#plots.push({ plan, place, plot: new uPlot(this.#optionsOf(plan, place), [[]], place) });
    }
    const resized = new ResizeObserver(() => {
      for (const { plot, place } of this.#plots)
        if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: HEIGHT });
    });
    resized.observe(this.#element);
    // Canvas knows no custom properties: it is drawn anew when the colours change.
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(() => redraw());
    theme.observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast"] });
    const redraw = (): void => {
      for (const { plot } of this.#plots) plot.redraw(false);
    };
    dark.addEventListener("change", redraw);
    this.#owned.defer(() => {
      resized.disconnect();
      theme.disconnect();
      dark.removeEventListener("change", redraw);
      for (const { plot } of this.#plots) plot.destroy();
      this.#element.remove();
    });
  }

  #optionsOf({ lines, say, least }: Plan, place: HTMLElement): uPlot.Options {
    const colour = (name: string) => (): string => colourOf(this.#element, name);
    const axis = {
      stroke: colour("--ink-soft"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    return {
      width: Math.max(place.clientWidth, 200),
      height: HEIGHT,
      legend: { live: false },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: true }, y: { range: (_plot, _from, most) => [0, Math.max(most, least) * 1.08] } },
      axes: [
        {
          ...axis,
          size: 26,
          // How long before the last one: the time of day says nothing here.
          values: (plot, splits) => {
            const last = plot.data[0].at(-1) ?? 0;
            return splits.map((time) => (time >= last ? "0" : `−${duration((last - time) * 1000)}`));
          },
        },
        { ...axis, size: 64, values: (_plot, splits) => splits.map((value) => say(value)) },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.label,
          stroke: colour(line.colour),
          width: line.isLimit === true ? 1.5 : 2,
          ...(line.isDashed === true ? { dash: [5, 4] } : {}),
          points: { show: false },
        })),
      ],
    };
  }

  /** @param observations Of one machine, oldest first. */
  show(observations: readonly Observation[], path: string): void {
    const times = observations.map(({ time }) => time / 1000);
    const seen = observations.map((observation, i) => {
      const cgroup = observation.cgroups.find((one) => one.path === path);
      const share = cgroupRates(observations[i - 1], observation).get(path)?.cpu;
      return { cgroup, share };
    });
    for (const { plan, plot, place } of this.#plots) {
      const data = plan.lines.map(({ value }) =>
        seen.map(({ cgroup, share }) => (cgroup === undefined ? null : value(cgroup, share))),
      );
      place.hidden = data[0]?.every((value) => value === null) ?? true;
      plot.setData([times, ...data]);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
