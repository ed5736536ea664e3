import { type Disposable, DisposableStore, Emitter } from "../../base/index.ts";
import { boxTitle, compare, NAMESPACE_KINDS } from "../../isolation/index.ts";
import { el, setChildren, setShown, setText } from "./dom.ts";
import { type Fact, type FactGroup, factGroups } from "./facts.ts";
import { type Found, findTarget, speakerOf } from "./find-target.ts";
import type { XrayFrame, XrayMachine, XrayTarget } from "./frame.ts";
import { LAMP_ORDER } from "./lamps.ts";
import type { XrayModel } from "./model.ts";
import { SignalPanel } from "./signals.ts";
import { setProse } from "./prose.ts";
import { TermTips } from "./term-tips.ts";
import type { Say } from "./words.ts";

export interface XrayDetailsOptions {
  readonly say: Say;
  readonly model: XrayModel;
}

/** All facts of what is selected; of two selected things, what they share. */
export class XrayDetails implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #say: Say;
  readonly #model: XrayModel;
  readonly #element = el("aside", "xray-details");
  readonly #title = el("h3");
  readonly #close = el("button", "quiet");
  readonly #compareButton = el("button", "quiet");
  readonly #hint = el("p", "details-hint");
  readonly #tools: HTMLElement;
  readonly #signals: SignalPanel;
  readonly #groups = el("div", "fact-groups");
  readonly #compared = el("div", "compared");
  readonly #closed = new Emitter<void>();
  readonly #compareAsked = new Emitter<boolean>();
  #isComparing = false;
  #drawn = "";

  /** Nothing shall be selected any more. */
  readonly onClose = this.#closed.event;
  /** The next one that is chosen shall be compared with this one, or no longer. */
  readonly onCompare = this.#compareAsked.event;

  constructor(host: HTMLElement, { say, model }: XrayDetailsOptions) {
    this.#say = say;
    this.#model = model;
    this.#close.type = "button";
    this.#close.textContent = say("xray.details.close");
    this.#compareButton.type = "button";
    this.#compareButton.textContent = say("xray.details.compare");
    this.#tools = el("div", "details-tools", this.#compareButton, this.#hint);
    this.#signals = this.#owned.add(new SignalPanel(say));
    const head = el("header", "details-head", this.#title, this.#close);
    this.#element.append(head, this.#tools, this.#signals.element, this.#compared, this.#groups);
    this.#element.hidden = true;
    host.append(this.#element);
    const onClick = (): void => this.#closed.fire();
    const onCompare = (): void => this.#setComparing(!this.#isComparing);
    this.#close.addEventListener("click", onClick);
    this.#compareButton.addEventListener("click", onCompare);
    this.#setComparing(false);
    this.#owned.add(this.#closed);
    this.#owned.add(this.#compareAsked);
    this.#owned.add(new TermTips(this.#element, say));
    this.#owned.defer(() => {
      this.#close.removeEventListener("click", onClick);
      this.#compareButton.removeEventListener("click", onCompare);
      this.#element.remove();
    });
  }

  /** Somebody wants a signal sent to the process that is chosen. */
  get onSignal(): SignalPanel["onAsked"] {
    return this.#signals.onAsked;
  }

  /** The signal that was asked for last was not sent. */
  signalFailed(why: string): void {
    this.#signals.fail(why);
  }

  #setComparing(isComparing: boolean): void {
    this.#isComparing = isComparing;
    this.#compareButton.setAttribute("aria-pressed", String(isComparing));
    setText(this.#hint, this.#say(isComparing ? "xray.details.choose" : "xray.details.hint"));
    this.#compareAsked.fire(isComparing);
  }

  show(frame: XrayFrame): void {
    const chosen = frame.selection.flatMap((target) => {
      const machine = frame.machines.find(({ name }) => name === target.machine);
      const found = machine === undefined ? undefined : this.#find(target, machine);
      return machine === undefined ? [] : [{ target, machine, found }];
    });
    const [first, second] = chosen;
    setShown(this.#element, first !== undefined);
    if (this.#isComparing && chosen.length !== 1) this.#setComparing(false);
    if (first === undefined || second !== undefined) this.#signals.hide();
    if (first === undefined) return;
    if (second !== undefined) {
      this.#compare(first, second);
      return;
    }
    setShown(this.#compared, false);
    setShown(this.#tools, true);
    setText(this.#title, this.#titleOf(first.found, first));
    this.#signals.show({
      process: first.found?.kind === "process" ? first.found.process : undefined,
      machine: first.machine.name,
      observation: first.machine.observation,
      isLive: frame.isLive ?? false,
    });
    this.#showGroups(first.found === undefined ? [] : factGroups(first.found, this.#scene(first.machine)));
  }

  #find(target: XrayTarget, { name, observation }: XrayMachine): Found | undefined {
    return findTarget(target, observation, this.#model.boxesOf(name, observation));
  }

  #scene({ name, observation }: XrayMachine): Parameters<typeof factGroups>[1] {
    return { observation, numbers: this.#model.numbersOf(name), say: this.#say };
  }

  #titleOf(
    found: Found | undefined,
    { target, machine }: { target: XrayTarget; machine: XrayMachine },
  ): string {
    if (found === undefined) return this.#say("xray.details.gone");
    if (found.kind === "process") return `${found.process.comm} (${found.process.pid})`;
    if (found.kind === "cgroup") return this.#say("xray.cgroup.label", { path: target.key });
    const numbers = this.#model.numbersOf(machine.name);
    const uts = this.#model.boxesOf(machine.name, machine.observation).own.find(({ kind }) => kind === "uts");
    const machineName = uts?.namespace?.kind === "uts" ? uts.namespace.hostName : "";
    return boxTitle(found.box, { say: this.#say, numbers, machineName });
  }

  /** Built anew only when there are other facts: a value that changes must not cost the reader's place. */
  #showGroups(groups: readonly FactGroup[]): void {
    const drawn = groups
      .map(({ title, facts }) => `${title}: ${facts.map(({ name }) => name).join()}`)
      .join("; ");
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      setChildren(
        this.#groups,
        groups.map(({ title, facts }) => el("section", "fact-group", el("h4", "", title), factList(facts))),
      );
      return;
    }
    const values = this.#groups.querySelectorAll("dd");
    groups
      .flatMap(({ facts }) => facts)
      .forEach(({ value }, i) => {
        const shown = values[i];
        if (shown !== undefined && shown.textContent !== value)
          setText(shown.firstElementChild ?? shown, value);
      });
  }

  #compare(
    first: { target: XrayTarget; machine: XrayMachine; found: Found | undefined },
    second: { target: XrayTarget; machine: XrayMachine; found: Found | undefined },
  ): void {
    const say = this.#say;
    const names = [this.#titleOf(first.found, first), this.#titleOf(second.found, second)];
    setText(this.#title, say("xray.compare.title", { first: names[0] ?? "", second: names[1] ?? "" }));
    setShown(this.#tools, false);
    setShown(this.#compared, true);
    this.#showGroups([]);
    if (first.machine.name !== second.machine.name) {
      this.#compared.replaceChildren(el("p", "", say("xray.compare.machines")));
      return;
    }
    const { observation } = first.machine;
    const a = first.found === undefined ? undefined : speakerOf(first.found, observation);
    const b = second.found === undefined ? undefined : speakerOf(second.found, observation);
    const comparison = a === undefined || b === undefined ? undefined : compare(observation, a.pid, b.pid);
    if (comparison === undefined) {
      this.#compared.replaceChildren(el("p", "", say("xray.details.gone")));
      return;
    }
    const shared = NAMESPACE_KINDS.filter((kind) => comparison.namespaces[kind].shared === true).length;
    const rows = [
      ...LAMP_ORDER.map((kind) => ({ kind, one: comparison.namespaces[kind] })),
      { kind: undefined, one: comparison.cgroup },
      { kind: undefined, one: comparison.root },
      { kind: undefined, one: comparison.user },
    ].map(({ kind, one }) => {
      const sentence = el("span");
      setProse(sentence, one.sentence);
      const mark = el(
        "span",
        kind === undefined ? "lamp" : `lamp ns-${kind}${one.shared === false ? " lit" : ""}`,
      );
      mark.textContent =
        kind ??
        say(
          one.shared === true
            ? "xray.compare.same"
            : one.shared === false
              ? "xray.compare.apart"
              : "xray.fact.unknown",
        );
      if (kind !== undefined) mark.dataset["term"] = kind;
      return el("li", "", mark, sentence);
    });
    this.#compared.replaceChildren(
      el("p", "compare-sum", say("xray.compare.sum", { count: shared })),
      el("ul", "compare-list", ...rows),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function factList(facts: readonly Fact[]): HTMLElement {
  const list = el("dl", "facts");
  for (const { name, value, term, isCode } of facts) {
    const label = el("dt", "", name);
    if (term !== undefined) {
      label.dataset["term"] = term;
      label.tabIndex = 0;
    }
    list.append(label, el("dd", "", isCode === true ? el("code", "", value) : value));
  }
  return list;
}
