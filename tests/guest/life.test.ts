import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import type { Machine, MachineNotice } from "../../src/machine/index.ts";
import { text } from "../support/guest.ts";
import { poll } from "../support/poll.ts";

async function withMachine(
  body: (machine: Machine, events: MachineNotice[]) => Promise<void>,
  options: Parameters<typeof startMachine>[0] = {},
): Promise<void> {
  const events: MachineNotice[] = [];
  const machine = await startMachine({ ...options, onEvent: (event) => events.push(event) });
  try {
    await body(machine, events);
  } finally {
    machine.dispose();
  }
}

const run = async (machine: Machine, script: string): Promise<string> =>
  text((await machine.exec({ argv: ["sh", "-c", script], timeoutMs: 20_000 })).stdout);

test("boots cold from firmware, through the stages, with the memory asked for", async () => {
  await withMachine(
    async (machine, events) => {
      const stages = events.flatMap((event) => (event.kind === "stage" ? [event.stage] : []));
      expect(stages).toEqual(["fetching", "firmware", "kernel", "init", "ready"]);
      const kib = Number(await run(machine, "awk '/MemTotal/{print $2}' /proc/meminfo"));
      expect(kib).toBeGreaterThan(84 * 1024);
      expect(kib).toBeLessThan(96 * 1024);
      expect(await run(machine, "uname -r")).toMatch(/^6\.1\./);
    },
    { from: "firmware", memory: 96 },
  );
});

test("a restored machine has the right time, and its own random numbers and boot id", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    await withMachine(async (machine) => {
      expect(Math.abs(Number(await run(machine, "date +%s")) - Date.now() / 1000)).toBeLessThan(5);
      ids.push(
        await run(machine, "cat /proc/sys/kernel/random/boot_id; head -c 16 /dev/urandom | od -An -tx1"),
      );
    });
  }
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}\n/);
  expect(ids[0]?.split("\n")[0]).not.toBe(ids[1]?.split("\n")[0]);
  expect(ids[0]?.split("\n")[1]).not.toBe(ids[1]?.split("\n")[1]);
});

test("takes the host name it is given", async () => {
  await withMachine(async (machine) => expect(await run(machine, "hostname")).toBe("machine-2\n"), {
    hostName: "machine-2",
  });
});

test("a paused machine does not age", async () => {
  await withMachine(async (machine) => {
    const uptime = async (): Promise<number> =>
      Number((await run(machine, "cat /proc/uptime")).split(" ")[0]);
    const begun = performance.now();
    const before = await uptime();
    await machine.pause();
    const paused = performance.now();
    await poll(() => performance.now() - paused > 2500, { what: "time to pass outside" });
    const pausedFor = performance.now() - paused;
    await machine.resume();
    const aged = (await uptime()) - before;
    // Asking takes its time too, on a busy computer seconds.
    expect(aged).toBeLessThan((performance.now() - begun - pausedFor) / 1000 + 1);
    expect(Math.abs(Number(await run(machine, "date +%s")) - Date.now() / 1000)).toBeLessThan(5);
  });
});

test("goes back to a checkpoint, again and again, with its terminals", async () => {
  await withMachine(async (machine) => {
    const terminal = await machine.openTerminal({ user: "root", cols: 80, rows: 24 });
    let screen = "";
    let replays = 0;
    terminal.onOutput(({ bytes, replay }) => {
      if (replay) replays++;
      screen = (replay ? "" : screen) + text(bytes);
      terminal.shown(bytes.length);
    });
    terminal.write("cd /tmp; x=kept; echo before $x\n");
    await poll(() => screen.includes("before kept"));
    await run(machine, "echo one >/tmp/file");
    const checkpoint = await machine.checkpoint();
    for (let round = 1; round <= 3; round++) {
      await run(machine, "rm -rf /tmp/file /usr/bin/[a-m]*; echo gone");
      terminal.write("x=lost; clear; echo after $x\n");
      await poll(() => screen.includes("after lost"));
      await machine.rewind(checkpoint);
      await poll(() => replays === round, { what: "the replay" });
      expect(screen).toContain("before kept");
      expect(screen).not.toContain("after lost");
      expect(await run(machine, "cat /tmp/file")).toBe("one\n");
      terminal.write("echo round $x$((round+=1)) $PWD\n");
      await poll(() => screen.includes("round kept1 /tmp"), {
        what: "the shell's own memory to be as it was",
      });
    }
    machine.forget(checkpoint);
    await expect(machine.rewind(checkpoint)).rejects.toMatchObject({ code: "bad-argument" });
  });
});

test("a terminal opened after the checkpoint is gone after going back; the floating point unit is not confused", async () => {
  await withMachine(async (machine) => {
    // A loop of floating point under an unusual rounding mode goes on across checkpoints unharmed.
    const sum = "awk 'BEGIN{for(i=1;i<=300000;i++)s+=1/i; printf \"%.12f\\n\", s}'";
    const right = await run(machine, sum);
    const checkpoint = await machine.checkpoint();
    const late = await machine.openTerminal({ user: "root", cols: 80, rows: 24, argv: ["cat"] });
    await machine.rewind(checkpoint);
    await expect(late.exited).rejects.toMatchObject({ code: "terminal-gone" });
    expect(await run(machine, sum)).toBe(right);
  });
});

/** An i386 program (elf(5)) that adds a number to itself 1,000,001 times, and exits with the sum's lowest byte. */
function summing(addend: number): Uint8Array<ArrayBuffer> {
  const [base, headers] = [0x0804_8000, 84];
  const code = [
    ...[0xb9, 0x41, 0x42, 0x0f, 0x00], // mov ecx, 1000001
    ...[0x31, 0xc0], // xor eax, eax
    ...[0x83, 0xc0, addend], // add eax, addend
    ...[0x49, 0x75, 0xfa], // dec ecx; jnz to the add
    ...[0x89, 0xc3, 0x31, 0xc0, 0x40, 0xcd, 0x80], // _exit(eax)
  ];
  const size = headers + code.length;
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  [2, 3].forEach((half, i) => view.setUint16(16 + 2 * i, half, true));
  [1, base + headers, 52].forEach((word, i) => view.setUint32(20 + 4 * i, word, true));
  [52, 32, 1].forEach((half, i) => view.setUint16(40 + 2 * i, half, true));
  [1, 0, base, base, size, size, 5, 4096].forEach((word, i) => view.setUint32(52 + 4 * i, word, true));
  file.set(code, headers);
  return file;
}

test("a program whose code was written over is the old one after going back, and the other way round", async () => {
  await withMachine(async (machine) => {
    // In place: the same page of memory holds the one and then the other, both hot enough to be compiled.
    const write = async (addend: number): Promise<void> => {
      await machine.writeFile("/dev/shm/next", summing(addend));
      await run(machine, "cat /dev/shm/next 1<> /dev/shm/sum");
    };
    const sums = async (): Promise<string> =>
      run(machine, "for i in 1 2 3 4 5; do /dev/shm/sum; echo -n $?,; done");
    await run(machine, "touch /dev/shm/sum; chmod +x /dev/shm/sum");
    await write(1);
    expect(await sums()).toBe("65,65,65,65,65,");
    const first = await machine.checkpoint();
    await write(3);
    expect(await sums()).toBe("195,195,195,195,195,");
    const second = await machine.checkpoint();
    await machine.rewind(first);
    expect(await sums()).toBe("65,65,65,65,65,");
    await machine.rewind(second);
    expect(await sums()).toBe("195,195,195,195,195,");
  });
});

test("a panic stops the CPU at once, tells its words, and a checkpoint brings the machine back", async () => {
  await withMachine(async (machine, events) => {
    const checkpoint = await machine.checkpoint();
    const dying = machine.exec({ argv: ["sh", "-c", "echo c >/proc/sysrq-trigger; sleep 60"] });
    await expect(dying).rejects.toMatchObject({ code: "guest-panicked" });
    const panic = events.find((event) => event.kind === "phase" && event.phase === "panicked");
    expect(panic).toMatchObject({ panic: expect.stringContaining("sysrq triggered crash") });
    const { instructions } = await machine.stats();
    expect((await machine.stats()).instructions).toBe(instructions);
    await expect(machine.exec({ argv: ["true"] })).rejects.toMatchObject({ code: "guest-panicked" });
    await machine.rewind(checkpoint);
    expect(await run(machine, "echo back")).toBe("back\n");
  });
});

test("text that only looks like a panic is not one", async () => {
  await withMachine(async (machine, events) => {
    await run(
      machine,
      "printf '\\nKernel panic - not syncing: no\\n---[ end Kernel panic ]---\\n' >/dev/ttyS0",
    );
    await poll(() => events.some((event) => event.kind === "console"));
    expect(await run(machine, "echo well")).toBe("well\n");
    expect(machine.phase).toBe("running");
  });
});

test("a guest that switches itself off is off, and one that restarts is not lost silently", async () => {
  for (const command of ["poweroff -f", "reboot -f"]) {
    await withMachine(async (machine) => {
      await expect(machine.exec({ argv: ["sh", "-c", command] })).rejects.toMatchObject({
        code: "machine-gone",
      });
      expect(machine.phase).toBe("off");
    });
  }
});

test("the rescue console answers while the agent is stopped", async () => {
  await withMachine(async (machine, events) => {
    const heard = (): string =>
      events.map((event) => (event.kind === "console" ? text(event.bytes) : "")).join("");
    machine.exec({ argv: ["sh", "-c", "kill -STOP $(pgrep -x vivarium-agent)"] }).catch(() => undefined);
    machine.writeConsole("\n");
    await poll(() => heard().includes("# "), { what: "the rescue shell" });
    machine.writeConsole("echo rescue $((20+3)); kill -CONT $(pgrep -x vivarium-agent)\n");
    await poll(() => heard().includes("rescue 23"));
    expect(await run(machine, "echo again")).toBe("again\n");
  });
});

test("observes processes with their number in every PID namespace", async () => {
  await withMachine(async (machine) => {
    const terminal = await machine.openTerminal({
      user: "root",
      cols: 80,
      rows: 24,
      argv: ["unshare", "--pid", "--fork", "--mount-proc", "sleep", "1234"],
    });
    const observation = await poll(async () => {
      const seen = await machine.observe();
      return seen.processes.some((process) => process.comm === "sleep") ? seen : undefined;
    });
    const init = observation.processes.find((process) => process.pid === 1);
    const sleep = observation.processes.find((process) => process.comm === "sleep");
    expect(init).toMatchObject({ comm: "init", pids: [1], uid: 0, kernelThread: false });
    expect(sleep?.pids).toEqual([sleep?.pid, 1]);
    expect(sleep?.namespaces.pid).not.toBe(init?.namespaces.pid);
    expect(sleep?.namespaces.uts).toBe(init?.namespaces.uts);
    expect(sleep?.procMount).toBe(sleep?.namespaces.pid);
    expect(init?.procMount).toBe(init?.namespaces.pid);
    expect(observation.processes.filter((process) => process.kernelThread).length).toBeGreaterThan(10);
    terminal.dispose();
  });
});

test("disposing settles everything that waits and ends the thread", async () => {
  const machine = await startMachine();
  const terminal = await machine.openTerminal({ user: "root", cols: 80, rows: 24 });
  const running = machine.exec({ argv: ["sleep", "600"] });
  machine.dispose();
  await expect(running).rejects.toMatchObject({ code: "machine-disposed" });
  await expect(terminal.exited).rejects.toMatchObject({ code: "terminal-gone" });
  await expect(machine.exec({ argv: ["true"] })).rejects.toMatchObject({ code: "machine-disposed" });
});

test("a start that is aborted ends its thread and says so", async () => {
  const stop = new AbortController();
  const starting = startMachine({
    from: "firmware",
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === "stage" && event.stage === "kernel") stop.abort();
    },
  });
  await expect(starting).rejects.toMatchObject({ code: "aborted" });
});
