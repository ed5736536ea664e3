import {
  lastLines,
  type Lesson,
  type LessonMachine,
  type LessonTerminal,
  type ProofBench,
} from "../../lessons/index.ts";
import type { LabMachineSpec, Machine } from "../../machine/index.ts";
import { LessonGuest } from "../../state/index.ts";
import { startLab } from "../start-lab.ts";
import { startMachine } from "../start-machine.ts";
import { Screen } from "./screen.ts";

/** Wide enough that no command of a lesson has to be wrapped. */
const SIZE = { cols: 132, rows: 40 };

interface Machines {
  /** Undefined while it is switched off. */
  get(name: string): Machine | undefined;
  switchOn(name: string, signal: AbortSignal | undefined): Promise<void>;
  switchOff(name: string): void;
  dispose(): void;
}

async function oneMachine({ machines, profile }: Lesson, signal: AbortSignal): Promise<Machines> {
  const memory = machines[0]?.memory;
  const machine = await startMachine({ profile, signal, ...(memory && { memory }) });
  return {
    get: () => machine,
    switchOn: async () => undefined,
    switchOff: () => undefined,
    dispose: () => machine.dispose(),
  };
}

async function severalMachines({ machines, profile }: Lesson, signal: AbortSignal): Promise<Machines> {
  const specOf = ({ name, segment, memory, power }: LessonMachine): LabMachineSpec => ({
    name,
    segment,
    ...(memory && { memory }),
    from: power === "off" ? "firmware" : "snapshot",
  });
  const on = machines.filter(({ power }) => power === "on");
  const lab = await startLab({ profile, machines: on.map(specOf), signal });
  await Promise.all(lab.machines.map(({ reachable }) => reachable));
  return {
    get: (name) => lab.machines.find((one) => one.name === name)?.machine,
    async switchOn(name, stop) {
      const spec = machines.find((one) => one.name === name);
      if (spec !== undefined) await (await lab.add(specOf(spec), stop)).reachable;
    },
    switchOff: (name) => lab.remove(name),
    dispose: () => lab.dispose(),
  };
}

/** The machines of a lesson, fresh from their snapshot; one alone needs no network. */
async function startMachines(lesson: Lesson, signal: AbortSignal): Promise<Machines> {
  return lesson.machines.length < 2 ? oneMachine(lesson, signal) : severalMachines(lesson, signal);
}

/** Machines of a lesson with its terminals open at their prompts, in this process. @throws CodedError as `startMachine` and `startLab` */
export async function openBench(lesson: Lesson, signal: AbortSignal): Promise<ProofBench> {
  const machines = await startMachines(lesson, signal);
  try {
    const screens = new Map<string, Screen>();
    const openTerminal = async (
      { name, machine, user }: LessonTerminal,
      stop: AbortSignal,
    ): Promise<void> => {
      const terminal = await machines.get(machine)?.openTerminal({ user, ...SIZE, signal: stop });
      if (terminal === undefined) return;
      const screen = new Screen(terminal);
      screens.set(name, screen);
      // A shell that still begins would take the first command for its input, and print its prompt behind it.
      await screen.prompt(stop);
    };
    const openTerminals = async (of: string): Promise<void> => {
      for (const one of lesson.terminals.filter(({ machine }) => machine === of))
        await openTerminal(one, signal);
    };
    for (const { name } of lesson.machines) await openTerminals(name);
    const guest = new LessonGuest({
      names: lesson.machines.map(({ name }) => name),
      machine: (name) => machines.get(name),
      async switchOn(name, stop) {
        await machines.switchOn(name, stop);
        await openTerminals(name);
      },
      switchOff(name) {
        for (const one of lesson.terminals) if (one.machine === name) screens.delete(one.name);
        machines.switchOff(name);
      },
      looksAnew: true,
      terminal: (name) => {
        const screen = screens.get(name);
        return screen?.isOpen === true ? screen.terminal : undefined;
      },
    });
    return {
      guest,
      get isWhole() {
        return [...screens.values()].every(({ isOpen }) => isOpen);
      },
      async reopen(stop) {
        for (const one of lesson.terminals)
          if (screens.get(one.name)?.isOpen === false) await openTerminal(one, stop);
      },
      screens: () =>
        [...screens].map(([name, { text }]) => `-- terminal ${name}\n${lastLines(text)}`).join("\n"),
      dispose() {
        guest.dispose();
        machines.dispose();
      },
    };
  } catch (error) {
    machines.dispose();
    throw error;
  }
}
