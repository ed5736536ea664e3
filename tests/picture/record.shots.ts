/**
 * Records real machines in the situations that the picture is looked at with, for `?situation=real-…` of the harness:
 * `RECORD="real-bomb" npx vitest run --project=shots record`, or all with `RECORD=all`. Takes minutes, most of them Podman's.
 * What is recorded stays on the computer that did it.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startLab, startMachine } from "../../src/cli/index.ts";
import type { Observation } from "../../src/isolation/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { sh } from "../support/guest.ts";
import { poll } from "../support/poll.ts";

const FOLDER = new URL("situations/", import.meta.url);
const PATIENCE = { timeoutMs: 300_000 };

type Recording = Readonly<Record<string, readonly Observation[]>>;

async function twice(machine: Machine, between = "sleep 0.3"): Promise<Observation[]> {
  const first = await machine.observe();
  await sh(machine, between);
  return [first, await machine.observe()];
}

async function one(
  work: (machine: Machine) => Promise<readonly Observation[]>,
  options: Parameters<typeof startMachine>[0] = {},
): Promise<Recording> {
  const machine = await startMachine(options);
  try {
    return { machine: await work(machine) };
  } finally {
    machine.dispose();
  }
}

const SITUATIONS: Readonly<Record<string, () => Promise<Recording>>> = {
  "real-idle": () => one((machine) => twice(machine)),
  "real-nested": () =>
    one(async (machine) => {
      const inner = "unshare --pid --fork --mount-proc --uts sh -c 'hostname inner; exec sleep 1001'";
      await sh(
        machine,
        `(exec unshare --user --map-root-user --pid --fork --mount-proc --uts --net --ipc sh -c "hostname outer; ${inner} & exec sleep 1000") >/dev/null 2>&1 &
         until pgrep -fx 'sleep 1001' >/dev/null; do sleep 0.1; done`,
      );
      return twice(machine);
    }),
  "real-memory": () =>
    one(async (machine) => {
      await sh(
        machine,
        `mkdir /sys/fs/cgroup/demo; cd /sys/fs/cgroup/demo; echo 16M >memory.max; echo 8M >memory.high; echo 0 >memory.swap.max
         echo 20 >pids.max; echo "20000 100000" >cpu.max
         (echo $BASHPID >cgroup.procs; exec sh -c 'while :; do :; done') >/dev/null 2>&1 &
         (echo $BASHPID >cgroup.procs; exec head -c 6M /dev/zero >/dev/shm/kept) >/dev/null 2>&1 &
         sleep 1; (echo $BASHPID >cgroup.procs; exec timeout 8 tail /dev/zero) >/dev/null 2>&1 & sleep 2`,
        PATIENCE,
      );
      return twice(machine, "sleep 2");
    }),
  "real-bomb": () =>
    one(async (machine) => {
      const bomb =
        "mkdir /sys/fs/cgroup/bomb; echo 300 >/sys/fs/cgroup/bomb/pids.max; echo $BASHPID >/sys/fs/cgroup/bomb/cgroup.procs; b() { b | b & }; b";
      machine.exec({ argv: ["bash", "-c", bomb], timeoutMs: 120_000 }).catch(() => undefined);
      const full = async (): Promise<Observation | undefined> => {
        const seen = await machine.observe();
        return seen.processes.length > 280 ? seen : undefined;
      };
      return [await poll(full, { timeout: 60_000 }), await poll(full, { timeout: 60_000 })];
    }),
  "real-containers": () =>
    one(
      async (machine) => {
        const start = (i: number, more: string): string =>
          `podman run --detach --name c${i} --hostname c${i} ${more} shell:1 sleep ${1000 + i} >/dev/null`;
        const pods = [3, 4, 5].map((i) => start(i, "--network container:c2"));
        const rest = [6, 7, 8, 9, 10].map((i) =>
          start(i, i % 2 === 0 ? "--network none" : "--pids-limit 30"),
        );
        await sh(
          machine,
          [start(1, "--memory 24m --cpus 0.2"), start(2, "--memory 48m"), ...pods, ...rest].join("\n"),
          PATIENCE,
        );
        return twice(machine);
      },
      { profile: "containers" },
    ),
  "real-pod": () =>
    one(
      async (machine) => {
        // --share-parent=false: see docs/decisions.md, "A pod has no cgroup of its own".
        await sh(
          machine,
          `podman pod create --name shop --share-parent=false >/dev/null
           podman run --detach --pod shop --name web web:1 >/dev/null
           podman run --detach --pod shop --name helper shell:1 sleep 1000 >/dev/null`,
          PATIENCE,
        );
        return twice(machine);
      },
      { profile: "containers" },
    ),
  "real-machines": async () => {
    const lab = await startLab({ machines: [{}, {}, {}] });
    try {
      await Promise.all(lab.machines.map(({ reachable }) => reachable));
      const [first] = lab.machines;
      if (first !== undefined) await sh(first.machine, "ping -c 2 machine-2");
      return Object.fromEntries(
        await Promise.all(
          lab.machines.map(async ({ name, machine }) => [name, await twice(machine)] as const),
        ),
      );
    } finally {
      lab.dispose();
    }
  },
};

const asked = process.env["RECORD"] ?? "";
const names = asked === "all" ? Object.keys(SITUATIONS) : asked.split(" ").filter(Boolean);

test.runIf(names.length > 0)("record", { timeout: 900_000 }, async () => {
  await mkdir(FOLDER, { recursive: true });
  for (const name of names) {
    const recording = await SITUATIONS[name]?.();
    expect(Object.keys(recording ?? {}), `the situation ${name}`).not.toEqual([]);
    await writeFile(new URL(`${name}.json`, FOLDER), JSON.stringify(recording));
  }
});
