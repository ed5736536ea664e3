/**
 * Takes pictures of the picture, for somebody to look at:
 * `SHOTS=/tmp/shots QUERIES="situation=pid situation=memory&lens=cgroups" npx vitest run --project=shots`.
 * `SIZES="390"` and `SCHEMES=dark` narrow that down.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHarness } from "./open.ts";

const words = (name: string, usual: string): string[] => (process.env[name] ?? usual).split(" ");
const EVERY = [
  "situation=idle",
  "situation=pid",
  "situation=pid-proc",
  "situation=nested",
  "situation=memory&lens=cgroups",
  "situation=bomb",
  "situation=containers",
  "situation=machines",
  "situation=machines&tab=beside",
].join(" ");

test("shots", { timeout: 600_000 }, async () => {
  const [folder = ""] = words("SHOTS", "/tmp/shots");
  await mkdir(folder, { recursive: true });
  const harness = await openHarness();
  try {
    for (const query of words("QUERIES", EVERY))
      for (const width of words("SIZES", "1280 1024 390").map(Number))
        for (const colorScheme of words("SCHEMES", "light dark") as ("light" | "dark")[]) {
          const { page, complaints } = await harness.open(query, {
            viewport: { width, height: 900 },
            colorScheme,
          });
          const name = `${query.replaceAll(/[^a-z0-9-]+/gi, "_")}-${width}-${colorScheme}.png`;
          await page.screenshot({ path: join(folder, name), fullPage: true });
          expect(complaints).toEqual([]);
          await page.close();
        }
  } finally {
    await harness.close();
  }
});
