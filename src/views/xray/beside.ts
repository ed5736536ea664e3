import { type Disposable, DisposableStore, Emitter } from "../../base/index.ts";
import { BesideOffer, type BesideOffers, type BesideWish } from "./beside-offer.ts";
import { type BoxCost, type Tower, type Towers, towersOf } from "./beside-model.ts";
import { el, setAttributes, setChildren, setClass, setShown } from "./dom.ts";
import { bytes, duration } from "./format.ts";
import type { XrayFrame } from "./frame.ts";
import type { XrayModel } from "./model.ts";
import type { Say } from "./words.ts";

export interface XrayBesideOptions {
  readonly say: Say;
  readonly model: XrayModel;
}

const CURRENCIES = ["memoryBytes", "startMs", "diskBytes", "processes", "kernels"] as const;
type Currency = (typeof CURRENCIES)[number];
const DRAWINGS = ["both", "machines", "containers"] as const;
type Drawing = (typeof DRAWINGS)[number];
/** More towers than these are counted, not drawn. */
const MOST_TOWERS = 6;

type Kind = Exclude<Drawing, "both">;

/** What of a drawing stays while the rest is drawn anew. */
class Figure {
  readonly grid = el("div", "tower-grid");
  readonly offer: BesideOffer;
  readonly element: HTMLElement;
  readonly #caption: HTMLElement;

  constructor(kind: Kind, say: Say) {
    this.#caption = el("figcaption", "", say(`xray.beside.title-${kind}`));
    this.element = el("figure", `drawing of-${kind}`, this.#caption, this.grid);
    this.offer = new BesideOffer(say);
  }

  fill(...below: readonly Node[]): void {
    setChildren(this.element, [this.#caption, this.grid, ...below]);
  }
}

/** A layer of a drawing: one for each tower, or one below all of them. */
interface Layer {
  readonly name: string;
  readonly kind: "programs" | "own" | "system" | "kernel" | "virtual" | "hypervisor" | "hardware";
  /** What it says in each tower; a single text for one that all stand on. */
  readonly cells: readonly string[];
  readonly isShared: boolean;
}

function amountOf(cost: BoxCost, currency: Currency): number | undefined {
  return cost[currency];
}

function say1(value: number | undefined, currency: Currency): string {
  if (value === undefined) return "–";
  if (currency === "startMs") return duration(value);
  return currency === "memoryBytes" || currency === "diskBytes" ? bytes(value) : String(value);
}

/** The two drawings, of machines and of containers, from the same data, with what each layer costs. */
export class XrayBeside implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #say: Say;
  readonly #model: XrayModel;
  readonly #element = el("div", "beside");
  readonly #drawings = el("div", "beside-drawings");
  readonly #crash = el("button", "quiet");
  #drawing: Drawing = "both";
  #currency: Currency = "memoryBytes";
  #isCrashed = false;
  readonly #figures: Readonly<Record<Kind, Figure>>;
  readonly #wished = this.#owned.add(new Emitter<BesideWish>());
  #shown:
    | { frame: XrayFrame; costs: Readonly<Record<string, Partial<BoxCost>>>; offers: BesideOffers }
    | undefined;
  #drawn = "";
  #towers: Towers | undefined;

  /** Somebody wants what an empty place offers. */
  readonly onWish = this.#wished.event;

  constructor(host: HTMLElement, { say, model }: XrayBesideOptions) {
    this.#say = say;
    this.#model = model;
    this.#figures = { machines: new Figure("machines", say), containers: new Figure("containers", say) };
    for (const { offer } of Object.values(this.#figures)) {
      this.#owned.add(offer);
      offer.onWish((wish) => this.#wished.fire(wish));
    }
    const drawings = this.#choice(
      say("xray.beside.draw"),
      DRAWINGS.map((name) => [name, say(`xray.beside.as-${name}`)] as const),
      this.#drawing,
      (name) => {
        this.#drawing = name;
      },
    );
    const currencies = this.#choice(
      say("xray.beside.currency"),
      CURRENCIES.map((name) => [name, say(`xray.beside.${name}`)] as const),
      this.#currency,
      (name) => {
        this.#currency = name;
      },
    );
    this.#crash.type = "button";
    const onCrash = (): void => {
      this.#isCrashed = !this.#isCrashed;
      this.#draw();
    };
    this.#crash.addEventListener("click", onCrash);
    this.#element.append(el("div", "beside-tools", drawings, currencies, this.#crash), this.#drawings);
    host.append(this.#element);
    this.#owned.defer(() => {
      this.#crash.removeEventListener("click", onCrash);
      this.#element.remove();
    });
  }

  #choice<Name extends string>(
    label: string,
    names: readonly (readonly [Name, string])[],
    first: Name,
    choose: (name: Name) => void,
  ): HTMLElement {
    const select = el("select");
    for (const [name, text] of names) {
      const option = el("option", "", text);
      option.value = name;
      option.selected = name === first;
      select.append(option);
    }
    const onChange = (): void => {
      const chosen = names.find(([name]) => name === select.value);
      if (chosen !== undefined) choose(chosen[0]);
      this.#draw();
    };
    select.addEventListener("change", onChange);
    this.#owned.defer(() => select.removeEventListener("change", onChange));
    return el("label", "", label, " ", select);
  }

  /** @param costs What has been measured, by name of machine or by `costKey`. */
  show(frame: XrayFrame, costs: Readonly<Record<string, Partial<BoxCost>>>, offers: BesideOffers = {}): void {
    this.#shown = { frame, costs, offers };
    this.#draw();
  }

  /** The containers of a machine that are shown, by `costKey`. */
  containersOf(machine: string): { readonly key: string; readonly pid: number }[] {
    return (this.#towers?.containers ?? []).flatMap((tower) =>
      tower.machine === machine && tower.pid !== undefined ? [{ key: tower.key, pid: tower.pid }] : [],
    );
  }

  #draw(): void {
    if (this.#shown === undefined) return;
    const say = this.#say;
    const towers = towersOf(this.#shown.frame.machines, this.#shown.costs, this.#model, say);
    this.#towers = towers;
    this.#crash.textContent = say(this.#isCrashed ? "xray.beside.repair" : "xray.beside.crash");
    setAttributes(this.#crash, { "aria-pressed": String(this.#isCrashed) });
    const { offers } = this.#shown;
    const drawn = JSON.stringify([towers, offers, this.#drawing, this.#currency, this.#isCrashed]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const most = Math.max(
      ...[...towers.machines, ...towers.containers].map(({ cost }) => amountOf(cost, this.#currency) ?? 0),
      1e-9,
    );
    const figures: HTMLElement[] = [];
    if (this.#drawing !== "containers") figures.push(this.#figure("machines", towers, most));
    if (this.#drawing !== "machines") figures.push(this.#figure("containers", towers, most));
    setChildren(this.#drawings, figures);
  }

  /** Shows what an empty place offers; whether there is such a place. */
  #offers(kind: Kind, { machines, containers }: Towers): boolean {
    const { offer } = this.#figures[kind];
    const { frame, offers = {} } = this.#shown ?? {};
    const [first] = machines;
    if (first === undefined) return false;
    if (kind === "containers") return containers.length === 0 && offer.showContainer(offers.container);
    const seen = machines.map(({ key }) => key);
    return offer.showMachine(offers.machine, seen, {
      memoryBytes: frame?.machines[0]?.observation.machine?.ram,
      startMs: first.cost.startMs,
    });
  }

  #figure(kind: Kind, towers: Towers, most: number): HTMLElement {
    const say = this.#say;
    const all = towers[kind];
    const figure = this.#figures[kind];
    const { grid, offer } = figure;
    const hasOffer = this.#offers(kind, towers);
    if (all.length === 0 && !hasOffer) {
      setChildren(grid, []);
      figure.fill(el("p", "details-hint", say("xray.beside.no-containers")));
      return figure.element;
    }
    const shown = all.slice(0, MOST_TOWERS);
    // The ground on which the first container will stand is there before it.
    const floors = towers.floors.length > 0 ? towers.floors : towers.machines.slice(0, 1);
    const layers = kind === "machines" ? this.#machineLayers(shown) : this.#containerLayers(shown, floors);
    const columns = shown.length + (hasOffer ? 1 : 0);
    grid.style.setProperty("--towers", String(columns));
    grid.style.setProperty("--drawn", String(Math.max(shown.length, 1)));
    offer.element.style.setProperty("--layers", String(layers.filter(({ isShared }) => !isShared).length));
    const parts: HTMLElement[] = hasOffer ? [offer.element] : [];
    // What stands on a kernel that has crashed goes with it: one machine, or all containers of one.
    const fallen = (tower: Tower, i: number): boolean =>
      tower.hasPanicked ||
      (this.#isCrashed && (kind === "machines" ? i === 0 : tower.kernel === shown[0]?.kernel));
    for (const layer of layers) {
      const times = layer.isShared ? layer.cells.length : all.length;
      parts.push(
        el(
          "div",
          "layer-name",
          el("span", times > 1 ? "times many" : "times", `×${times}`),
          el("strong", "", layer.name),
        ),
      );
      layer.cells.forEach((text, i) => {
        const cell = el("div", `layer layer-${layer.kind}${layer.isShared ? " shared" : ""}`, text);
        const tower = shown[i];
        const isBroken =
          layer.isShared && layer.kind !== "hypervisor" && layer.kind !== "hardware" && kind === "containers"
            ? this.#isCrashed && i === 0
            : !layer.isShared && tower !== undefined && fallen(tower, i);
        setClass(cell, "fallen", isBroken);
        if (layer.isShared && layer.cells.length === 1) setClass(cell, "whole", true);
        else if (layer.isShared)
          cell.style.gridColumn = `span ${Math.floor(shown.length / layer.cells.length)}`;
        parts.push(cell);
      });
    }
    setChildren(grid, parts);
    const hidden = all.length - shown.length;
    figure.fill(
      ...(hidden > 0 ? [el("p", "details-hint", say("xray.beside.more", { count: hidden }))] : []),
      ...(all.length > 0 ? [this.#costs(all, kind, towers, most)] : []),
    );
    return figure.element;
  }

  #machineLayers(towers: readonly Tower[]): Layer[] {
    const say = this.#say;
    const each = (kind: Layer["kind"], name: string, cells: readonly string[]): Layer => ({
      kind,
      name,
      cells,
      isShared: false,
    });
    return [
      each(
        "programs",
        say("xray.beside.programs"),
        towers.map(({ programs }) => programs.slice(-3).join(", ")),
      ),
      each(
        "system",
        say("xray.beside.system"),
        towers.map(() => say("xray.beside.init")),
      ),
      each(
        "kernel",
        say("xray.beside.kernel"),
        towers.map(({ kernel }) => kernel),
      ),
      each(
        "virtual",
        say("xray.beside.virtual"),
        towers.map(({ name }) => name),
      ),
      ...this.#below(),
    ];
  }

  #containerLayers(towers: readonly Tower[], floors: readonly Tower[]): Layer[] {
    const say = this.#say;
    // Containers of several machines would not stand in order: their floors are then told as one layer.
    const floor = (kind: Layer["kind"], name: string, cells: readonly string[]): Layer => ({
      kind,
      name,
      cells: cells.length > 1 && towers.length % cells.length === 0 ? cells : [cells.join(" · ")],
      isShared: true,
    });
    return [
      {
        kind: "programs",
        name: say("xray.beside.programs"),
        cells: towers.map(({ programs }) => programs.slice(0, 3).join(", ")),
        isShared: false,
      },
      {
        kind: "own",
        name: say("xray.beside.own"),
        cells: towers.map(({ own }) => own.join(" ")),
        isShared: false,
      },
      floor(
        "system",
        say("xray.beside.system"),
        floors.map(() => say("xray.beside.init")),
      ),
      floor(
        "kernel",
        say("xray.beside.kernel"),
        floors.map(({ kernel }) => kernel),
      ),
      floor(
        "virtual",
        say("xray.beside.virtual"),
        floors.map(({ name }) => name),
      ),
      ...this.#below(),
    ];
  }

  #below(): Layer[] {
    const say = this.#say;
    return [
      {
        kind: "hypervisor",
        name: say("xray.beside.hypervisor"),
        cells: [say("xray.beside.v86")],
        isShared: true,
      },
      {
        kind: "hardware",
        name: say("xray.beside.hardware"),
        cells: [say("xray.beside.tab")],
        isShared: true,
      },
    ];
  }

  #costs(
    all: readonly Tower[],
    kind: "machines" | "containers",
    { floors }: Towers,
    most: number,
  ): HTMLElement {
    const say = this.#say;
    const body = el("tbody");
    const head = el("tr", "", el("th", "", say("xray.table.name")));
    for (const currency of CURRENCIES)
      head.append(
        el("th", currency === this.#currency ? "number now" : "number", say(`xray.beside.${currency}`)),
      );
    for (const { name, cost } of all) {
      const bar = el("span", "cost-bar");
      bar.style.width = `${(((amountOf(cost, this.#currency) ?? 0) / most) * 100).toFixed(1)}%`;
      const row = el("tr", "", el("th", "", name, bar));
      for (const currency of CURRENCIES)
        row.append(
          el(
            "td",
            currency === this.#currency ? "number now" : "number",
            say1(amountOf(cost, currency), currency),
          ),
        );
      body.append(row);
    }
    const sum = el("tr", "sum", el("th", "", say("xray.beside.sum", { count: all.length })));
    for (const currency of CURRENCIES) {
      const known = all.map(({ cost }) => amountOf(cost, currency)).filter((value) => value !== undefined);
      const total =
        kind === "containers" && currency === "kernels"
          ? floors.length
          : known.reduce((one, other) => one + other, 0);
      sum.append(
        el(
          "td",
          currency === this.#currency ? "number now" : "number",
          known.length === 0 ? "–" : say1(total, currency),
        ),
      );
    }
    body.append(sum);
    const table = el(
      "table",
      "costs",
      el("caption", "visually-hidden", say("xray.beside.costs")),
      el("thead", "", head),
      body,
    );
    const scroll = el("div", "table-scroll", table);
    scroll.tabIndex = 0;
    setShown(scroll, true);
    return scroll;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
