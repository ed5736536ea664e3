import { effect } from "@preact/signals-core";
import { type CodedError, type Disposable, DisposableStore, withDeadline } from "../../base/index.ts";
import type { BootStage, MachinePhase, MachineStats } from "../../protocol/machine.ts";
import type { Lab } from "../lab.ts";
import type { TerminalState } from "../terminal-control.ts";
import type { FaultLog } from "./fault-log.ts";

/** A part of a machine's start, and when it began: milliseconds since the start did. */
export interface StageBegun {
  readonly stage: BootStage | "up";
  readonly at: number;
}

/** What a machine is up to, without a word of what is in it. */
export interface MachineFacts {
  readonly name: string;
  readonly phase: MachinePhase | "unpowered";
  /** Of its latest start. */
  readonly stages: readonly StageBegun[];
  readonly agent: "here" | "gone";
  readonly guest: "answers" | "silent";
  readonly isWaitingForFile: boolean;
  /** Undefined where it does not answer. */
  readonly stats: MachineStats | undefined;
}

export interface LabFacts {
  readonly machines: readonly MachineFacts[];
  readonly terminals: readonly { readonly machine: string; readonly kind: TerminalState["kind"] }[];
  readonly isXrayOpen: boolean;
  readonly isManualOpen: boolean;
  /** Id of the lesson and of its step, or how it is with it. */
  readonly lesson: string;
}

const STATS_MS = 1500;

/** Follows a lab for the diagnostics: its faults, and how its machines came up. */
export class LabDiary implements Disposable {
  readonly #lab: Lab;
  readonly #faults: FaultLog;
  readonly #now: () => number;
  readonly #owned = new DisposableStore();
  readonly #waiting = new Set<string>();
  readonly #starts = new Map<string, { began: number; stages: StageBegun[] }>();

  /** @param now Milliseconds that only grow. */
  constructor(lab: Lab, faults: FaultLog, now: () => number) {
    this.#lab = lab;
    this.#faults = faults;
    this.#now = now;
    this.#owned.defer(
      effect(() => {
        for (const machine of lab.machines) this.#followStart(machine);
      }),
    );
    this.#owned.defer(effect(() => this.#followFaults()));
  }

  #followStart({ name, state }: Lab["machines"][number]): void {
    const { phase, stage } = state.value;
    const start = this.#starts.get(name);
    const last = start?.stages.at(-1)?.stage;
    if (phase === "starting") {
      if (last === stage) return;
      // Whatever comes after it has come up, or failed, is another start.
      if (start === undefined || last === "up" || stage === "fetching")
        this.#starts.set(name, { began: this.#now(), stages: [{ stage, at: 0 }] });
      else start.stages.push({ stage, at: this.#now() - start.began });
    } else if (phase === "running" && start !== undefined && last !== "up") {
      start.stages.push({ stage: "up", at: this.#now() - start.began });
    }
  }

  #followFaults(): void {
    const { machines, terminals, lesson, files } = this.#lab;
    const note = (error: CodedError | undefined, place: Parameters<FaultLog["note"]>[1]): void => {
      if (error !== undefined) this.#faults.note(error, place);
    };
    for (const { name, state } of machines) {
      const { fault, fileTrouble } = state.value;
      note(fault, "machine");
      // Each attempt has an error of its own: the first one is told.
      if (!this.#waiting.has(name)) note(fileTrouble?.error, "file");
      if (fileTrouble === undefined) this.#waiting.delete(name);
      else this.#waiting.add(name);
    }
    for (const { state } of terminals) if (state.value.kind === "lost") note(state.value.error, "terminal");
    if (files.value.kind === "failed") note(files.value.error, "files");
    if (lesson.value.kind === "failed") note(lesson.value.error, "lesson");
    if (lesson.value.kind === "open") note(lesson.value.run.trouble, "step");
  }

  #lesson(): string {
    const lesson = this.#lab.lesson.peek();
    return lesson.kind === "open" ? `${lesson.lesson.id} ${lesson.run.current}` : lesson.kind;
  }

  /** As it is now. Never rejects, and waits for no machine that has died. */
  async facts(): Promise<LabFacts> {
    const lab = this.#lab;
    const machines = lab.machines.map(async ({ name, state }): Promise<MachineFacts> => {
      const { phase, agent, guest, fileTrouble } = state.peek();
      const asked = lab.bench.get(name)?.stats();
      const stats = await (asked && withDeadline(asked, STATS_MS, name))?.catch(() => undefined);
      const stages = [...(this.#starts.get(name)?.stages ?? [])];
      return { name, phase, stages, agent, guest, isWaitingForFile: fileTrouble !== undefined, stats };
    });
    return {
      machines: await Promise.all(machines),
      terminals: lab.terminals.map(({ machine, state }) => ({ machine, kind: state.peek().kind })),
      isXrayOpen: lab.xray.open.peek(),
      isManualOpen: lab.man.isOpen.peek(),
      lesson: this.#lesson(),
    };
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
