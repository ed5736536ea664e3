import release from "virtual:vivarium/release";
import {
  createLab,
  createMachine,
  type Lab,
  profileOf,
  startsFrom,
  type WorkerHandle,
} from "../machine/index.ts";
import type { LessonMachine } from "../lessons/index.ts";
import { BORROWER } from "../protocol/machine.ts";
import type { StartMachine } from "../state/index.ts";
import { isColdBoot } from "./route.ts";
import { startWorker } from "./start-worker.ts";

/** Where the machines of a page come from. */
export interface MachineSource {
  readonly startMachine: StartMachine;
  readonly reachable: (machine: string) => Promise<void>;
}

/** The version of the guest's kernel; empty when the release cannot be read, which the start then tells. */
export function kernelVersion(profile: string): string {
  try {
    return profileOf(release, profile).manifest.kernelInfo.version;
  } catch {
    return "";
  }
}

/** A machine that a learner switches on boots cold too. */
function bootsFrom(spec: LessonMachine): "firmware" | "snapshot" {
  return isColdBoot(location.search) || spec.power === "off" ? "firmware" : "snapshot";
}

const store = (): string => new URL("store/", document.baseURI).href;

/** A machine without a network. */
function oneMachine(profileName: string, nextWorker: () => WorkerHandle): MachineSource {
  return {
    startMachine: async (spec, { onEvent, signal }) => {
      const profile = profileOf(release, profileName);
      const { memory = profile.manifest.memory.default } = spec;
      return createMachine(
        {
          profile,
          store: store(),
          from: startsFrom(profile.snapshot.memory, { from: bootsFrom(spec), memory }),
          memory,
          onEvent,
          signal,
        },
        nextWorker,
      );
    },
    reachable: async () => undefined,
  };
}

/** Machines that reach each other. */
function severalMachines(profileName: string, nextWorker: () => WorkerHandle): MachineSource {
  let lab: Promise<Lab> | undefined;
  return {
    startMachine: async (spec, { onEvent, signal }) => {
      lab ??= createLab({
        machines: [],
        profile: profileOf(release, profileName),
        store: store(),
        startWorker: (borrows) => (borrows ? startWorker(BORROWER) : nextWorker()),
      });
      const { name, segment, memory } = spec;
      const there = await lab;
      if (there.machines.some((one) => one.name === name)) there.remove(name);
      const listening = there.onEvent((event) => {
        if (event.kind === "machine" && event.name === name) onEvent(event.notice);
      });
      signal.addEventListener("abort", () => listening.dispose(), { once: true });
      const from = bootsFrom(spec);
      const { machine } = await there.add({ name, segment, from, ...(memory && { memory }) }, signal);
      return machine;
    },
    reachable: async (name) => (await lab)?.machine(name).reachable,
  };
}

/**
 * Machines for a page of this profile. The first one uses the worker that is already on its way.
 * @param first Throws where no worker can be started, which the machine's start then tells.
 */
export function machineSource(
  { profile, count }: { readonly profile: string; readonly count: number },
  first: () => WorkerHandle,
): MachineSource {
  let waiting: (() => WorkerHandle) | undefined = first;
  const nextWorker = (): WorkerHandle => {
    const start = waiting ?? startWorker;
    waiting = undefined;
    return start();
  };
  return count > 1 ? severalMachines(profile, nextWorker) : oneMachine(profile, nextWorker);
}
