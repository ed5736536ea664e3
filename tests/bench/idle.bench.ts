import { readdirSync, readFileSync } from "node:fs";
import { test } from "vitest";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { report } from "../support/figures.ts";

const SECONDS = 20;
/** The browser compiles what is used again and again, in the background, for about so long. */
const SETTLE_MS = 60_000;
/** Ticks a second of /proc/PID/stat on Linux (USER_HZ, time(7)). */
const TICKS = 100;

/** Seconds of CPU of a process and all below it (fields of /proc/PID/stat, proc(5)). */
function cpuSeconds(root: number): number {
  const processes = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      processes.set(Number(name), {
        parent: Number(fields[1]),
        ticks: Number(fields[11]) + Number(fields[12]),
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at = processes.get(pid)?.parent; at !== undefined; at = processes.get(at)?.parent)
      if (at === root) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, process] of processes) if (isBelow(pid)) ticks += process.ticks;
  return ticks / TICKS;
}

test("idle", async () => {
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(baseUrl() + PLAIN_LESSON);
  await page.waitForFunction(() =>
    /[#$]$/.test(document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.text() ?? ""),
  );
  const measure = async (): Promise<number> => {
    const before = cpuSeconds(process.pid);
    await page.waitForTimeout(SECONDS * 1000);
    return (cpuSeconds(process.pid) - before) / SECONDS;
  };
  // What the page does once after its start is over by then, and most of its code compiled.
  await page.waitForTimeout(SETTLE_MS);
  const withMachine = await measure();
  await page.click('[data-testid="open-xray"]');
  await page.waitForSelector('[data-testid="xray"] .machine');
  await page.waitForTimeout(SETTLE_MS);
  const withXray = await measure();
  await page.goto("about:blank");
  await page.waitForTimeout(2000);
  const without = await measure();
  await browser.close();
  const figure = (name: string, value: number, context: string): void =>
    report({
      name,
      value,
      unit: "ratio",
      better: "lower",
      n: 1,
      spread: [value, value],
      goal: "≤ 0.02 of a core",
      peer: "an empty page",
      peerValue: without,
      context: `CPU of the whole browser over ${SECONDS} s, one machine at its prompt, a lesson's step open${context}`,
    });
  figure("idle", withXray, ", X-ray open");
  figure("idle/closed", withMachine, ", X-ray closed");
});
