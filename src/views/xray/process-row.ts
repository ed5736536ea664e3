import { innermostPid, type NamespaceId, type Process } from "../../isolation/index.ts";
import { el, setAttributes, setChildren, setClass, setText } from "./dom.ts";
import type { Row } from "./fold.ts";
import type { Say } from "./words.ts";

/** What a row needs to know of its surroundings. */
export interface RowScene {
  readonly say: Say;
  /** Its user's number in its own user namespace, when that differs from outside. */
  readonly uidInside: (process: Process) => number | undefined;
  /** The small number of the namespace that its next child will be born in, when that is another one. */
  readonly nextChild: (process: Process) => number | undefined;
  /** From which PID namespace one looks; undefined from outside. */
  readonly vantage: { readonly pid: NamespaceId; readonly level: number } | undefined;
  /** Whether the process has a number there. */
  readonly isSeen: (process: Process) => boolean;
  readonly isSelected: (key: string) => boolean;
  /** Whether it has the page's terminal. */
  readonly isAtTerminal: (key: string) => boolean;
  /** Whether it is what the open step wants. */
  readonly isWanted: (key: string) => boolean;
}

/** States that are worth a word. */
const STATE_WORDS = { Z: "zombie", T: "stopped", t: "traced", D: "waiting", X: "dead" } as const;

function isTold(state: string): state is keyof typeof STATE_WORDS {
  return state in STATE_WORDS;
}

/**
 * One process: its number outside on the outer edge, its name, and what it is called inside, level by level, towards the
 * inner edge.
 */
export class ProcessRow {
  readonly element: HTMLLIElement;
  readonly pick: HTMLButtonElement;
  readonly #outer = el("span", "plate outer");
  readonly #name = el("span", "proc-name");
  readonly #inner = el("span", "plates");
  readonly #tags = el("span", "proc-tags");

  constructor(key: string) {
    this.pick = el("button", "proc", this.#outer, " ", this.#name, " ", this.#inner);
    this.pick.type = "button";
    this.pick.tabIndex = -1;
    this.element = el("li", "row", this.pick, this.#tags);
    this.element.dataset["flip"] = key;
  }

  update(row: Row & { kind: "process" }, scene: RowScene): void {
    const { process } = row;
    const { say } = scene;
    this.element.style.setProperty("--depth", String(row.depth));
    this.element.style.setProperty("--rise", String(row.rise));
    setText(this.#outer, String(process.pid));
    setText(this.#name, process.comm === "" ? say("xray.no-name") : process.comm);
    const inner = process.pids.slice(1);
    if (inner.length !== this.#inner.childElementCount)
      setChildren(
        this.#inner,
        inner.map(() => el("span", "plate inner")),
      );
    inner.forEach((pid, level) => {
      const plate = this.#inner.children[level];
      if (plate === undefined) return;
      setText(plate, String(pid));
      setClass(plate, "first", pid === 1);
      setClass(plate, "at", scene.vantage?.level === level + 1);
    });
    setClass(this.pick, "two-numbers", inner.length > 0);
    setClass(this.element, "unseen", !scene.isSeen(process));
    setClass(this.pick, "is-zombie", process.state === "Z");
    setClass(this.pick, "at-terminal", scene.isAtTerminal(row.key));
    setClass(this.element, "as-wanted", scene.isWanted(row.key));
    setAttributes(this.pick, {
      "aria-pressed": String(scene.isSelected(row.key)),
      // Its name is what is seen on it; this says what the numbers are.
      "aria-description": this.#label(process, say),
    });
    this.#setTags(row, scene);
  }

  #label(process: Process, say: Say): string {
    const values = { name: process.comm, pid: process.pid, inside: innermostPid(process) };
    if (process.pids.length < 2) return say("xray.process.label", values);
    if (process.pids.length === 2) return say("xray.process.label-two", values);
    return say("xray.process.label-many", { ...values, inside: process.pids.slice(1).join(", ") });
  }

  #setTags({ process, depth, key }: Row & { kind: "process" }, scene: RowScene): void {
    const { say, uidInside, nextChild } = scene;
    const tags: string[] = [];
    if (scene.isWanted(key)) tags.push(say("xray.ghost.as-wanted"));
    if (scene.isAtTerminal(key)) tags.push(say("xray.process.terminal"));
    if (isTold(process.state)) tags.push(say(`xray.state.${STATE_WORDS[process.state]}`));
    if (process.details?.frozen === true) tags.push(say("xray.state.frozen"));
    const inside = uidInside(process);
    if (inside !== undefined && inside !== process.uid) {
      // Root of the box is told once, at the top.
      if (inside !== 0) tags.push(say("xray.uid.both", { inside, outside: process.uid }));
      else if (depth === 0) tags.push(say("xray.uid.root-inside", { outside: process.uid }));
    } else if (process.uid !== 0) {
      tags.push(say("xray.uid.same", { uid: process.uid }));
    }
    const next = nextChild(process);
    if (next !== undefined) tags.push(say("xray.next-child", { number: next }));
    setText(this.#tags, tags.join(" · "));
  }
}

/** Many processes of one name, folded into one row. */
export class CrowdRow {
  readonly element: HTMLLIElement;
  readonly pick: HTMLButtonElement;
  readonly #outer = el("span", "plate outer");
  readonly #name = el("span", "proc-name");
  readonly #count = el("span", "crowd-count");

  constructor(key: string) {
    this.pick = el("button", "proc crowd", this.#outer, " ", this.#name, " ", this.#count);
    this.pick.type = "button";
    this.pick.tabIndex = -1;
    this.element = el("li", "row", this.pick);
    this.element.dataset["flip"] = key;
  }

  update(row: Row & { kind: "crowd" }, scene: RowScene): void {
    let least = Infinity;
    let most = 0;
    for (const { pid } of row.members) {
      least = Math.min(least, pid);
      most = Math.max(most, pid);
    }
    this.element.style.setProperty("--depth", String(row.depth));
    this.element.style.setProperty("--rise", String(row.rise));
    setText(this.#outer, `${least}–${most}`);
    setText(this.#name, row.comm);
    setText(this.#count, `×${row.members.length}`);
    setClass(this.element, "unseen", !row.members.some((one) => scene.isSeen(one)));
    setAttributes(this.pick, {
      "aria-expanded": String(row.isOpen),
      "aria-description": scene.say("xray.crowd.label", { name: row.comm, count: row.members.length }),
      title: scene.say(row.isOpen ? "xray.crowd.close" : "xray.crowd.open"),
    });
  }
}
