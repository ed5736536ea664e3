import { setFlagsFromString } from "node:v8";
import { test } from "vitest";
import { startLab } from "../../src/cli/index.ts";
import { type Lab, labMemory } from "../../src/machine/index.ts";
import { report } from "../support/figures.ts";

const MIB = 1024 * 1024;

/** Bytes of all machines of a lab, in their WebAssembly memory and in JavaScript, once what is not held is cleared away. */
async function weigh(lab: Lab): Promise<number> {
  const stats = await Promise.all(lab.machines.map(({ machine }) => machine.stats()));
  return stats.reduce((sum, { wasmBytes, heapBytes }) => sum + wasmBytes + heapBytes, 0);
}

test("memory", async () => {
  // Threads that start from now on can be told to clear away.
  setFlagsFromString("--expose-gc");
  const lab = await startLab({ machines: [{}] });
  try {
    const weights: number[] = [];
    for (const count of [1, 2, 4]) {
      while (lab.machines.length < count) await lab.add();
      await Promise.all(lab.machines.map(({ reachable }) => reachable));
      weights.push(await weigh(lab));
    }
    const [one = Number.NaN, two = Number.NaN, four = Number.NaN] = weights;
    const ram = lab.memory.machines[0]?.ramBytes ?? Number.NaN;
    const stated = (count: number): string =>
      (labMemory(Array.from({ length: count }, () => ram / MIB)).totalBytes / 1e6).toFixed(0);
    const figure = (name: string, value: number, goal: string | undefined, context: string): void =>
      report({
        name,
        value,
        unit: "bytes",
        better: "lower",
        n: 1,
        spread: [value, value],
        ...(goal === undefined ? {} : { goal }),
        context: `Node, ${ram / MIB} MiB each; ${context}`,
      });
    figure(
      "memory",
      one,
      `≤ ${((ram + 40 * MIB) / 1e6).toFixed(0)} MB (RAM + 40 MiB)`,
      `one machine; stated as ${stated(1)} MB`,
    );
    figure("memory/two", two, undefined, `two machines; stated as ${stated(2)} MB`);
    figure("memory/four", four, undefined, `four machines; stated as ${stated(4)} MB`);
    const further = (four - one) / 3;
    figure(
      "memory/further",
      further,
      `≤ ${((ram + 15 * MIB) / 1e6).toFixed(0)} MB (RAM + 15 MiB)`,
      "each further one",
    );
  } finally {
    lab.dispose();
  }
});
