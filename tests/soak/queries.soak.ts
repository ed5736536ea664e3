/** Data like queries is broken in many ways: each is refused, or can be asked of any observation. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { anyObservation, holds, QUERY_WORDS, QuerySchema, whyNot } from "../../src/isolation/index.ts";
import { brokenQueries } from "../support/broken-queries.ts";
import { seeded } from "../support/random.ts";

const ROUNDS = Number(process.env["VIVARIUM_ROUNDS"] ?? 500_000);
const SEED = Number(process.env["VIVARIUM_SEED"] ?? Date.now() % 1_000_000_000);

test("broken queries", { timeout: 60 * 60_000 }, () => {
  const random = seeded(SEED);
  let accepted = 0;
  let longest = 0;
  for (const data of brokenQueries(QUERY_WORDS, SEED, ROUNDS)) {
    const since = performance.now();
    try {
      const parsed = v.safeParse(QuerySchema, data);
      if (parsed.success) {
        accepted++;
        const observation = anyObservation(random);
        if (holds(parsed.output, observation) !== (whyNot(parsed.output, observation) === ""))
          throw new Error("it holds, and there is a reason why not");
      }
    } catch (error) {
      throw new Error(`seed ${SEED}: ${JSON.stringify(data)}`, { cause: error });
    }
    longest = Math.max(longest, performance.now() - since);
  }
  console.log(
    `queries: ${ROUNDS} from seed ${SEED}; ${accepted} accepted; the longest took ${longest.toFixed(0)} ms`,
  );
  expect(accepted).toBeGreaterThan(ROUNDS / 10);
});
