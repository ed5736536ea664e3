import { setTimeout } from "node:timers/promises";
import { test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { Introspector } from "../../src/introspect/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { PAGE, pagesOf } from "../../workers/machine/memory-image.ts";
import { decodeSnapshot } from "../../workers/machine/snapshot.ts";
import { readLayout } from "../guest/xray/fixture-memory.ts";
import { look } from "../guest/xray/hostile-memory.ts";
import { quantile, report, spread } from "../support/figures.ts";
import { sh } from "../support/guest.ts";
import { poll } from "../support/poll.ts";

const COUNTS = [30, 300, 1000];
/** Milliseconds for one look at everything that is quick to read. */
const GOALS: Readonly<Record<number, string>> = { 30: "≤ 0.5 ms", 300: "≤ 3 ms", 1000: "≤ 10 ms" };
const LOOKS = 1000;
const ROUNDS = 6;
const ROUND_MS = 2000;

async function count(machine: Machine): Promise<number> {
  return (await machine.observe()).processes.length;
}

/** Adds sleeping processes until there are `wanted` in all. */
async function fill(machine: Machine, wanted: number): Promise<void> {
  const missing = wanted - (await count(machine));
  if (missing <= 0) return;
  // In a session of their own, or they would end with the command.
  const sleepers = `for i in $(seq ${missing}); do sleep 100000 & done; wait`;
  await sh(machine, `setsid -f sh -c '${sleepers}' >/dev/null 2>&1 </dev/null`);
  await poll(async () => (await count(machine)) >= wanted, { what: `${wanted} processes`, timeout: 60_000 });
}

async function ramOf(machine: Machine): Promise<Uint8Array> {
  const { memory } = decodeSnapshot(new Uint8Array(await machine.snapshot()));
  const ram = new Uint8Array(memory.total * PAGE);
  for (const [number, bytes] of pagesOf(memory)) ram.set(bytes, number * PAGE);
  return ram;
}

/** Instructions a second of a guest that computes. */
async function speed(machine: Machine): Promise<number> {
  const before = await machine.stats();
  const since = performance.now();
  await setTimeout(ROUND_MS);
  const after = await machine.stats();
  return ((after.instructions - before.instructions) * 1000) / (performance.now() - since);
}

test("xray", async () => {
  // A thousand processes need more memory than a lesson.
  const machine = await startMachine({ from: "firmware", memory: 512 });
  const layout = await readLayout();
  for (const processes of COUNTS) {
    await fill(machine, processes);
    const there = await count(machine);
    const ram = await ramOf(machine);
    const introspector = new Introspector(layout);
    const times: Record<"quick" | "slow", number[]> = { quick: [], slow: [] };
    for (let i = 0; i < LOOKS; i++) {
      const kind = i % 10 === 0 ? "slow" : "quick";
      const since = performance.now();
      look(introspector, ram, kind === "slow");
      if (i >= LOOKS / 4) times[kind].push(performance.now() - since);
    }
    const common = { unit: "ms", better: "lower", context: `${there} processes, Node` } as const;
    const name = processes === 30 ? "xray" : `xray/${processes}`;
    report({
      ...common,
      name,
      value: quantile(times.quick, 0.5),
      n: times.quick.length,
      spread: spread(times.quick),
      goal: GOALS[processes] ?? "",
    });
    report({
      ...common,
      name: processes === 30 ? "xray/slow" : `xray/${processes}/slow`,
      value: quantile(times.slow, 0.5),
      n: times.slow.length,
      spread: spread(times.slow),
      goal: "twice a second at most",
    });

    const loop = new AbortController();
    machine.exec({ argv: ["sh", "-c", "while :; do :; done"], signal: loop.signal }).catch(() => undefined);
    await speed(machine);
    const ratios: number[] = [];
    let looks = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const without = await speed(machine);
      const watch = machine.watch(() => looks++, { hz: 30 });
      const open = await speed(machine);
      watch.dispose();
      ratios.push(open / without);
    }
    loop.abort();
    report({
      name: processes === 30 ? "xray-cost" : `xray-cost/${processes}`,
      value: quantile(ratios, 0.5),
      unit: "ratio",
      better: "higher",
      n: ratios.length,
      spread: spread(ratios),
      goal: "≥ 0.98",
      context: `guest instructions a second with the X-ray open ÷ without, ${there} processes, ${((looks * 1000) / (ROUNDS * ROUND_MS)).toFixed(1)} looks a second`,
    });
  }
  machine.dispose();
});
