import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine, MachineNotice } from "../../src/machine/index.ts";
import { sh } from "../support/guest.ts";
import { createAndDispose } from "../support/many-machines.ts";
import { poll } from "../support/poll.ts";
import { withItsThread } from "../support/threads.ts";

interface Seen {
  readonly machine: Machine;
  readonly worker: Worker;
  readonly events: readonly MachineNotice[];
}

async function withMachine(body: (seen: Seen) => Promise<void>): Promise<void> {
  const events: MachineNotice[] = [];
  const { value: machine, worker } = await withItsThread(() =>
    startMachine({ onEvent: (event) => events.push(event) }),
  );
  try {
    await body({ machine, worker, events });
  } finally {
    machine.dispose();
  }
}

test("a worker that dies: everything that waits is rejected, and what is known is told", async () => {
  await withMachine(async ({ machine, worker, events }) => {
    await machine.checkpoint();
    const terminal = await machine.openTerminal({ user: "root", cols: 80, rows: 24 });
    const waiting = [
      machine.exec({ argv: ["sleep", "600"] }),
      machine.readFile("/proc/kmsg"),
      terminal.exited,
    ].map((call) => call.then(String, (error: { code: string }) => error.code));
    expect(machine.fault).toBeUndefined();
    await worker.terminate();
    expect(await Promise.all(waiting)).toEqual(["machine-gone", "machine-gone", "terminal-gone"]);
    expect(machine.phase).toBe("crashed");
    expect(machine.fault).toMatchObject({ error: { code: "machine-gone" }, restorable: undefined });
    expect(events.at(-1)).toMatchObject({ kind: "phase", phase: "crashed", error: { code: "machine-gone" } });
    await expect(machine.recover()).rejects.toMatchObject({ code: "machine-gone" });
  });
});

test("a panic is one call away from the last checkpoint, and memory can be saved as it is", async () => {
  await withMachine(async ({ machine }) => {
    await expect(machine.recover()).rejects.toMatchObject({ code: "bad-argument" });
    await sh(machine, "echo well >/tmp/state");
    const checkpoint = await machine.checkpoint();
    await sh(machine, "echo worse >/tmp/state");
    const dying = machine.exec({ argv: ["sh", "-c", "echo c >/proc/sysrq-trigger; sleep 60"] });
    await expect(dying).rejects.toMatchObject({ code: "guest-panicked" });
    expect(machine.fault).toMatchObject({
      error: { code: "guest-panicked" },
      panic: expect.stringContaining("sysrq triggered crash"),
      lastOutput: expect.stringContaining("end Kernel panic"),
      restorable: checkpoint,
    });
    await machine.recover();
    expect(machine.fault).toBeUndefined();
    expect(await sh(machine, "cat /tmp/state")).toBe("well\n");
  });
});

test("a guest that hangs is told, its callers are let go, and it can be taken back", async () => {
  await withMachine(async ({ machine, events }) => {
    await machine.checkpoint();
    const waiting = machine.exec({ argv: ["sleep", "600"] }).catch((error: { code: string }) => error.code);
    // Above the agent, which is a real-time process itself; and no 5% are left for others.
    const hang = "echo -1 >/proc/sys/kernel/sched_rt_runtime_us; exec chrt -f 99 sh -c 'while :; do :; done'";
    const hanging = machine.exec({ argv: ["sh", "-c", hang] }).catch((error: { code: string }) => error.code);
    expect(await waiting).toBe("guest-silent");
    expect(await hanging).toBe("guest-silent");
    expect(machine.fault).toMatchObject({ error: { code: "guest-silent" }, restorable: { id: 1 } });
    expect(machine.phase).toBe("running");
    await machine.recover();
    expect(machine.fault).toBeUndefined();
    expect(await sh(machine, "echo here")).toBe("here\n");
    const states = events.flatMap((event) => (event.kind === "guest" ? [event.state] : []));
    expect(states).toEqual(["silent", "answers"]);
  });
});

test("an agent that is stopped is missed, and welcome when it goes on", async () => {
  await withMachine(async ({ machine, events }) => {
    machine.exec({ argv: ["sh", "-c", "kill -STOP $(pgrep -x vivarium-agent)"] }).catch(() => undefined);
    await poll(() => machine.fault?.error.code === "guest-silent", { timeout: 60_000 });
    machine.writeConsole("\nkill -CONT $(pgrep -x vivarium-agent)\n");
    await poll(() => machine.fault === undefined, { timeout: 60_000 });
    expect(await sh(machine, "echo again")).toBe("again\n");
    const states = events.flatMap((event) => (event.kind === "guest" ? [event.state] : []));
    expect(states).toEqual(["silent", "answers"]);
  });
});

test("an agent that is killed is back within a second, and its terminals are told", async () => {
  await withMachine(async ({ machine, events }) => {
    const read = async (path: string): Promise<string> =>
      new TextDecoder().decode(await machine.readFile(path));
    const agentPid = async (): Promise<number> => {
      const { processes } = await machine.observe();
      return processes.find(({ comm }) => comm === "vivarium-agent")?.pid ?? 0;
    };
    const terminal = await machine.openTerminal({ user: "learner", cols: 80, rows: 24 });
    const first = await agentPid();
    const killedAt = Number((await read("/proc/uptime")).split(" ")[0]);
    machine.kill(first, 9).catch(() => undefined);
    await expect(terminal.exited).rejects.toMatchObject({
      code: "terminal-gone",
      cause: { code: "agent-gone" },
    });
    await poll(() => events.some((event) => event.kind === "agent" && event.state === "back"));
    const second = await agentPid();
    expect(second).not.toBe(first);
    // The guest's own record of when it was started, in hundredths of a second (proc(5), field 22).
    const stat = await read(`/proc/${second}/stat`);
    const startedAt = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]) / 100;
    expect(startedAt - killedAt).toBeGreaterThanOrEqual(0);
    expect(startedAt - killedAt).toBeLessThan(1);
    expect(await sh(machine, "echo again")).toBe("again\n");
  });
});

test("ten machines, made and disposed one after the other, leave nothing behind", async () => {
  const { threads, listeners, grownBytes } = await createAndDispose(() => startMachine(), 10);
  expect(threads).toBe(0);
  // Fewer when one of an earlier test's has ended meanwhile.
  expect(listeners).toBeLessThanOrEqual(0);
  // A machine has 128 MiB. What the allocator keeps is not ours: a hundred machines leave it as much as ten.
  expect(grownBytes).toBeLessThan(160 * 1024 * 1024);
});
