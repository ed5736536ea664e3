/** The long form of saving and restoring under load; the seed is told, so that a failure can be run again. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { runSaveCycles } from "../support/save-cycles.ts";

const CYCLES = 200;

test("a machine under load is saved and restored", { timeout: 60 * 60_000 }, async () => {
  const seed = Number(process.env["VIVARIUM_SEED"] ?? Date.now() % 2 ** 31);
  const begin = performance.now();
  try {
    const { machine, ways } = await runSaveCycles({
      machine: await startMachine(),
      restored: (saved) => startMachine({ saved }),
      seed,
      cycles: CYCLES,
    });
    machine.dispose();
    const seconds = Math.round((performance.now() - begin) / 1000);
    console.log(`save-cycles: ${CYCLES} cycles from seed ${seed} in ${seconds} s: ${JSON.stringify(ways)}`);
    expect(Object.values(ways).reduce((sum, count) => sum + count, 0)).toBe(CYCLES);
  } catch (error) {
    throw new Error(`VIVARIUM_SEED=${seed} npm run soak -- save-cycles`, { cause: error });
  }
});
