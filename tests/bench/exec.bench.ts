import { test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { quantile, report, spread } from "../support/figures.ts";

const WARM_RUNS = 500;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

test("exec", async () => {
  const machine = await startMachine();
  const cold: number[] = [];
  const coldEnd = performance.now() + 1000;
  while (performance.now() < coldEnd) cold.push(await timed(() => machine.exec({ argv: ["true"] })));
  const warm: number[] = [];
  for (let i = 0; i < WARM_RUNS; i++) warm.push(await timed(() => machine.exec({ argv: ["true"] })));
  const status: number[] = [];
  for (let i = 0; i < 100; i++) status.push(await timed(() => machine.statFile("/etc/hostname")));
  machine.dispose();

  const common = { unit: "ms", better: "lower", context: "Node, /usr/bin/true through the agent" } as const;
  const figure = (name: string, samples: number[], share: number, goal: string): void =>
    report({
      ...common,
      name,
      value: quantile(samples, share),
      n: samples.length,
      spread: spread(samples),
      goal,
    });
  figure("exec", warm, 0.5, "p50 ≤ 10 ms");
  figure("exec/p95", warm, 0.95, "p95 ≤ 25 ms");
  figure("exec/cold", cold, 0.5, "the first second after a restore");
  figure("exec/status", status, 0.5, "≤ 3 ms for a verb without fork: stat of a file");
});
