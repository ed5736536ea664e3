import { test } from "vitest";
import { startLab } from "../../src/cli/index.ts";
import type { Lab, LabMachine } from "../../src/machine/index.ts";
import { quantile, report, spread } from "../support/figures.ts";

const ROUNDS = 7;

/** Milliseconds from the call to a typed command's answer, and to the machine being reached by its name. */
interface Spawned {
  readonly prompt: number;
  readonly reachable: number;
}

/** Resolves when the terminal of a machine that has just been made has answered a typed command. */
async function answers(machine: LabMachine["machine"]): Promise<number> {
  const terminal = await machine.openTerminal({ user: "root", cols: 80, rows: 24 });
  const decoder = new TextDecoder();
  let shown = "";
  return new Promise((resolve) => {
    let typed = false;
    terminal.onOutput(({ bytes }) => {
      shown += decoder.decode(bytes, { stream: true });
      terminal.shown(bytes.length);
      if (!typed && /[#$] $/.test(shown)) {
        typed = true;
        shown = "";
        // The shell has to add, so that the typed line itself is not mistaken for its echo.
        terminal.write("echo $((40+2))\r");
      }
      if (/\r42\r\n/.test(shown)) resolve(performance.now());
    });
  });
}

async function spawn(lab: Lab): Promise<Spawned> {
  const start = performance.now();
  const added = await lab.add();
  const prompt = (await answers(added.machine)) - start;
  await added.reachable;
  return { prompt, reachable: performance.now() - start };
}

test("spawn", async () => {
  const second: Spawned[] = [];
  const fourth: Spawned[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const lab = await startLab({ machines: [{}] });
    try {
      await lab.machines[0]?.reachable;
      second.push(await spawn(lab));
      await spawn(lab);
      fourth.push(await spawn(lab));
    } finally {
      lab.dispose();
    }
  }
  const figure = (name: string, samples: number[], goal: string | undefined, context: string): void =>
    report({
      name,
      value: quantile(samples, 0.5),
      unit: "ms",
      better: "lower",
      n: samples.length,
      spread: spread(samples),
      ...(goal === undefined ? {} : { goal }),
      context: `Node; ${context}`,
    });
  const prompts = (all: readonly Spawned[]): number[] => all.map(({ prompt }) => prompt);
  figure("spawn", prompts(second), "≤ 150 ms", "a lab's second machine, until a typed command has answered");
  figure("spawn/fourth", prompts(fourth), "≤ 150 ms", "the fourth, the same");
  figure(
    "spawn/reachable",
    [...second, ...fourth].map(({ reachable }) => reachable),
    undefined,
    "until the others reach it by its name",
  );
});
