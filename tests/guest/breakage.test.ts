import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { IN_TEST_GROUP } from "../support/cgroup-shell.ts";
import { sh } from "../support/guest.ts";
import { poll } from "../support/poll.ts";

/** Each test breaks a machine of its own. What a panic does is in life.test.ts. */
async function withMachine(body: (machine: Machine) => Promise<void>): Promise<void> {
  const machine = await startMachine();
  try {
    await body(machine);
  } finally {
    machine.dispose();
  }
}

/** The middle one of nine tries, in milliseconds: a slow one may be the fault of the machine that runs the tests. */
async function typical(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[4] ?? Infinity;
}

async function expectAnswers(machine: Machine): Promise<void> {
  expect(await typical(() => sh(machine, "true"))).toBeLessThan(1000);
  expect(await typical(() => machine.observe())).toBeLessThan(1000);
}

test("the kernel's log names the victim of an OOM kill, its group and why", async () => {
  await withMachine(async (machine) => {
    const log = await sh(
      machine,
      `${IN_TEST_GROUP}
        kills() { dmesg | sed -n "/oom-kill:\\|Killed process/s/^\\[[^]]*\\] //p"; }
        kills | wc -l
        mkdir a
        echo 4M >a/memory.max
        (enter a tail /dev/zero) & victim=$!
        ended $victim
        kills | sed "s/\\b$victim\\b/VICTIM/; s/ total-vm.*//"
      `,
    );
    expect(log.trimEnd().split("\n")).toEqual([
      "0",
      "signal 9",
      "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/test/a,task_memcg=/test/a,task=tail,pid=VICTIM,uid=0",
      "Memory cgroup out of memory: Killed process VICTIM (tail)",
    ]);
  });
});

test("when all memory is gone the hungry one dies; the agent and init live, and the memory is back", async () => {
  await withMachine(async (machine) => {
    const survivors = `pgrep -x vivarium-agent; cat /proc/1/comm
      sed -n 's/MemAvailable: *\\([0-9]*\\).*/\\1/p' /proc/meminfo`;
    const [agent, init, before] = (await sh(machine, survivors)).split("\n");
    const { status } = await machine.exec({ argv: ["tail", "/dev/zero"], timeoutMs: 60_000 });
    expect(status).toEqual({ how: "signalled", signal: 9 });
    const [sameAgent, sameInit, after] = (await sh(machine, survivors)).split("\n");
    expect([sameAgent, sameInit]).toEqual([agent, init]);
    expect(init).toBe("init");
    expect(Number(after)).toBeGreaterThan(Number(before) - 10 * 1024);
    expect(Number(after)).toBeLessThan(Number(before) + 10 * 1024);
    expect(await sh(machine, "dmesg | grep -o 'oom-kill:constraint=[A-Z_]*'")).toBe(
      "oom-kill:constraint=CONSTRAINT_NONE\n",
    );
  });
});

test("under pids.max a fork bomb burns in its own corner: the guest answers, and cgroup.kill ends it", async () => {
  await withMachine(async (machine) => {
    const group = "/sys/fs/cgroup/bomb";
    await sh(
      machine,
      `mkdir ${group}
       echo 64 >${group}/pids.max
       echo $$ >${group}/cgroup.procs
       bomb() { bomb | bomb & }
       bomb >/dev/null 2>&1 </dev/null`,
    );
    const tasks = async (): Promise<number> => Number(await sh(machine, `cat ${group}/pids.current`));
    await poll(async () => (await tasks()) >= 60, { what: "the bomb to fill its group", timeout: 60_000 });
    await expectAnswers(machine);
    expect(await tasks()).toBeGreaterThan(0);
    expect(await tasks()).toBeLessThanOrEqual(64);
    const refused = await sh(machine, `sed -n 's/^max //p' ${group}/pids.events`);
    expect(Number(refused)).toBeGreaterThan(0);
    await sh(machine, `echo 1 >${group}/cgroup.kill`);
    await poll(async () => (await tasks()) === 0, { what: "the bomb to be out", timeout: 60_000 });
    await sh(machine, `rmdir ${group}`);
  });
});

test("a guest that is busy with everything it has answers within a second", async () => {
  await withMachine(async (machine) => {
    await sh(machine, "for i in 1 2 3 4; do while :; do :; done >/dev/null 2>&1 </dev/null & done");
    const idle = async (): Promise<number> => {
      const out = await sh(
        machine,
        `read -r _ _ _ _ before _ </proc/stat
         sleep 1
         read -r _ _ _ _ after _ </proc/stat
         echo $((after - before))`,
      );
      return Number(out);
    };
    // In hundredths of a second: no rest at all for the processor.
    expect(await idle()).toBeLessThan(5);
    await expectAnswers(machine);
    expect(await idle()).toBeLessThan(5);
  });
});
