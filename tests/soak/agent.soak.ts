/** The long form of the agent's fuzzing: new seeds each time, told so that a failure can be run again. */
import { beforeAll, expect, test } from "vitest";
import { fuzz } from "../agent/fuzz.ts";
import { build, NativeAgent } from "../agent/native-agent.ts";

const SEEDS = 20;
const ROUNDS = 20_000;

beforeAll(build);

test("the agent survives rubbish", { timeout: 30 * 60_000 }, async () => {
  const first = Number(process.env["VIVARIUM_SEED"] ?? Date.now() % 2 ** 31);
  const begin = performance.now();
  for (let seed = first; seed < first + SEEDS; seed++) {
    const agent = await NativeAgent.start();
    try {
      await fuzz(agent, seed, ROUNDS);
    } catch (error) {
      throw new Error(`VIVARIUM_SEED=${seed} npm run soak -- agent`, { cause: error });
    } finally {
      await agent.dispose();
    }
  }
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(`agent: ${SEEDS * ROUNDS} rounds from seed ${first} in ${seconds} s`);
  expect(seconds).toBeGreaterThan(0);
});
