import { type Disposable, Emitter } from "../../base/index.ts";
import { el, setChildren } from "./dom.ts";
import { bytes, duration } from "./format.ts";
import type { Say } from "./words.ts";

/** What can be put where one drawing has nothing to show yet. */
export interface BesideOffers {
  /** Machines that there are beside the first; `start`: none yet; `alone`: none can be. */
  readonly machine?: "start" | "alone" | readonly { readonly name: string; readonly isOn: boolean }[];
  /** A line that makes a container; `isReady`: the terminal in front can take it. */
  readonly container?: { readonly command: string; readonly isReady: boolean };
}

/** What somebody wants to have in such a place. */
export type BesideWish =
  | { readonly kind: "start" | "run" }
  | { readonly kind: "switch-on"; readonly machine: string };

/** What the first machine has cost, as far as it is known. */
export interface FirstCost {
  readonly memoryBytes: number | undefined;
  readonly startMs: number | undefined;
}

/** An empty place in a drawing, with the way to fill it. Its element stays, whatever is drawn around it. */
export class BesideOffer implements Disposable {
  readonly element = el("div", "offer");
  readonly #say: Say;
  readonly #wished = new Emitter<BesideWish>();
  #drawn = "";

  readonly onWish = this.#wished.event;

  constructor(say: Say) {
    this.#say = say;
  }

  /** Returns whether there is anything to offer. @param seen Names of the machines that are drawn already. */
  showMachine(offer: BesideOffers["machine"], seen: readonly string[], cost: FirstCost): boolean {
    if (offer === undefined) return false;
    const say = this.#say;
    if (offer === "alone") {
      this.#draw([offer], () => [el("p", "", say("xray.beside.offer.alone"))]);
      return true;
    }
    if (offer === "start") {
      this.#draw([offer, cost], () => [
        this.#button(say("xray.beside.offer.start"), { kind: "start" }),
        el("p", "", costWords(say, cost)),
      ]);
      return true;
    }
    const next = offer.find(({ name }) => !seen.includes(name));
    if (next === undefined) return false;
    const { name, isOn } = next;
    this.#draw([name, isOn], () =>
      isOn
        ? [el("p", "", say("xray.beside.offer.starting", { machine: name }))]
        : [
            this.#button(say("xray.beside.offer.switch-on", { machine: name }), {
              kind: "switch-on",
              machine: name,
            }),
            el("p", "", say("xray.beside.offer.off")),
          ],
    );
    return true;
  }

  /** Returns whether there is anything to offer. */
  showContainer(offer: BesideOffers["container"]): boolean {
    if (offer === undefined) return false;
    const say = this.#say;
    this.#draw([offer], () => {
      const run = this.#button(say("xray.beside.offer.run"), { kind: "run" });
      run.disabled = !offer.isReady;
      return [
        el("p", "", say("xray.beside.offer.container")),
        el("code", "offer-command", offer.command),
        run,
      ];
    });
    return true;
  }

  #draw(what: readonly unknown[], make: () => readonly Node[]): void {
    const drawn = JSON.stringify(what);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    setChildren(this.element, make());
  }

  #button(label: string, wish: BesideWish): HTMLButtonElement {
    const button = el("button", "primary", label);
    button.type = "button";
    button.dataset["testid"] = `beside-${wish.kind}`;
    button.addEventListener("click", () => this.#wished.fire(wish));
    return button;
  }

  dispose(): void {
    this.#wished.dispose();
    this.element.remove();
  }
}

function costWords(say: Say, { memoryBytes, startMs }: FirstCost): string {
  return [
    ...(memoryBytes === undefined ? [] : [say("xray.beside.offer.memory", { memory: bytes(memoryBytes) })]),
    ...(startMs === undefined ? [] : [say("xray.beside.offer.time", { time: duration(startMs) })]),
  ].join(" ");
}
