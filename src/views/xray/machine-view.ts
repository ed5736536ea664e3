import {
  type Box,
  boxTitle,
  cgroupRates,
  type Ghost,
  ghostOf,
  type GhostThing,
  innermostPid,
  type MachineBox,
  type Namespace,
  type NamespaceNumbers,
  type Observation,
  processKey,
  type ProcessNode,
  uidInside,
  walkBoxes,
  walkProcesses,
} from "../../isolation/index.ts";
import { type AsWanted, asWanted, boxOfNamespace, NOTHING_WANTED } from "./as-wanted.ts";
import { BoxView, fillList } from "./box-view.ts";
import { type BoxWordsScene, machineFacts } from "./box-words.ts";
import { CgroupView } from "./cgroup-view.ts";
import { cgroupForests, type CgroupNode, cgroupTree } from "./cgroup-tree.ts";
import { el, Keyed, setAttributes, setChildren, setClass, setShown, setText } from "./dom.ts";
import { type XrayFrame, type XrayMachine, type XrayTarget } from "./frame.ts";
import { type GhostPlace, GhostView } from "./ghost-view.ts";
import type { GlassContent } from "./glass.ts";
import { KernelFloor } from "./kernel-floor.ts";
import { freshness, machineNotes } from "./machine-notes.ts";
import { MachineStrip } from "./machine-strip.ts";
import type { XrayModel } from "./model.ts";
import { ProcessRows, processList } from "./process-list.ts";
import type { RowScene } from "./process-row.ts";
import { type Vantage, vantageOf } from "./vantage.ts";
import type { Say } from "./words.ts";

/** What is told of each button that stands for something. */
export type Register = (pick: HTMLElement, target: XrayTarget | { readonly crowd: () => void }) => void;

/** One machine: what it does, its boxes in one of the two lenses, and the kernel that all of them stand on. */
export class MachineView {
  readonly element = el("section", "machine");
  readonly #name: string;
  readonly #say: Say;
  readonly #title = el("h3", "machine-name");
  readonly #phase = el("span", "machine-phase");
  readonly #fresh = el("span", "freshness");
  readonly #notes = el("ul", "notes");
  readonly #strip: MachineStrip;
  readonly #processes = processList();
  readonly #own = el("div", "machine-own");
  readonly #ownTitle = el("p", "own-title");
  readonly #ownFacts = el("ul", "box-facts");
  readonly #boxes = el("div", "boxes");
  readonly #sight = el("p", "sight");
  readonly #here = el("p", "here");
  readonly #hereText = el("span");
  readonly #go = el("button", "here-go");
  readonly #ghost: GhostView;
  readonly #body = el("div", "machine-body");
  readonly #cgroupBody = el("div", "cgroup-body");
  readonly #floor: KernelFloor;
  readonly #rows: ProcessRows;
  readonly #views: Keyed<BoxView>;
  readonly #cgroups: Keyed<CgroupView>;
  readonly #order = new Map<string, number>();
  readonly #model: XrayModel;
  readonly #numbers: NamespaceNumbers;
  readonly #register: Register;
  #wanted: AsWanted = NOTHING_WANTED;

  /** @param onTerminal Somebody wants to type in the page's terminal. */
  constructor(name: string, say: Say, model: XrayModel, register: Register, onTerminal: () => void) {
    this.#name = name;
    this.#model = model;
    this.#numbers = model.numbersOf(name);
    this.#say = say;
    this.#register = register;
    this.#ghost = new GhostView(say);
    this.#strip = new MachineStrip(say);
    this.#floor = new KernelFloor(say);
    this.#rows = new ProcessRows((pick, key, isCrowd) =>
      register(
        pick,
        isCrowd ? { crowd: () => this.#rows.toggle(key) } : { kind: "process", machine: name, key },
      ),
    );
    this.#views = new Keyed((key) => {
      const view = new BoxView(key, say);
      register(view.pick, { kind: "box", machine: name, key });
      return view;
    });
    this.#cgroups = new Keyed(
      (path) => {
        const view = new CgroupView(path, say);
        register(view.pick, { kind: "cgroup", machine: name, key: path });
        return view;
      },
      (view) => view.dispose(),
    );
    this.element.dataset["flip"] = `machine ${name}`;
    this.element.setAttribute("role", "group");
    this.#fresh.dataset["term"] = "freshness";
    this.#go.type = "button";
    setText(this.#go, say("xray.terminal.go"));
    this.#go.addEventListener("click", onTerminal);
    this.#here.append(this.#hereText, this.#go);
    this.#own.append(this.#ownTitle, this.#ownFacts, this.#processes);
    this.#body.append(this.#own, this.#boxes);
    this.element.append(
      el("header", "machine-head", this.#title, this.#phase, this.#fresh),
      this.#notes,
      this.#strip.element,
      this.#here,
      this.#ghost.element,
      this.#sight,
      this.#body,
      this.#cgroupBody,
      this.#floor.element,
    );
  }

  /** The boxes whose height must not jump. */
  *held(): Generator<HTMLElement> {
    for (const view of this.#views.values()) yield view.element;
    for (const view of this.#cgroups.values()) yield view.element;
    yield this.#own;
    yield this.#ghost.element;
  }

  /** Pairs of what reads an outer `/proc`, and that `/proc`. */
  *threads(): Generator<readonly [HTMLElement, HTMLElement]> {
    for (const badge of this.element.querySelectorAll<HTMLElement>('[data-badge="outer-proc"]'))
      yield [badge, this.#floor.proc];
  }

  update(machine: XrayMachine, frame: XrayFrame): void {
    const { observation, before } = machine;
    const say = this.#say;
    setText(this.#title, machine.name);
    setText(this.#phase, machine.phase);
    setShown(this.#phase, machine.phase !== "");
    setAttributes(this.element, { "aria-label": say("xray.machine.label", { name: machine.name }) });
    setClass(this.element, "panicked", observation.kernel?.panic !== undefined);
    setText(this.#fresh, freshness(observation, say));
    fillList(this.#notes, machineNotes(observation, say));
    this.#strip.update(observation, before);
    const boxes = this.#model.boxesOf(this.#name, observation);
    const own = frame.selection.filter((target) => target.machine === this.#name);
    const vantage = frame.seen === "inside" ? vantageOf(boxes, own) : undefined;
    const scene = {
      ...this.#rowScene(observation, own, vantage),
      isAtTerminal: (key: string) => key === machine.terminal,
      isWanted: (key: string) => this.#wanted.processes.has(key),
    };
    this.#showHere(machine, boxes);
    this.#showGhost(machine, boxes);
    const isNamespaces = frame.lens === "namespaces";
    setShown(this.#body, isNamespaces);
    setShown(this.#cgroupBody, !isNamespaces);
    setClass(this.element, "from-inside", vantage !== undefined);
    this.#showSight(frame, vantage, observation);
    if (isNamespaces) this.#showBoxes(boxes, observation, own, vantage, scene);
    else this.#showCgroups(machine, own, scene);
    this.#floor.update(observation, boxes.kernelThreads);
    this.#rows.sweep();
    this.#views.sweep();
    this.#cgroups.sweep();
  }

  #showSight(frame: XrayFrame, vantage: Vantage | undefined, observation: Observation): void {
    setShown(this.#sight, frame.seen === "inside");
    if (frame.seen !== "inside") return;
    const all = observation.processes.filter(({ kernelThread }) => !kernelThread).length;
    setText(
      this.#sight,
      vantage === undefined
        ? this.#say("xray.sight.nowhere")
        : this.#say("xray.sight.inside", {
            number: this.#numbers.of({
              kind: "pid",
              inode: vantage.pid,
              generation: this.#generation(observation, vantage),
            }),
            seen: vantage.seen.size,
            all,
          }),
    );
  }

  #generation(observation: Observation, { pid }: Vantage): number {
    return observation.namespaces.find(({ kind, inode }) => kind === "pid" && inode === pid)?.generation ?? 0;
  }

  /** In which box the page's terminal is: the first thing that one loses sight of. */
  #showHere({ terminal, observation }: XrayMachine, machine: MachineBox): void {
    const process = observation.processes.find((one) => processKey(one) === terminal);
    setShown(this.#here, process !== undefined);
    if (process === undefined) return;
    const box = [...walkBoxes(machine)].find(
      (one) => one !== machine && [...walkProcesses(one.processes)].includes(process),
    );
    const { comm: name, pid } = process;
    const inside = innermostPid(process);
    const said = (): string => {
      if (box === undefined) return this.#say("xray.terminal.in-machine", { name, pid });
      const title = boxTitle(box, this.#wordsScene(machine, observation));
      return inside === pid
        ? this.#say("xray.terminal.in-box", { name, pid, box: title })
        : this.#say("xray.terminal.inside", { name, pid, inside, box: title });
    };
    setText(this.#hereText, said());
    // It wears the colour of the box.
    setAttributes(this.#here, { "data-kind": box?.own[0]?.kind ?? "machine" });
  }

  /** What is wanted stays in its place, and so does all that is there: only marks change. */
  #showGhost({ goal, observation }: XrayMachine, boxes: MachineBox): void {
    const ghost: Ghost | undefined = goal === undefined ? undefined : ghostOf(goal.wanted, observation);
    this.#wanted = ghost === undefined ? NOTHING_WANTED : asWanted(ghost, boxes);
    const words = this.#wordsScene(boxes, observation);
    this.#ghost.update(goal === undefined || ghost === undefined ? undefined : { words: goal.words, ghost }, {
      register: this.#register,
      placeOf: (thing) => this.#placeOf(thing, boxes, words),
    });
  }

  #placeOf({ found }: GhostThing, machine: MachineBox, words: BoxWordsScene): GhostPlace | undefined {
    if (found === undefined) return undefined;
    const target = (kind: XrayTarget["kind"], key: string): XrayTarget => ({
      kind,
      machine: this.#name,
      key,
    });
    if (found.kind === "cgroup") return { name: found.key, target: target("cgroup", found.key) };
    if (found.kind === "process") {
      const process = words.observation.processes.find((one) => processKey(one) === found.key);
      if (process === undefined) return undefined;
      const values = { name: process.comm, pid: process.pid };
      return { name: this.#say("xray.process.label", values), target: target("process", found.key) };
    }
    const box = boxOfNamespace(machine, found.of);
    return box === undefined ? undefined : { name: boxTitle(box, words), target: target("box", box.key) };
  }

  #wordsScene(machine: MachineBox, observation: Observation): BoxWordsScene {
    const uts = machine.own.find(({ kind }) => kind === "uts")?.namespace;
    return {
      say: this.#say,
      numbers: this.#numbers,
      observation,
      machineName: uts?.kind === "uts" ? uts.hostName : this.#name,
    };
  }

  #rowScene(
    observation: Observation,
    own: readonly XrayTarget[],
    vantage: Vantage | undefined,
  ): Omit<RowScene, "isAtTerminal" | "isWanted"> {
    const pids = new Map<number, Namespace>();
    for (const one of observation.namespaces) if (one.kind === "pid") pids.set(one.inode, one);
    return {
      say: this.#say,
      uidInside: (process) => uidInside(observation, process),
      nextChild: (process) => {
        const next = process.forChildren.pid;
        if (next === undefined || next === process.namespaces.pid || process.state === "Z") return undefined;
        return this.#numbers.of({ kind: "pid", inode: next, generation: pids.get(next)?.generation ?? 0 });
      },
      vantage,
      isSeen: (process) => vantage === undefined || vantage.seen.has(process),
      isSelected: (key) => own.some((target) => target.kind === "process" && target.key === key),
    };
  }

  #showBoxes(
    machine: MachineBox,
    observation: Observation,
    own: readonly XrayTarget[],
    vantage: Vantage | undefined,
    scene: RowScene,
  ): void {
    const words = this.#wordsScene(machine, observation);
    const show = (box: Box): HTMLElement => {
      const view = this.#views.get(box.key);
      const isSelected = own.some((target) => target.kind === "box" && target.key === box.key);
      view.update(box, words, isSelected);
      view.setWanted(this.#wanted.boxes.has(box.key));
      setClass(view.element, "vantage", vantage?.boxes.has(box.key) === true);
      setClass(view.element, "unseen", vantage !== undefined && !isSeen(box, vantage));
      this.#rows.fill(view.launchers, box.launchers, `${box.key} launchers`, scene);
      this.#rows.fill(view.processes, box.processes, box.key, scene);
      setChildren(view.boxes, this.#inOrder(box.boxes, (one) => one.key).map(show));
      return view.element;
    };
    setText(this.#ownTitle, this.#say("xray.machine.own", { count: count(machine.processes) }));
    fillList(this.#ownFacts, machineFacts(machine, words));
    this.#rows.fill(this.#processes, machine.processes, machine.key, scene);
    setChildren(this.#boxes, this.#inOrder(machine.boxes, (one) => one.key).map(show));
    setShown(this.#boxes, machine.boxes.length > 0);
  }

  #showCgroups({ observation, before }: XrayMachine, own: readonly XrayTarget[], scene: RowScene): void {
    const rates = cgroupRates(before, observation);
    const forests = cgroupForests(observation);
    const machine = glassOf(observation);
    const show = ({ cgroup, children }: CgroupNode): HTMLElement => {
      const view = this.#cgroups.get(cgroup.path);
      view.update(cgroup, {
        say: this.#say,
        rate: rates.get(cgroup.path),
        machine: cgroup.path === "/" ? machine : undefined,
        ram: machine?.ram ?? 1,
        isSelected: own.some((target) => target.kind === "cgroup" && target.key === cgroup.path),
        isWanted: this.#wanted.cgroups.has(cgroup.path),
      });
      this.#rows.fill(view.processes, forests.get(cgroup.path) ?? [], `cgroup ${cgroup.path}`, scene);
      setChildren(view.boxes, this.#inOrder(children, (one) => `cgroup ${one.cgroup.path}`).map(show));
      setShown(view.boxes, children.length > 0);
      return view.element;
    };
    const roots = cgroupTree(observation.cgroups);
    setChildren(
      this.#cgroupBody,
      roots.length === 0 ? [el("p", "notes", this.#say("xray.cgroup.none"))] : roots.map(show),
    );
  }

  /** In the order in which they were first seen: what is new comes last, and nothing changes places. */
  #inOrder<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Thing[] {
    for (const thing of things) {
      const key = keyOf(thing);
      if (!this.#order.has(key)) this.#order.set(key, this.#order.size);
    }
    const place = (thing: Thing): number => this.#order.get(keyOf(thing)) ?? 0;
    return [...things].toSorted((a, b) => place(a) - place(b));
  }

  dispose(): void {
    for (const view of this.#cgroups.values()) view.dispose();
    this.element.remove();
  }
}

function isSeen(box: Box, vantage: Vantage): boolean {
  for (const inner of walkBoxes(box))
    for (const process of walkProcesses(inner.processes)) if (vantage.seen.has(process)) return true;
  return false;
}

function count(forest: readonly ProcessNode[]): number {
  let found = 0;
  for (const _ of walkProcesses(forest)) found++;
  return found;
}

function glassOf({ kernel }: Observation): GlassContent | undefined {
  if (kernel === undefined) return undefined;
  const { total, free, anonymous, file } = kernel.memory;
  const used = total - free;
  return {
    current: used,
    anonymous,
    file,
    kernel: Math.max(0, used - anonymous - file),
    high: "max",
    max: total,
    ram: total,
    isFed: true,
  };
}
