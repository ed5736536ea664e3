import { expect, test } from "vitest";
import { browserBudget, labMemory, requireMemory } from "./lab-memory.ts";

const MIB = 1024 * 1024;

test("says what each machine takes, and all of them", () => {
  const memory = labMemory([128, 256]);
  expect(memory.machines.map((machine) => machine.ramBytes / MIB)).toEqual([128, 256]);
  const sum = memory.machines.reduce((all, { ramBytes, overheadBytes }) => all + ramBytes + overheadBytes, 0);
  expect(memory.totalBytes).toBe(sum);
  expect(memory.totalBytes).toBeGreaterThan(384 * MIB);
  expect(memory.totalBytes).toBeLessThanOrEqual((384 + 80 + 32) * MIB);
  expect(labMemory([]).totalBytes).toBe(0);
});

test("half of the device is the lab's; where nobody tells, two GiB", () => {
  expect(browserBudget(8)).toBe(4096 * MIB);
  expect(browserBudget(0.5)).toBe(256 * MIB);
  expect(browserBudget(undefined)).toBe(2048 * MIB);
});

test("refuses in a sentence with both figures, and nothing that fits to the byte", () => {
  const memory = labMemory([128, 128]);
  requireMemory(memory, memory.totalBytes);
  expect(() => requireMemory(memory, memory.totalBytes - 1)).toThrow(
    expect.objectContaining({
      code: "out-of-memory",
      message: expect.stringMatching(
        /^2 machines need \d+ MiB of memory, and this device has \d+ MiB for them; start fewer machines$/,
      ),
    }),
  );
});
