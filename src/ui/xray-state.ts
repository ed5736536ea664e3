import type { ReadonlySignal } from "@preact/signals";
import type { DiskQuestion, NamespaceNumbers, XrayTab } from "../state/index.ts";
import type {
  BoxCost,
  SignalAsked,
  TimelineEvent,
  XrayLens,
  XrayMachine,
  XraySight,
  XrayTarget,
} from "../views/index.ts";

/** What is recorded, and where in it one looks. */
export interface XrayHistory {
  /** Times of the recorded observations, ms since the Unix epoch, oldest first. */
  readonly times: readonly number[];
  /** Which of them `machines` shows; the last one while it is live. */
  readonly index: number;
  /** It follows what is seen. */
  readonly isLive: boolean;
}

/** All that the X-ray's pane shows and asks for. Values are replaced, never changed in place. */
export interface XrayState {
  /** What is shown: each machine as it was at `history.index`, with the observation before it. */
  readonly machines: ReadonlySignal<readonly XrayMachine[]>;
  readonly history: ReadonlySignal<XrayHistory>;
  /** Oldest first; also those after the moment that is shown. */
  readonly events: ReadonlySignal<readonly TimelineEvent[]>;
  readonly tab: ReadonlySignal<XrayTab>;
  readonly lens: ReadonlySignal<XrayLens>;
  readonly seen: ReadonlySignal<XraySight>;
  /** None, one, or two to compare. */
  readonly selection: ReadonlySignal<readonly XrayTarget[]>;
  /** What has been measured, by name of machine, or by `costKey(machine, box)` of a container. */
  readonly costs: ReadonlySignal<Readonly<Record<string, Partial<BoxCost>>>>;
  /** All that is recorded of a machine, oldest first: for charts and for the JSON file. */
  recorded(machine: string): readonly XrayMachine["observation"][];
  /** The numbers by which the page calls a machine's namespaces elsewhere; the picture's own where it does not. */
  numbersOf?(machine: string): NamespaceNumbers;
  /** Has the disk of a machine and of these containers counted; it shows up in `costs`. Asked again and again. */
  measureDisk(machine: string, asked: readonly DiskQuestion[]): Promise<void>;

  /** Sends a signal from outside. Where it is missing, none are offered. @throws CodedError when it was not sent */
  sendSignal?(machine: string, pid: number, signal: SignalAsked["signal"]): Promise<void>;

  setTab(tab: XrayTab): void;
  setLens(lens: XrayLens): void;
  setSeen(seen: XraySight): void;
  /** @param isSecond Compare it with what is selected. */
  select(target: XrayTarget, isSecond: boolean): void;
  clearSelection(): void;
  /** Shows that moment, and stays there. */
  scrub(index: number): void;
  pause(): void;
  goLive(): void;
}
