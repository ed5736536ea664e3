/** The X-ray where everything else has ended: the agent stopped, forks without limit, a kernel that has panicked. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { initProcess, type Observation } from "../../src/isolation/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { sh, shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { fixtureMemory } from "./xray/fixture-memory.ts";
import { damage } from "./xray/hostile-memory.ts";

const SIGSTOP = 19;

async function withMachine(work: (machine: Machine) => Promise<void>): Promise<void> {
  const machine = await startMachine();
  try {
    await work(machine);
  } finally {
    machine.dispose();
  }
}

const called = (observation: Observation, comm: string) =>
  observation.processes.filter((process) => process.comm === comm && !process.kernelThread);

test("with the agent stopped, what happens in the guest is still seen", async () => {
  await withMachine(async (machine) => {
    await sh(
      machine,
      "(sleep 1; exec unshare --uts sh -c 'hostname unseen; exec sleep 300') >/dev/null 2>&1 &",
    );
    const before = await machine.observe();
    const agents = called(before, "vivarium-agent");
    expect(agents).toHaveLength(1);
    const agent = agents[0]?.pid ?? 0;
    // It is its own kill that stops it, and no answer comes.
    machine.kill(agent, SIGSTOP).catch(() => undefined);
    await poll(async () => called(await machine.observe(), "vivarium-agent")[0]?.state === "T", {
      what: "the agent to be stopped",
    });
    const seen = await poll(
      async () => {
        const observation = await machine.observe();
        const inside = called(observation, "sleep").find(
          ({ namespaces: { uts } }) => uts !== undefined && uts !== initProcess(observation)?.namespaces.uts,
        );
        return inside === undefined ? undefined : { observation, inside };
      },
      { what: "the process that was started meanwhile", timeout: 60_000 },
    );
    const uts = seen.observation.namespaces.find(
      ({ kind, inode }) => kind === "uts" && inode === seen.inside.namespaces.uts,
    );
    expect(uts).toMatchObject({ hostName: "unseen", initial: false });
    expect(seen.observation).toMatchObject({ source: "memory", missing: [] });
  });
});

test("under forks without limit the whole table is seen, and whose they are", async () => {
  await withMachine(async (machine) => {
    const bomb =
      "mkdir /sys/fs/cgroup/bomb; echo $BASHPID >/sys/fs/cgroup/bomb/cgroup.procs; b() { b | b & }; b";
    machine.exec({ argv: ["bash", "-c", bomb], timeoutMs: 120_000 }).catch(() => undefined);
    const full = await poll(
      async () => {
        const observation = await machine.observe();
        return observation.processes.length > 400 ? observation : undefined;
      },
      { what: "hundreds of processes", timeout: 60_000, interval: 200 },
    );
    const bombs = full.processes.filter(({ cgroup }) => cgroup === "/bomb");
    const pids = full.cgroups.find(({ path }) => path === "/bomb")?.pids;
    // Threads that are dying are counted a little longer than they are listed.
    expect(pids?.current).toBeGreaterThanOrEqual(bombs.length);
    expect(pids?.current).toBeLessThan(bombs.length + 100);
    expect(new Set(full.processes.map(({ pid }) => pid)).size).toBe(full.processes.length);
    await machine.killCgroup("bomb");
    await poll(async () => (await machine.observe()).processes.length < 60, {
      what: "them to be gone",
      timeout: 60_000,
    });
  });
});

test("after a panic all is there, and the kernel's last words", async () => {
  await withMachine(async (machine) => {
    await sh(machine, "unshare --pid --fork --mount-proc sleep 300 >/dev/null 2>&1 &");
    await poll(async () => called(await machine.observe(), "sleep").some(({ pids }) => pids.length === 2), {
      what: "a process with two numbers",
    });
    const last = new Promise<Observation>((resolve) => {
      machine.watch((look) => {
        if (look.kernel?.panic !== undefined) resolve(look);
      });
    });
    machine.exec({ argv: ["sh", "-c", "echo c >/proc/sysrq-trigger; sleep 60"] }).catch(() => undefined);
    // Whoever watches is told without asking.
    expect((await last).kernel?.panic).toBe("sysrq triggered crash");
    const seen = await machine.observe();
    expect(machine.phase).toBe("panicked");
    expect(seen.kernel?.panic).toBe("sysrq triggered crash");
    expect(called(seen, "sleep")[0]?.pids).toHaveLength(2);
    expect(seen.kernel?.log.join("\n")).toContain("Kernel panic - not syncing: sysrq triggered crash");
  });
});

/** The whole RAM of a guest in which there is much to see. */
const memory = shared(fixtureMemory, () => undefined);

test("damaged memory is read to an end, without an exception", () => {
  const { ram, layout } = memory();
  const seed = Number(process.env["VIVARIUM_SEED"] ?? 20_261_125);
  const report = damage(layout, ram, seed, 3000);
  expect(report.noticed).toBeGreaterThan(1000);
  expect(report.mostWords).toBeLessThan(2_000_000);
});
