import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { quantile, report, spread } from "../support/figures.ts";
import { bootInTcg, hasTcg, unpackRoot } from "./tcg.ts";

const RUNS = 5;
const MEMORY_MIB = 128;

test("cold-boot", async () => {
  const ours: number[] = [];
  const instructions: number[] = [];
  const tcg: number[] = [];
  const folder = mkdtempSync(join(tmpdir(), "vivarium-tcg-"));
  const peer = hasTcg() ? await unpackRoot(folder) : undefined;
  try {
    for (let i = 0; i < RUNS; i++) {
      // Turn by turn, so that a machine that slows down slows both.
      let poweredOn = 0;
      const machine = await startMachine({
        from: "firmware",
        memory: MEMORY_MIB,
        onEvent: (event) => {
          if (event.kind === "stage" && event.stage === "firmware") poweredOn = performance.now();
          if (event.kind === "stage" && event.stage === "ready") ours.push(performance.now() - poweredOn);
        },
      });
      instructions.push((await machine.stats()).instructions);
      machine.dispose();
      if (peer !== undefined) tcg.push(await bootInTcg(folder, peer.kernel, MEMORY_MIB));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const milliseconds = quantile(ours, 0.5);
  const peerValue = tcg.length === 0 ? undefined : quantile(tcg, 0.5);
  report({
    name: "cold-boot",
    value: milliseconds,
    unit: "ms",
    better: "lower",
    n: RUNS,
    spread: spread(ours),
    goal: "≤ 2.5 × TCG",
    ...(peerValue === undefined ? {} : { peer: "TCG", peerValue, ratio: milliseconds / peerValue }),
    context: "Node, power-on to the agent's greeting, 128 MiB",
  });
  report({
    name: "cold-boot/instructions",
    value: quantile(instructions, 0.5),
    unit: "instructions",
    better: "lower",
    n: RUNS,
    spread: spread(instructions),
    goal: "≤ 60 M",
    context: "guest instructions, power-on to the agent's greeting",
  });
});
