import { type Disposable, DisposableStore } from "../../base/index.ts";
import { ghostOf, type Namespace, NAMESPACE_KINDS } from "../../isolation/index.ts";
import { fillList } from "./box-view.ts";
import { type Column, DataTable } from "./data-table.ts";
import { el, Keyed, setChildren, setShown, setText } from "./dom.ts";
import type { XrayFrame, XrayMachine } from "./frame.ts";
import { freshness, machineNotes } from "./machine-notes.ts";
import type { XrayModel } from "./model.ts";
import {
  cgroupRows,
  ghostRows,
  ghostSum,
  machineRows,
  mountRows,
  namespaceRows,
  networkRows,
  processRows,
} from "./table-rows.ts";
import { TermTips } from "./term-tips.ts";
import type { Say } from "./words.ts";

export interface XrayTableOptions {
  readonly say: Say;
  readonly model: XrayModel;
}

function columnsOf(
  say: Say,
): Record<"wanted" | "machines" | "processes" | "namespaces" | "cgroups" | "networks" | "mounts", Column[]> {
  return {
    wanted: [
      { name: say("xray.ghost.thing") },
      { name: say("xray.ghost.part") },
      { name: say("xray.fact.state") },
      { name: say("xray.ghost.nearest") },
    ],
    machines: [
      { name: say("xray.table.name") },
      { name: say("xray.fact.state") },
      { name: say("xray.beside.kernel"), term: "kernel" },
      { name: say("xray.table.boot") },
      { name: say("xray.strip.uptime"), term: "uptime", isNumber: true },
      { name: say("xray.strip.cpu"), isNumber: true },
      { name: say("xray.strip.load"), term: "load", isNumber: true },
      { name: say("xray.strip.ips"), term: "ips", isNumber: true },
      { name: say("xray.strip.ram"), term: "ram", isNumber: true },
      { name: say("xray.strip.network"), term: "network", isNumber: true },
      { name: say("xray.strip.processes"), term: "processes", isNumber: true },
      { name: say("xray.table.kernel-threads"), term: "kthreads", isNumber: true },
      { name: say("xray.fact.terminal") },
    ],
    processes: [
      { name: say("xray.table.pid"), term: "pid", isNumber: true },
      { name: say("xray.table.pids"), term: "pid", isNumber: true },
      { name: say("xray.table.name") },
      { name: say("xray.fact.parent"), isNumber: true },
      { name: say("xray.fact.uid-outside"), isNumber: true },
      { name: say("xray.fact.uid-inside"), term: "user", isNumber: true },
      { name: say("xray.fact.state") },
      { name: say("xray.group.cgroup") },
      ...NAMESPACE_KINDS.map((kind) => ({ name: kind, term: kind })),
      { name: say("xray.fact.proc"), term: "proc" },
      { name: "seccomp" },
      { name: say("xray.table.capabilities") },
    ],
    namespaces: [
      { name: say("xray.table.namespace") },
      { name: say("xray.table.inode"), isNumber: true },
      { name: say("xray.table.owner"), term: "user" },
      { name: say("xray.table.member-count"), isNumber: true },
      { name: say("xray.table.kept") },
      { name: say("xray.table.details") },
    ],
    cgroups: [
      { name: say("xray.fact.path") },
      { name: say("xray.table.processes-short"), isNumber: true },
      { name: "memory.current", term: "memory", isNumber: true },
      { name: "memory.high", term: "memory", isNumber: true },
      { name: "memory.max", term: "memory", isNumber: true },
      { name: "memory.events" },
      { name: "memory.pressure", isNumber: true },
      { name: say("xray.fact.cpu-time"), isNumber: true },
      { name: "cpu.max", term: "cpu", isNumber: true },
      { name: say("xray.table.throttled"), isNumber: true },
      { name: "pids.current", term: "pids", isNumber: true },
      { name: "pids.max", term: "pids", isNumber: true },
      { name: say("xray.table.refused"), isNumber: true },
      { name: "frozen", isNumber: true },
    ],
    networks: [
      { name: say("xray.table.device") },
      { name: say("xray.table.namespace"), term: "net" },
      { name: say("xray.table.type") },
      { name: say("xray.table.addresses") },
      { name: say("xray.fact.state") },
      { name: say("xray.table.far") },
      { name: say("xray.table.bridge") },
      { name: say("xray.table.received"), isNumber: true },
      { name: say("xray.table.sent"), isNumber: true },
    ],
    mounts: [
      { name: say("xray.table.point") },
      { name: say("xray.table.type") },
      { name: say("xray.table.source") },
      { name: say("xray.table.mount-root") },
      { name: say("xray.table.options") },
      { name: say("xray.table.propagation") },
      { name: say("xray.table.layers") },
    ],
  };
}

/** The tables of one machine. */
class MachineTables {
  readonly element = el("section", "machine-tables");
  readonly #say: Say;
  readonly #title = el("h3");
  readonly #notes = el("ul", "notes");
  readonly #wanted: DataTable;
  readonly #processes: DataTable;
  readonly #namespaces: DataTable;
  readonly #cgroups: DataTable;
  readonly #networks: DataTable;
  readonly #mounts = el("div", "mount-tables");
  readonly #mountTables: Keyed<{ element: HTMLDetailsElement; summary: HTMLElement; table: DataTable }>;

  constructor(say: Say) {
    this.#say = say;
    const columns = columnsOf(say);
    this.#wanted = new DataTable(columns.wanted, say("xray.ghost.tag"));
    this.#processes = new DataTable(columns.processes, say("xray.table.processes-label"));
    this.#namespaces = new DataTable(columns.namespaces, say("xray.table.namespaces-label"));
    this.#cgroups = new DataTable(columns.cgroups, say("xray.table.cgroups-label"));
    this.#networks = new DataTable(columns.networks, say("xray.table.networks-label"));
    this.#mountTables = new Keyed(() => {
      const table = new DataTable(columns.mounts, say("xray.table.mounts-label"));
      const summary = el("summary");
      return { element: el("details", "", summary, table.element), summary, table };
    });
    this.element.append(
      this.#title,
      this.#notes,
      this.#wanted.element,
      this.#processes.element,
      this.#namespaces.element,
      this.#cgroups.element,
      this.#networks.element,
      this.#mounts,
    );
  }

  update({ name, observation, goal }: XrayMachine, model: XrayModel, words: readonly string[]): void {
    const say = this.#say;
    model.boxesOf(name, observation);
    const scene = { observation, numbers: model.numbersOf(name), say };
    const threads = observation.processes.filter(({ kernelThread }) => kernelThread).length;
    setText(this.#title, say("xray.machine.label", { name }));
    fillList(this.#notes, [...machineNotes(observation, say), freshness(observation, say)].filter(Boolean));
    const ghost = goal === undefined ? undefined : ghostOf(goal.wanted, observation);
    this.#wanted.update(
      () =>
        say("xray.ghost.table", {
          goal: goal?.words ?? "",
          sum: ghost === undefined ? "" : ghostSum(ghost, say),
        }),
      ghost === undefined ? [] : ghostRows(ghost, say),
      words,
    );
    this.#processes.update(
      (count) => say("xray.table.processes", { count, threads }),
      processRows(scene),
      words,
    );
    this.#namespaces.update((count) => say("xray.table.namespaces", { count }), namespaceRows(scene), words);
    this.#cgroups.update((count) => say("xray.table.cgroups", { count }), cgroupRows(scene), words);
    this.#networks.update((count) => say("xray.table.networks", { count }), networkRows(scene), words);
    const spaces = observation.namespaces.filter(
      (one): one is Extract<Namespace, { kind: "mnt" }> => one.kind === "mnt" && one.mounts.length > 0,
    );
    setChildren(
      this.#mounts,
      spaces.map((one) => {
        const view = this.#mountTables.get(`${one.inode}.${one.generation}`);
        const number = scene.numbers.of(one);
        setText(view.summary, say("xray.table.mounts", { number, count: one.mounts.length }));
        // Long, and seldom looked at: filled while it is open only.
        if (view.element.open)
          view.table.update(
            () => say("xray.table.mounts", { number, count: one.mounts.length }),
            mountRows(one.mounts),
            words,
          );
        return view.element;
      }),
    );
    this.#mountTables.sweep();
    setShown(this.#mounts, spaces.length > 0);
  }
}

/** All that the picture shows, and more, as tables: for keyboards, screen readers and whoever wants to know exactly. */
export class XrayTable implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #element = el("div", "xray-table");
  readonly #filter = el("input");
  readonly #say: Say;
  readonly #overview: DataTable;
  readonly #machines: Keyed<MachineTables>;
  readonly #place = el("div");
  readonly #model: XrayModel;
  #frame: XrayFrame | undefined;

  constructor(host: HTMLElement, { say, model }: XrayTableOptions) {
    this.#say = say;
    this.#model = model;
    this.#overview = new DataTable(columnsOf(say).machines, say("xray.table.machines-label"));
    this.#machines = new Keyed(() => new MachineTables(say));
    this.#filter.type = "search";
    this.#filter.placeholder = say("xray.table.filter-example");
    const label = el("label", "table-filter", say("xray.table.filter"), this.#filter);
    this.#element.append(label, this.#overview.element, this.#place);
    host.append(this.#element);
    const redraw = (): void => {
      if (this.#frame !== undefined) this.show(this.#frame);
    };
    this.#filter.addEventListener("input", redraw);
    // A list of mounts that is opened wants to be filled.
    this.#element.addEventListener("toggle", redraw, true);
    this.#owned.add(new TermTips(this.#element, say));
    this.#owned.defer(() => {
      this.#filter.removeEventListener("input", redraw);
      this.#element.removeEventListener("toggle", redraw, true);
      this.#element.remove();
    });
  }

  show(frame: XrayFrame): void {
    this.#frame = frame;
    const words = this.#filter.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    this.#overview.update(
      (count) => this.#say("xray.table.machines", { count }),
      machineRows(frame.machines, this.#say),
      words,
    );
    setChildren(
      this.#place,
      frame.machines.map((machine) => {
        const tables = this.#machines.get(machine.name);
        tables.update(machine, this.#model, words);
        return tables.element;
      }),
    );
    this.#machines.sweep();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
