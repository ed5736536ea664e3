import { type Box, boxTitle } from "../../isolation/index.ts";
import { boxFacts, type BoxWordsScene } from "./box-words.ts";
import { el, setAttributes, setClass, setShown, setText } from "./dom.ts";
import { Lamps } from "./lamps.ts";
import { processList } from "./process-list.ts";
import type { Say } from "./words.ts";

/** A box of the picture: title, lamps, facts, badges, processes, and boxes in it. */
export class BoxView {
  readonly element = el("section", "box");
  readonly pick = el("button", "box-title");
  readonly processes = processList();
  /** Those who are in it but for its PID namespace. */
  readonly launchers = processList();
  readonly boxes = el("div", "boxes");
  readonly #lamps: Lamps;
  readonly #facts = el("ul", "box-facts");
  readonly #badges = el("ul", "badges");
  readonly #launchersBlock: HTMLElement;
  readonly #wanted: HTMLElement;

  constructor(key: string, say: Say) {
    this.#lamps = new Lamps(say);
    this.pick.type = "button";
    this.pick.tabIndex = -1;
    // A section with a name would be a landmark: dozens of them help nobody.
    this.element.setAttribute("role", "group");
    this.element.dataset["flip"] = `box ${key}`;
    this.#launchersBlock = el(
      "div",
      "launchers",
      el("p", "own-title", say("xray.box.launchers")),
      this.launchers,
    );
    this.#wanted = el("p", "as-wanted-tag", say("xray.ghost.as-wanted"));
    this.#wanted.hidden = true;
    const head = el("header", "box-head", this.pick, this.#lamps.element);
    this.element.append(
      head,
      this.#wanted,
      this.#facts,
      this.#badges,
      this.#launchersBlock,
      this.processes,
      this.boxes,
    );
  }

  /** It is what the open step wants. */
  setWanted(isWanted: boolean): void {
    setShown(this.#wanted, isWanted);
    setClass(this.element, "as-wanted", isWanted);
  }

  update(box: Box, scene: BoxWordsScene, isSelected: boolean): void {
    const title = boxTitle(box, scene);
    const [main] = box.own;
    setText(this.pick, title);
    setAttributes(this.pick, { "aria-pressed": String(isSelected) });
    setAttributes(this.element, {
      "data-role": box.role,
      "data-kind": main?.kind ?? "mnt",
      "aria-label": title,
    });
    this.#lamps.update(box.own, scene.numbers);
    fillList(this.#facts, boxFacts(box, scene));
    const badges = box.badges.map((badge) => ({ badge, text: scene.say(`xray.badge.${badge}`) }));
    fillList(
      this.#badges,
      badges.map(({ text }) => text),
    );
    badges.forEach(({ badge }, i) => {
      const item = this.#badges.children[i];
      if (item instanceof HTMLElement) setAttributes(item, { "data-badge": badge });
    });
    setShown(this.#launchersBlock, box.launchers.length > 0);
    setShown(this.boxes, box.boxes.length > 0);
  }
}

/** Lines of text, each in an item that stays. */
export function fillList(list: HTMLElement, lines: readonly string[]): void {
  while (list.childElementCount > lines.length) list.lastElementChild?.remove();
  lines.forEach((line, i) => {
    const item = list.children[i] ?? list.appendChild(el("li"));
    setText(item, line);
  });
  setShown(list, lines.length > 0);
}
