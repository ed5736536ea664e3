import {
  type Ghost,
  type GhostNode,
  type GhostPart,
  type GhostPlate,
  type GhostThing,
} from "../../isolation/index.ts";
import { el, Keyed, setAttributes, setChildren, setClass, setShown, setText } from "./dom.ts";
import type { XrayTarget } from "./frame.ts";
import { LAMP_ORDER } from "./lamps.ts";
import { setProse } from "./prose.ts";
import { ghostSum } from "./table-rows.ts";
import type { Say } from "./words.ts";

/** What a thing that is so is in the picture, and how it is called there. */
export interface GhostPlace {
  readonly name: string;
  readonly target: XrayTarget;
}

export interface GhostScene {
  readonly say: Say;
  readonly placeOf: (thing: GhostThing) => GhostPlace | undefined;
  readonly register: (pick: HTMLElement, target: XrayTarget) => void;
}

/** A tick, or an empty ring, and its word for who does not see it. */
class Mark {
  readonly element = el("span", "wish-mark");
  readonly #sign = el("span");
  readonly #word = el("span", "visually-hidden");

  constructor() {
    this.#sign.setAttribute("aria-hidden", "true");
    this.element.append(this.#sign, this.#word);
  }

  update(isSo: boolean, say: Say): void {
    setText(this.#sign, isSo ? "✓" : "○");
    setText(this.#word, `${say(isSo ? "xray.ghost.so" : "xray.ghost.not-yet")}:`);
    setClass(this.element, "so", isSo);
  }
}

/** One line that is so or not. */
class Line {
  readonly element: HTMLElement;
  readonly #mark = new Mark();
  readonly #words = el("span");

  constructor(tag: "li" | "p" = "li", className = "wish-line") {
    this.element = el(tag, className, this.#mark.element, this.#words);
  }

  /** @param isSo Undefined where it is part of something that is not to be there. */
  update(words: string, isSo: boolean | undefined, say: Say): void {
    setShown(this.#mark.element, isSo !== undefined);
    if (isSo !== undefined) this.#mark.update(isSo, say);
    setClass(this.element, "so", isSo === true);
    setProse(this.#words, words);
  }
}

/** The namespaces that somebody is to live in: lamps that are not lit yet. */
class Places {
  readonly element = el("ul", "lamps wish-lamps");
  readonly #lamps = new Keyed(() => new Line("li", "lamp"));

  update(parts: readonly GhostPart[], say: Say): void {
    const placed = LAMP_ORDER.flatMap((kind) => parts.filter(({ place }) => place?.kind === kind));
    setShown(this.element, placed.length > 0);
    setChildren(
      this.element,
      placed.map(({ words, isSo, place }) => {
        const kind = place?.kind ?? "pid";
        const isOwn = place?.membership !== "init";
        const lamp = this.#lamps.get(kind);
        lamp.update(say(isOwn ? "xray.ghost.own" : "xray.ghost.inits", { kind }), isSo, say);
        setAttributes(lamp.element, { class: `lamp ns-${kind}`, title: words });
        setClass(lamp.element, "lit", isOwn && isSo === true);
        setClass(lamp.element, "so", isSo === true);
        return lamp.element;
      }),
    );
    this.#lamps.sweep();
  }
}

/** A process before it is there: its number outside is nobody's yet. */
class Plate {
  readonly element = el("p", "wish-plate");
  readonly #proc = el("span", "proc");
  readonly #name = el("span", "proc-name");
  readonly #inner = el("span", "plate inner");

  constructor() {
    this.#proc.append(el("span", "plate outer", "?"), this.#name, this.#inner);
    this.#proc.setAttribute("aria-hidden", "true");
    this.element.append(this.#proc);
  }

  update(plate: GhostPlate | undefined): void {
    setShown(this.element, plate !== undefined);
    if (plate === undefined) return;
    setText(this.#name, plate.name ?? "…");
    setShown(this.#inner, plate.inside !== undefined);
    setText(this.#inner, String(plate.inside ?? ""));
    setClass(this.#proc, "so", plate.isSo);
  }
}

/** A box that is wanted: dashed and pale until it is there, part by part. */
class ThingView {
  readonly element = el("section", "box wish-box");
  readonly #title = new Line("p", "wish-title");
  readonly #places = new Places();
  readonly #plate = new Plate();
  readonly #parts = el("ul", "wish-parts");
  readonly #lines = new Keyed(() => new Line());
  readonly #inner = el("div", "boxes");
  readonly #things = new Keyed(() => new ThingView());
  readonly #why = el("p", "wish-why");
  readonly #whyText = el("span");
  readonly #go = el("button", "wish-go");

  constructor() {
    this.element.setAttribute("role", "group");
    this.#go.type = "button";
    this.#go.tabIndex = -1;
    this.#why.append(this.#whyText, this.#go);
    this.element.append(
      el("header", "box-head", this.#title.element, this.#places.element),
      this.#plate.element,
      this.#parts,
      this.#inner,
      this.#why,
    );
  }

  update(thing: GhostThing, scene: GhostScene): void {
    const { say } = scene;
    const { isAbsent, isSo, isThere, title } = thing;
    const named = isAbsent ? say("xray.ghost.no", { thing: title }) : title;
    this.#title.update(named, isAbsent ? isSo : isThere, say);
    setAttributes(this.element, {
      "data-kind": thing.kind ?? "",
      "data-form": thing.form,
      "aria-label": named.replaceAll("`", ""),
    });
    setClass(this.element, "so", isSo);
    setClass(this.element, "whole", isSo && thing.inner.every((one) => one.isSo));
    this.#places.update(thing.parts, say);
    this.#plate.update(thing.plate);
    const told = thing.parts.filter(({ place }) => place === undefined);
    setShown(this.#parts, told.length > 0);
    setChildren(
      this.#parts,
      told.map(({ words, isSo: is }) => {
        const line = this.#lines.get(words);
        line.update(words, is, say);
        return line.element;
      }),
    );
    this.#lines.sweep();
    setShown(this.#inner, thing.inner.length > 0);
    setChildren(
      this.#inner,
      thing.inner.map((one) => {
        const view = this.#things.get(one.key);
        view.update(one, scene);
        return view.element;
      }),
    );
    this.#things.sweep();
    this.#showWhy(thing, scene);
  }

  #showWhy(thing: GhostThing, { say, placeOf, register }: GhostScene): void {
    setProse(this.#whyText, thing.why);
    const place = thing.isSo && !thing.isAbsent ? placeOf(thing) : undefined;
    setShown(this.#go, place !== undefined);
    if (place === undefined) return;
    setText(this.#go, say("xray.ghost.here", { name: place.name }));
    register(this.#go, place.target);
  }
}

/** Several of which one is enough. */
class AnyView {
  readonly element = el("div", "wish-any");
  readonly #title = new Line("p", "wish-line");
  readonly #nodes = el("div", "boxes");
  readonly #views = new NodeViews();

  constructor() {
    this.element.append(this.#title.element, this.#nodes);
  }

  update(node: Extract<GhostNode, { node: "any" }>, scene: GhostScene): void {
    this.#title.update(scene.say("xray.ghost.any"), node.isSo, scene.say);
    setChildren(this.#nodes, this.#views.show(node.nodes, scene));
  }
}

class NodeViews {
  readonly #things = new Keyed(() => new ThingView());
  readonly #any = new Keyed(() => new AnyView());
  readonly #before = new Keyed(() => new Line("p", "wish-line wish-before"));

  show(nodes: readonly GhostNode[], scene: GhostScene): HTMLElement[] {
    const elements = nodes.map((node) => {
      if (node.node === "before") {
        const line = this.#before.get(node.key);
        line.update(scene.say("xray.ghost.first", { what: node.words }), node.isSo, scene.say);
        return line.element;
      }
      if (node.node === "any") {
        const any = this.#any.get(node.key);
        any.update(node, scene);
        return any.element;
      }
      const view = this.#things.get(node.key);
      view.update(node, scene);
      return view.element;
    });
    for (const one of [this.#things, this.#any, this.#before]) one.sweep();
    return elements;
  }
}

/** What the open step wants of a machine, drawn as boxes that are not there yet, and fill in as they come about. */
export class GhostView {
  readonly element = el("section", "wish");
  readonly #tag = el("strong", "wish-tag");
  readonly #goal = el("span", "wish-goal");
  readonly #sum = el("span", "wish-sum");
  readonly #nodes = el("div", "boxes");
  readonly #commands = el("p", "wish-commands");
  readonly #views = new NodeViews();
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
    this.element.setAttribute("role", "group");
    this.#sum.setAttribute("aria-live", "polite");
    setText(this.#tag, say("xray.ghost.tag"));
    setText(this.#commands, say("xray.ghost.command"));
    this.element.append(
      el("header", "wish-head", this.#tag, this.#goal, this.#sum),
      this.#nodes,
      this.#commands,
    );
    setShown(this.element, false);
  }

  update(
    goal: { readonly words: string; readonly ghost: Ghost } | undefined,
    scene: Omit<GhostScene, "say">,
  ): void {
    setShown(this.element, goal !== undefined);
    if (goal === undefined) return;
    const { words, ghost } = goal;
    const say = this.#say;
    setAttributes(this.element, { "aria-label": say("xray.ghost.label", { goal: words }) });
    setText(this.#goal, words);
    setText(this.#sum, ghostSum(ghost, say));
    setClass(this.element, "so", ghost.isSo);
    setChildren(this.#nodes, this.#views.show(ghost.nodes, { ...scene, say }));
    setShown(this.#commands, ghost.commands > 0);
  }
}
