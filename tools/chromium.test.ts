import { afterEach, expect, it, vi } from "vitest";

import { chromium } from "./chromium.mjs";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("takes the program that CHROMIUM_PATH names", () => {
  vi.stubEnv("CHROMIUM_PATH", process.execPath);
  expect(chromium()).toBe(process.execPath);
});

it("says so when CHROMIUM_PATH names none", () => {
  vi.stubEnv("CHROMIUM_PATH", "/nowhere/chromium");
  expect(() => chromium()).toThrow(
    "CHROMIUM_PATH is /nowhere/chromium, which is no program that can be run.",
  );
});
