/** A guest's memory is damaged 100,000 times where the X-ray looks: no exception, and no look that takes long. */
import { expect, test } from "vitest";
import { fixtureMemory } from "../guest/xray/fixture-memory.ts";
import { damage } from "../guest/xray/hostile-memory.ts";

const ROUNDS = Number(process.env["VIVARIUM_ROUNDS"] ?? 100_000);
const SEED = Number(process.env["VIVARIUM_SEED"] ?? Date.now() % 1_000_000_000);

test("damaged memory is read to an end", { timeout: 60 * 60_000 }, async () => {
  const { ram, layout } = await fixtureMemory();
  const { longest, mostWords, noticed } = damage(layout, ram, SEED, ROUNDS);
  console.log(
    `xray: ${ROUNDS} rounds from seed ${SEED}; something was missing in ${noticed}; the longest look took ` +
      `${longest.toFixed(1)} ms, and none read more than ${mostWords} words`,
  );
  expect(noticed).toBeGreaterThan(ROUNDS / 3);
  expect(mostWords).toBeLessThan(2_000_000);
});
