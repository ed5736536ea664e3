import { type Disposable, DisposableStore, Emitter } from "../../base/index.ts";
import { el, Keyed, mayFocus, setAttributes, setChildren, setShown, svg } from "./dom.ts";
import type { XrayFrame, XrayTarget } from "./frame.ts";
import { MachineView } from "./machine-view.ts";
import type { XrayModel } from "./model.ts";
import { glide, HeldHeights } from "./motion.ts";
import { TermTips } from "./term-tips.ts";
import { legend } from "./legend.ts";
import type { Say } from "./words.ts";

export interface XrayViewOptions {
  /** The page's words. */
  readonly say: Say;
  readonly model: XrayModel;
}

/** What somebody has chosen; `isSecond`: to be compared with what was chosen before. */
export interface XrayChoice {
  readonly target: XrayTarget;
  readonly isSecond: boolean;
}

type Picked = XrayTarget | { readonly crowd: () => void };

/** The picture: machines with their boxes and processes. It fills its host and belongs to whoever made it. */
export class XrayView implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #element = el("div", "xray");
  readonly #machines: Keyed<MachineView>;
  readonly #row = el("div", "machines");
  readonly #overlay = svg("svg", { class: "threads", "aria-hidden": "true" });
  readonly #chosen = new Emitter<XrayChoice>();
  readonly #terminal = new Emitter<void>();
  readonly #picked = new WeakMap<Element, Picked>();
  readonly #heights = new HeldHeights();
  #frame: XrayFrame | undefined;
  #drawnLens: string | undefined;
  #current: HTMLElement | undefined;

  /** Somebody clicked, or pressed Enter. */
  readonly onSelect = this.#chosen.event;
  /** Somebody wants to type in the page's terminal. */
  readonly onTerminal = this.#terminal.event;

  constructor(host: HTMLElement, { say, model }: XrayViewOptions) {
    this.#machines = new Keyed(
      (name) =>
        new MachineView(
          name,
          say,
          model,
          (pick, picked) => this.#picked.set(pick, picked),
          () => this.#terminal.fire(),
        ),
      (machine) => machine.dispose(),
    );
    setAttributes(this.#element, { role: "group", "aria-label": say("xray.picture.label") });
    this.#element.append(this.#row, legend(say), this.#overlay);
    host.append(this.#element);
    this.#owned.add(this.#chosen);
    this.#owned.add(this.#terminal);
    this.#owned.add(this.#heights);
    this.#owned.add(new TermTips(this.#element, say));
    this.#owned.defer(() => {
      for (const machine of this.#machines.values()) machine.dispose();
      this.#element.remove();
    });
    this.#listen();
    const resized = new ResizeObserver(() => this.#drawThreads());
    resized.observe(this.#element);
    this.#owned.defer(() => resized.disconnect());
  }

  /** The element that is drawn, for exports. */
  get element(): HTMLElement {
    return this.#element;
  }

  show(frame: XrayFrame): void {
    this.#frame = frame;
    const focused = document.activeElement;
    glide(this.#element, () => {
      const views = frame.machines.map((machine) => {
        const view = this.#machines.get(machine.name);
        view.update(machine, frame);
        return view;
      });
      this.#machines.sweep();
      setChildren(
        this.#row,
        views.map(({ element }) => element),
      );
      setAttributes(this.#element, { "data-count": frame.machines.length, "data-lens": frame.lens });
      // Another lens is another picture: nothing of the old one's size is kept.
      if (this.#drawnLens === frame.lens) this.#heights.hold(views.flatMap((view) => [...view.held()]));
      this.#drawnLens = frame.lens;
    });
    if (
      mayFocus() &&
      focused instanceof HTMLElement &&
      focused !== document.activeElement &&
      this.#element.contains(focused)
    )
      focused.focus({ preventScroll: true });
    this.#keepTabStop();
    this.#drawThreads();
  }

  #listen(): void {
    const onClick = (event: MouseEvent): void => {
      const pick = event.target instanceof Element ? event.target.closest("button") : null;
      const picked = pick === null ? undefined : this.#picked.get(pick);
      if (pick === null || picked === undefined) return;
      this.#setCurrent(pick);
      if ("crowd" in picked) {
        picked.crowd();
        if (this.#frame !== undefined) this.show(this.#frame);
        return;
      }
      this.#chosen.fire({ target: picked, isSecond: event.shiftKey || event.ctrlKey || event.metaKey });
    };
    const onKey = (event: KeyboardEvent): void => this.#moveFocus(event);
    this.#element.addEventListener("click", onClick);
    this.#element.addEventListener("keydown", onKey);
    this.#owned.defer(() => {
      this.#element.removeEventListener("click", onClick);
      this.#element.removeEventListener("keydown", onKey);
    });
  }

  /** One stop for Tab in the whole picture; the arrows go on from there. */
  #moveFocus(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowRight: 1,
      ArrowUp: -1,
      ArrowLeft: -1,
    };
    const step = steps[event.key];
    const isEnd = event.key === "Home" || event.key === "End";
    if (step === undefined && !isEnd) return;
    const picks = this.#picks();
    const at = picks.findIndex((pick) => pick === document.activeElement);
    if (at < 0) return;
    const next = step === undefined ? (event.key === "Home" ? 0 : picks.length - 1) : at + step;
    const pick = picks[next];
    if (pick === undefined) return;
    event.preventDefault();
    this.#setCurrent(pick);
    pick.focus();
  }

  #picks(): HTMLElement[] {
    return [...this.#element.querySelectorAll("button")].filter(
      (pick) => this.#picked.has(pick) && pick.getClientRects().length > 0,
    );
  }

  #setCurrent(pick: HTMLElement): void {
    if (this.#current !== undefined) this.#current.tabIndex = -1;
    this.#current = pick;
    pick.tabIndex = 0;
  }

  #keepTabStop(): void {
    if (this.#current?.isConnected === true && this.#current.getClientRects().length > 0) return;
    const [first] = this.#picks();
    if (first !== undefined) this.#setCurrent(first);
  }

  /** The red threads from those who read an outer list of processes to that list. */
  #drawThreads(): void {
    const around = this.#element.getBoundingClientRect();
    const paths: SVGPathElement[] = [];
    for (const machine of this.#machines.values())
      for (const [from, to] of machine.threads()) {
        const a = from.getBoundingClientRect();
        const b = to.getBoundingClientRect();
        if (a.width === 0 || b.width === 0) continue;
        paths.push(svg("path", { class: "thread", d: threadPath(a, b, around) }));
      }
    setShown(this.#overlay, paths.length > 0);
    setAttributes(this.#overlay, { width: Math.round(around.width), height: Math.round(around.height) });
    setChildren(this.#overlay, paths);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

const BEND = 7;
/** So far to the left of what it leaves, a thread runs down: outside of the box, in the gap beside it. */
const ASIDE = 20;
/** So far above what it comes to, it runs sideways: above the floor. */
const ABOVE = 13;

/** Out to the left, down beside the box, along the floor, and down on the list. */
function threadPath(from: DOMRect, to: DOMRect, around: DOMRect): string {
  const x1 = from.left - around.left;
  const y1 = from.top + from.height / 2 - around.top;
  const x2 = to.left + to.width / 2 - around.left;
  const y2 = to.top - around.top;
  const down = x1 - ASIDE;
  const along = y2 - ABOVE;
  const way = x2 < down ? -1 : 1;
  return [
    `M${x1} ${y1} H${down + BEND} Q${down} ${y1} ${down} ${y1 + BEND}`,
    `V${along - BEND} Q${down} ${along} ${down + way * BEND} ${along}`,
    `H${x2 - way * BEND} Q${x2} ${along} ${x2} ${along + BEND} V${y2}`,
  ].join(" ");
}
