/** Machines and containers as towers of layers, from what was seen of them. Pure. */
import {
  type Box,
  boxTitle,
  containerStarts,
  costKey,
  type MachineBox,
  type Observation,
  ownMemory,
  walkBoxes,
  walkProcesses,
} from "../../isolation/index.ts";
import type { XrayMachine } from "./frame.ts";
import type { XrayModel } from "./model.ts";
import type { Say } from "./words.ts";

/** What one more costs. What nobody has measured is not there. */
export interface BoxCost {
  readonly startMs?: number;
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly processes: number;
  readonly kernels: number;
}

export interface Tower {
  /** Of a machine its name, of a container `costKey(machine, box)`. */
  readonly key: string;
  readonly name: string;
  /** The kinds of namespaces that it has of its own. */
  readonly own: readonly string[];
  /** Names of what runs in it, the first few. */
  readonly programs: readonly string[];
  /** Someone who lives in it, as the machine numbers processes; undefined of a machine. */
  readonly pid: number | undefined;
  readonly machine: string;
  readonly kernel: string;
  readonly hasPanicked: boolean;
  readonly cost: BoxCost;
}

export interface Towers {
  readonly machines: readonly Tower[];
  /** Of all machines; those of one machine stand on one floor. */
  readonly containers: readonly Tower[];
  /** On how many kernels the containers stand. */
  readonly floors: readonly Tower[];
}

function containersIn(machine: MachineBox): Box[] {
  return [...walkBoxes(machine)].filter(({ role }) => role === "container");
}

/** What the page itself has in a guest, as it is called there. */
const OURS = /^vivarium-/;

/** Without what is the page's: its agent, and what that runs by the way, which comes and goes by the second. */
function programsOf(box: Box): string[] {
  const ours = new Set<number>();
  const programs = new Set<string>();
  // Parents come before their children.
  for (const { pid, ppid, comm, details } of walkProcesses(box.processes)) {
    const isRunByTheWay = ours.has(ppid) && details !== undefined && details.terminal === undefined;
    if (OURS.test(comm) || isRunByTheWay) ours.add(pid);
    else programs.add(comm);
  }
  return [...programs];
}

function count(box: Box): number {
  let found = 0;
  for (const inner of walkBoxes(box)) for (const _ of walkProcesses(inner.processes)) found++;
  return found;
}

function kernelWords({ kernel }: Observation, say: Say): string {
  if (kernel === undefined) return say("xray.beside.kernel");
  const name = say("xray.beside.kernel-version", { version: kernel.version });
  return kernel.bootId === undefined
    ? name
    : `${name}, ${say("xray.floor.boot", { id: kernel.bootId.slice(0, 4) })}`;
}

export function towersOf(
  machines: readonly XrayMachine[],
  costs: Readonly<Record<string, Partial<BoxCost>>>,
  model: XrayModel,
  say: Say,
): Towers {
  const towers = machines.map(({ name, observation }): Tower & { containers: Tower[] } => {
    const machine = model.boxesOf(name, observation);
    const { kernel } = observation;
    const common = {
      machine: name,
      kernel: kernelWords(observation, say),
      hasPanicked: kernel?.panic !== undefined,
    };
    const uts = machine.own.find(({ kind }) => kind === "uts")?.namespace;
    const machineName = uts?.kind === "uts" ? uts.hostName : name;
    const starts = containerStarts(name, machine);
    const containers = containersIn(machine).map((box): Tower => {
      const key = costKey(name, box.key);
      const [first] = box.processes;
      const memory = first && ownMemory(first.process, observation);
      const start = starts.get(key);
      return {
        ...common,
        key,
        pid: box.processes[0]?.process.pid,
        name: boxTitle(box, { say, numbers: model.numbersOf(name), machineName }),
        own: box.own.map(({ kind }) => kind),
        programs: programsOf(box),
        cost: {
          ...(memory === undefined ? {} : { memoryBytes: memory }),
          ...(start === undefined ? {} : { startMs: start }),
          ...costs[key],
          processes: count(box),
          kernels: 0,
        },
      };
    });
    const used = kernel === undefined ? observation.machine?.ram : kernel.memory.total - kernel.memory.free;
    return {
      ...common,
      key: name,
      pid: undefined,
      name,
      own: [],
      programs: programsOf(machine).slice(1),
      cost: {
        ...(used === undefined ? {} : { memoryBytes: used }),
        ...costs[name],
        processes: count(machine),
        kernels: 1,
      },
      containers,
    };
  });
  return {
    machines: towers,
    containers: towers.flatMap(({ containers }) => containers),
    floors: towers.filter(({ containers }) => containers.length > 0),
  };
}
