/** A hundred machines, made and disposed: what they leave behind. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { createAndDispose } from "../support/many-machines.ts";

const MACHINES = 100;

test("machines leave nothing behind", { timeout: 30 * 60_000 }, async () => {
  const left = await createAndDispose(() => startMachine(), MACHINES);
  console.log(`machines: ${MACHINES} made and disposed; left behind: ${JSON.stringify(left)}`);
  expect(left).toMatchObject({ threads: 0, listeners: 0 });
  // Under 2 MiB each, of 128 that each has.
  expect(left.grownBytes).toBeLessThan(200 * 1024 * 1024);
});
