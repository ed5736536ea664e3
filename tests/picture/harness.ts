/**
 * Shows a situation by itself, in the X-ray's pane: `?situation=pid&lens=cgroups&seen=inside&tab=table&at=3&select=process:98`.
 * Real recordings under `situations/` are found by their file names.
 */
import { signal } from "@preact/signals-core";
import { type Observation, processKey } from "../../src/isolation/index.ts";
import { showXray, type XrayState } from "../../src/ui/index.ts";
import type { XrayTab } from "../../src/state/index.ts";
import type { TimelineEvent, XrayLens, XrayMachine, XraySight, XrayTarget } from "../../src/views/index.ts";
import { COSTS, EVENTS, GOALS, type Situation, SITUATIONS, TERMINALS } from "./fixtures.ts";

const recorded = import.meta.glob<{ readonly default: Situation | readonly Observation[] | Observation }>(
  "./situations/*.json",
  { eager: true },
);

function recordedSituation(name: string): Situation | undefined {
  const found = recorded[`./situations/${name}.json`]?.default;
  if (found === undefined) return undefined;
  if (Array.isArray(found)) return { "machine-1": found as readonly Observation[] };
  return "processes" in found ? { "machine-1": [found as Observation] } : (found as Situation);
}

const asked = new URLSearchParams(location.search);
const name = asked.get("situation") ?? "pid";
const found = SITUATIONS[name] ?? recordedSituation(name);
if (found === undefined) throw new Error(`there is no situation ${name}`);
const situation: Situation = found;
const longest = Object.values(situation).reduce((most, all) => (all.length > most.length ? all : most), []);

function machinesAt(index: number): XrayMachine[] {
  return Object.entries(situation).flatMap(([machine, all]) => {
    const at = Math.min(index, all.length - 1);
    const observation = all[at];
    if (observation === undefined) return [];
    const phase = observation.kernel?.panic === undefined ? "running" : "panicked";
    const typed = observation.processes.find(({ pid }) => pid === TERMINALS[name]?.[machine]);
    const before = all[at - 1];
    const goal = GOALS[name]?.[machine];
    return [{ name: machine, observation, before, terminal: typed && processKey(typed), phase, goal }];
  });
}

/** `process:98`, `cgroup:/demo`, or `box:pid:4026532101.0`; several between commas. */
function targets(): XrayTarget[] {
  const [first] = Object.keys(situation);
  return (asked.get("select") ?? "").split(",").flatMap((text): XrayTarget[] => {
    const kind = text.slice(0, text.indexOf(":"));
    const key = text.slice(kind.length + 1);
    const machine = first ?? "";
    if (kind === "box" || kind === "cgroup") return [{ kind, machine, key }];
    const process = longest.at(-1)?.processes.find(({ pid }) => String(pid) === key);
    return process === undefined ? [] : [{ kind: "process", machine, key: processKey(process) }];
  });
}

/** What the state layer will be, with everything recorded in advance. */
class Recorded implements XrayState {
  readonly #last = longest.length - 1;
  readonly machines = signal<readonly XrayMachine[]>([]);
  readonly history = signal({ times: longest.map(({ time }) => time), index: this.#last, isLive: true });
  readonly events = signal<readonly TimelineEvent[]>(EVENTS[name] ?? []);
  readonly tab = signal<XrayTab>("picture");
  readonly lens = signal<XrayLens>(asked.get("lens") === "cgroups" ? "cgroups" : "namespaces");
  readonly seen = signal<XraySight>(asked.get("seen") === "inside" ? "inside" : "outside");
  readonly selection = signal<readonly XrayTarget[]>(targets());
  readonly costs = signal(COSTS);

  async measureDisk(): Promise<void> {}
  recorded(machine: string): readonly Observation[] {
    return situation[machine] ?? [];
  }
  setTab(tab: XrayTab): void {
    this.tab.value = tab;
  }
  setLens(lens: XrayLens): void {
    this.lens.value = lens;
  }
  setSeen(seen: XraySight): void {
    this.seen.value = seen;
  }
  select(target: XrayTarget, isSecond: boolean): void {
    this.selection.value = isSecond ? [...this.selection.value.slice(0, 1), target] : [target];
  }
  clearSelection(): void {
    this.selection.value = [];
  }
  scrub(index: number): void {
    this.machines.value = machinesAt(index);
    this.history.value = { ...this.history.value, index, isLive: index === this.#last };
  }
  pause(): void {
    this.history.value = { ...this.history.value, isLive: false };
  }
  goLive(): void {
    this.scrub(this.#last);
  }
}

const host = document.getElementById("host");
if (host === null) throw new Error("harness.html has no #host");
const state = new Recorded();
const until = Number(asked.get("at") ?? longest.length - 1);
state.scrub(Math.max(0, until - 1));
const takeAway = showXray(host, state);
addEventListener("harness-dispose", takeAway);

/** Told when the widgets have drawn what was asked for. */
const twoFrames = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });

async function becomeReady(): Promise<void> {
  while (document.querySelector(".machine") === null) await twoFrames();
  state.scrub(until);
  document.querySelector<HTMLElement>(`[data-testid="xray-${asked.get("tab") ?? "picture"}"]`)?.click();
  // Preact draws the pressed tab in one frame, the widget in it in the next, and a chart's size comes after that.
  for (let i = 0; i < 3; i++) await twoFrames();
  document.body.dataset["ready"] = "";
}

void becomeReady();
