import { lastLines, type Lesson, plainText, type ProofBench } from "../../lessons/index.ts";
import type { Machine, Terminal } from "../../machine/index.ts";
import { LessonGuest } from "../../state/index.ts";
import { startLab } from "../start-lab.ts";
import { startMachine } from "../start-machine.ts";

/** Wide enough that no command of a lesson has to be wrapped. */
const SIZE = { cols: 132, rows: 40 };
const MOST_KEPT = 16 * 1024;

interface Machines {
  readonly byName: ReadonlyMap<string, Machine>;
  dispose(): void;
}

/** The machines of a lesson, fresh from their snapshot; one alone needs no network. */
async function startMachines(lesson: Lesson, signal: AbortSignal): Promise<Machines> {
  const { machines, profile } = lesson;
  const [first] = machines;
  const memory = first?.memory === undefined ? {} : { memory: first.memory };
  if (machines.length < 2) {
    const machine = await startMachine({ profile, signal, ...memory });
    return {
      byName: new Map(first === undefined ? [] : [[first.name, machine]]),
      dispose: () => machine.dispose(),
    };
  }
  const lab = await startLab({ profile, machines, signal, ...memory });
  await Promise.all(lab.machines.map(({ reachable }) => reachable));
  return {
    byName: new Map(lab.machines.map(({ name, machine }) => [name, machine])),
    dispose: () => lab.dispose(),
  };
}

/** A terminal as somebody who sees it has it: what it printed last is kept for a report. */
class Screen {
  readonly terminal: Terminal;
  readonly #decoder = new TextDecoder();
  #text = "";
  #isOpen = true;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    terminal.onOutput(({ bytes, replay }) => {
      const text = this.#decoder.decode(bytes, { stream: true });
      this.#text = replay ? text : (this.#text + text).slice(-MOST_KEPT);
      terminal.shown(bytes.length);
    });
    const end = (): void => {
      this.#isOpen = false;
    };
    terminal.exited.then(end, end);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get text(): string {
    return plainText(this.#text);
  }
}

/** Machines of a lesson with its terminals open, in this process. @throws CodedError as `startMachine` and `startLab` */
export async function openBench(lesson: Lesson, signal: AbortSignal): Promise<ProofBench> {
  const machines = await startMachines(lesson, signal);
  try {
    const screens = new Map<string, Screen>();
    for (const { name, machine, user } of lesson.terminals) {
      const terminal = await machines.byName.get(machine)?.openTerminal({ user, ...SIZE, signal });
      if (terminal !== undefined) screens.set(name, new Screen(terminal));
    }
    const guest = new LessonGuest({
      machines: machines.byName,
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
