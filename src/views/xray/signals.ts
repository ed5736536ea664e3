import { type Disposable, DisposableStore, Emitter } from "../../base/index.ts";
import {
  innermostPid,
  type Observation,
  type Process,
  processKey,
  type SignalName,
} from "../../isolation/index.ts";
import { el, setChildren, setShown, setText } from "./dom.ts";
import { setProse } from "./prose.ts";
import type { Say, XrayKey } from "./words.ts";

/** Somebody wants a signal sent, from outside. */
export interface SignalAsked {
  readonly machine: string;
  /** As the machine's own PID namespace numbers it. */
  readonly pid: number;
  readonly signal: SignalName;
}

/** The two that everybody needs, and those that some do. */
const OFFERED: readonly SignalName[] = ["TERM", "KILL", "INT", "STOP", "CONT"];
/** After so long a process that is there still has outlived its signal. */
const OUTLIVED_MS = 1500;

/** A process that a signal was sent to. */
interface Sent {
  readonly key: string;
  readonly name: string;
  readonly signal: SignalName;
  /** How many others live in the PID namespace of which it is the first. */
  readonly others: number;
  readonly isInit: boolean;
  readonly isLate: boolean;
}

export interface Signalled {
  /** Undefined when it is gone, or when no process is chosen. */
  readonly process: Process | undefined;
  readonly machine: string;
  readonly observation: Observation;
  /** What is shown is now, not a moment of the past. */
  readonly isLive: boolean;
}

/** Whether it is the first of a PID namespace that is not the machine's. */
function isInit(process: Process): boolean {
  return process.pids.length > 1 && innermostPid(process) === 1;
}

function othersIn({ pid, namespaces }: Process, { processes }: Observation): number {
  const inside = processes.filter(
    (one) => one.namespaces.pid === namespaces.pid && one.pid !== pid && one.state !== "Z",
  );
  return inside.length;
}

/** Why a process gets no signal; undefined when it may have one. */
function refusal({ process, isLive }: Signalled): XrayKey | undefined {
  if (process?.kernelThread === true) return "xray.signal.kernel-thread";
  if (process?.pid === 1) return "xray.signal.init";
  if (process?.state === "Z") return "xray.signal.zombie";
  return isLive ? undefined : "xray.signal.past";
}

/** Signals for the process that is chosen, sent from outside, and in words what became of them. */
export class SignalPanel implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #say: Say;
  readonly element = el("section", "signals");
  readonly #choice = el("fieldset", "signal-choice");
  readonly #refusal = el("p", "details-hint");
  readonly #told = el("output", "signal-told");
  readonly #asked = new Emitter<SignalAsked>();
  readonly #buttons: ReadonlyMap<SignalName, HTMLButtonElement>;
  #shown: Signalled | undefined;
  #sent: Sent | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly onAsked = this.#asked.event;

  constructor(say: Say) {
    this.#say = say;
    this.#buttons = new Map(
      OFFERED.map((name) => {
        const button = el("button", name === "KILL" ? "quiet signal-kill" : "quiet", `SIG${name}`);
        button.type = "button";
        button.dataset["signal"] = name;
        return [name, button];
      }),
    );
    setChildren(this.#choice, [el("legend", "", say("xray.signal.legend")), ...this.#buttons.values()]);
    this.element.append(this.#choice, this.#refusal, this.#told);
    this.element.hidden = true;
    const onClick = (event: MouseEvent): void => this.#press(event);
    this.#choice.addEventListener("click", onClick);
    this.#owned.add(this.#asked);
    this.#owned.defer(() => {
      clearTimeout(this.#timer);
      this.#choice.removeEventListener("click", onClick);
      this.element.remove();
    });
  }

  show(shown: Signalled): void {
    this.#shown = shown;
    const { process } = shown;
    if (process !== undefined && this.#sent !== undefined && this.#sent.key !== processKey(process))
      this.#forget();
    setShown(this.element, process !== undefined || this.#sent !== undefined);
    const refused = refusal(shown);
    setShown(this.#choice, process !== undefined && refused === undefined);
    setShown(this.#refusal, refused !== undefined && process !== undefined);
    if (refused !== undefined) setText(this.#refusal, this.#say(refused));
    if (process !== undefined)
      for (const [name, button] of this.#buttons) {
        const label = this.#say("xray.signal.label", { signal: `SIG${name}`, ...nameOf(process) });
        if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
      }
    this.#tell();
  }

  /** Nothing is chosen, or two to compare. */
  hide(): void {
    this.#forget();
    setShown(this.element, false);
  }

  /** The signal was not sent. */
  fail(why: string): void {
    this.#forget();
    setProse(this.#told, this.#say("xray.signal.failed", { why }));
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#sent = undefined;
    setProse(this.#told, "");
  }

  #press(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const [signal] = [...this.#buttons].find(([, one]) => one === button) ?? [];
    if (signal === undefined || this.#shown?.process === undefined) return;
    const { process, machine, observation } = this.#shown;
    const sent: Sent = {
      key: processKey(process),
      name: this.#say("xray.signal.process", nameOf(process)),
      signal,
      others: isInit(process) ? othersIn(process, observation) : 0,
      isInit: isInit(process),
      isLate: false,
    };
    clearTimeout(this.#timer);
    this.#sent = sent;
    this.#timer = setTimeout(() => {
      if (this.#sent !== sent) return;
      this.#sent = { ...sent, isLate: true };
      this.#tell();
    }, OUTLIVED_MS);
    setProse(this.#told, "");
    this.#asked.fire({ machine, pid: process.pid, signal });
  }

  /** What became of it, as far as it can be seen. */
  #tell(): void {
    const sent = this.#sent;
    if (sent === undefined || this.#shown?.isLive !== true) return;
    const key = outcome(sent, this.#shown.process);
    if (key === undefined) return;
    const { signal, name, others } = sent;
    setProse(this.#told, this.#say(key, { signal: `SIG${signal}`, process: name, count: others }));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function nameOf({ comm, pid }: Process): { readonly name: string; readonly pid: number } {
  return { name: comm, pid };
}

function outcome(sent: Sent, process: Process | undefined): XrayKey | undefined {
  if (process === undefined || process.state === "Z")
    return sent.others > 0 ? "xray.signal.burst" : "xray.signal.ended";
  if (sent.signal === "STOP" && process.state === "T") return "xray.signal.stopped";
  if (!sent.isLate) return undefined;
  if (sent.signal === "CONT") return "xray.signal.continued";
  if (process.state === "T") return "xray.signal.waits";
  return sent.isInit ? "xray.signal.outlived-init" : "xray.signal.outlived";
}
