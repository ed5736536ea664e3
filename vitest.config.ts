import { availableParallelism } from "node:os";

import { defineConfig } from "vitest/config";

const MINUTE = 60_000;
const oxc = { jsx: { runtime: "automatic", importSource: "preact" } } as const;

export default defineConfig({
  test: {
    // Vitest leaves a core to itself; of two, that is half of the computer.
    maxWorkers: availableParallelism(),
    projects: [
      {
        oxc,
        test: {
          name: "unit",
          include: ["src/**/*.test.{ts,tsx}", "workers/**/*.test.ts", "tools/**/*.test.ts"],
          // On a busy machine a compiler takes seconds to start.
          testTimeout: MINUTE / 2,
        },
      },
      {
        test: {
          name: "house",
          include: ["tests/house/**/*.test.ts"],
          testTimeout: MINUTE,
          hookTimeout: MINUTE,
        },
      },
      {
        test: {
          name: "agent",
          include: ["tests/agent/**/*.test.ts"],
          testTimeout: MINUTE,
          hookTimeout: MINUTE,
        },
      },
      {
        test: {
          name: "soak",
          include: ["tests/soak/**/*.soak.ts"],
          fileParallelism: false,
          hookTimeout: MINUTE,
        },
      },
      {
        test: {
          name: "images",
          include: ["tests/images/**/*.test.ts"],
          testTimeout: 3 * MINUTE,
          hookTimeout: 3 * MINUTE,
        },
      },
      {
        test: {
          name: "guest",
          include: ["tests/guest/**/*.test.ts"],
          // One machine at a time: some of what is tested is the guest's own time.
          fileParallelism: false,
          globalSetup: ["tests/support/guest-setup.ts"],
          // Podman takes seconds for each word.
          testTimeout: 5 * MINUTE,
          hookTimeout: 2 * MINUTE,
        },
      },
      {
        test: {
          name: "courses",
          include: ["tests/courses/**/*.test.ts"],
          maxConcurrency: availableParallelism(),
          globalSetup: ["tests/support/guest-setup.ts"],
          // A lesson of two machines with Podman, beside another one.
          testTimeout: 30 * MINUTE,
          hookTimeout: 2 * MINUTE,
        },
      },
      {
        test: {
          name: "picture",
          include: ["tests/picture/**/*.test.ts"],
          testTimeout: MINUTE,
          hookTimeout: 2 * MINUTE,
        },
      },
      { test: { name: "shots", include: ["tests/picture/**/*.shots.ts"] } },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/support/e2e-setup.ts"],
          // One browser at a time: its timings are part of what is tested.
          fileParallelism: false,
          testTimeout: 2 * MINUTE,
          hookTimeout: 2 * MINUTE,
        },
      },
      {
        test: {
          name: "examples",
          include: ["tests/examples/**/*.test.ts"],
          globalSetup: ["tests/support/examples-setup.ts"],
          fileParallelism: false,
          testTimeout: 2 * MINUTE,
          hookTimeout: 2 * MINUTE,
        },
      },
      {
        test: {
          name: "bench",
          include: ["tests/bench/**/*.bench.ts"],
          globalSetup: ["tests/support/bench-setup.ts"],
          fileParallelism: false,
          testTimeout: 15 * MINUTE,
          hookTimeout: 5 * MINUTE,
        },
      },
    ],
  },
});
