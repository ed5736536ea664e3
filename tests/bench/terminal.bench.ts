import type { Page } from "playwright-core";
import { test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { baseUrl, launch, PLAIN_LESSON } from "../support/browser.ts";
import { quantile, report, spread } from "../support/figures.ts";
import { poll } from "../support/poll.ts";

const MIB = 1024 * 1024;
const KEYS = 100;
const FLOODED_KEYS = 200;
const TEXT = `yes 'The quick brown fox jumps over the lazy dog, 0123456789.' | head -c ${8 * MIB} >/tmp/text`;

/** Types a command and waits until the screen shows the pattern. */
async function run(page: Page, line: string, pattern: RegExp): Promise<void> {
  await page.keyboard.insertText(line);
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (source) =>
      new RegExp(source).test(
        document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.text(30) ?? "",
      ),
    pattern.source,
    { timeout: 120_000, polling: 20 },
  );
}

test("terminal-out and keystroke", async () => {
  const browser = await launch();
  // On a first visit the page would fetch itself for offline use meanwhile, and halve the first of these.
  const page = await browser.newPage({ serviceWorkers: "block" });
  await page.goto(baseUrl() + PLAIN_LESSON);
  await page.waitForFunction(() =>
    /[#$]$/.test(document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.text() ?? ""),
  );
  await page.locator("#terminal textarea").focus();
  await run(page, `${TEXT}; echo made$((1+1))`, /made2/);

  const rates: number[] = [];
  const blocks: number[] = [];
  for (let round = 0; round < 3; round++) {
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(globalThis, { longTasks: seen });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(duration);
      }).observe({ type: "longtask" });
    });
    const begin = performance.now();
    await run(page, `cat /tmp/text; echo; echo shown$((${round}+10))`, new RegExp(`shown${round + 10}`));
    rates.push((8 * MIB * 1000) / (performance.now() - begin));
    blocks.push(
      Math.max(0, ...(await page.evaluate(() => (globalThis as { longTasks?: number[] }).longTasks ?? []))),
    );
  }
  report({
    name: "terminal-out",
    value: quantile(rates, 0.5),
    unit: "bytes",
    better: "higher",
    n: rates.length,
    spread: spread(rates),
    goal: "≥ 5 MB a second",
    context: "bytes a second, 8 MiB of lines by cat until xterm has parsed the last, Chromium without a GPU",
  });
  report({
    name: "terminal-out/blocked",
    value: quantile(blocks, 0.5),
    unit: "ms",
    better: "lower",
    n: blocks.length,
    spread: spread(blocks),
    goal: "≤ 50 ms",
    context: "longest task of the page meanwhile",
  });

  await run(page, "echo typed$((1+1))", /typed2/);
  await page.evaluate(() => {
    const times: number[] = [];
    let pressed: number | undefined;
    addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true });
    document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.onParsed(() => {
      if (pressed !== undefined) times.push(performance.now() - pressed);
      pressed = undefined;
    });
    Object.assign(globalThis, { keyTimes: times });
  });
  for (let key = 1; key <= KEYS; key++) {
    await page.keyboard.press(key % 50 === 0 ? "Enter" : "x");
    // As fast as a good typist: what is measured is not the browser's own way with many keys at once.
    await page.waitForTimeout(50);
  }
  const times = await page.evaluate(() => (globalThis as { keyTimes?: number[] }).keyTimes ?? []);
  await browser.close();
  keystroke("keystroke", times, "Chromium; key event until its echo is parsed");
});

function keystroke(name: string, times: readonly number[], context: string): void {
  for (const [suffix, share, goal] of [
    ["", 0.5, "p50 ≤ 12 ms"],
    ["/p95", 0.95, "p95 ≤ 30 ms"],
  ] as const) {
    report({
      ...{ name: `${name}${suffix}`, unit: "ms", better: "lower", goal, context },
      value: quantile(times, share),
      n: times.length,
      spread: spread(times),
    });
  }
}

test("keystroke under a flood, and the terminal's own rate beside the serial line's", async () => {
  const machine = await startMachine();
  try {
    const size = { cols: 80, rows: 24 };
    const typed = await machine.openTerminal({ user: "root", ...size, argv: ["cat"] });
    let echoed = 0;
    typed.onOutput(({ bytes }) => {
      echoed += bytes.length;
      typed.shown(bytes.length);
    });
    const flood = await machine.openTerminal({ user: "root", ...size, argv: ["yes"] });
    let flooded = 0;
    flood.onOutput(({ bytes }) => {
      flooded += bytes.length;
      flood.shown(bytes.length);
    });
    await poll(() => flooded > MIB / 8);
    const times: number[] = [];
    for (let key = 1; key <= FLOODED_KEYS; key++) {
      const begin = performance.now();
      typed.write("x");
      await poll(() => echoed >= key, { interval: 1 });
      times.push(performance.now() - begin);
    }
    keystroke("keystroke/flood", times, "Node; while `yes` floods another terminal");
    flood.dispose();

    await machine.exec({ argv: ["sh", "-c", TEXT] });
    const rate = async (bytes: number, seen: () => number, start: () => void): Promise<number> => {
      const begin = performance.now();
      const before = seen();
      start();
      await poll(() => seen() - before >= bytes, { interval: 5, timeout: 60_000 });
      return (bytes * 1000) / (performance.now() - begin);
    };
    let shown = 0;
    const out = await machine.openTerminal({
      user: "root",
      ...size,
      argv: ["sh", "-c", "read x; exec cat /tmp/text"],
    });
    out.onOutput(({ bytes }) => {
      shown += bytes.length;
      out.shown(bytes.length);
    });
    const ours = await rate(
      8 * MIB,
      () => shown,
      () => out.write("\n"),
    );
    let serial = 0;
    let written: Promise<unknown> | undefined;
    machine.onEvent((event) => {
      if (event.kind === "console") serial += event.bytes.length;
    });
    const stock = await rate(
      MIB / 2,
      () => serial,
      () => {
        written = machine.exec({ argv: ["sh", "-c", `head -c ${MIB / 2} /tmp/text >/dev/ttyS0`] });
      },
    );
    await written;
    report({
      name: "terminal-out/worker",
      value: ours,
      unit: "bytes",
      better: "higher",
      n: 1,
      spread: [ours, ours],
      goal: "≥ 8 × stock",
      peer: "the serial line, as stock's example uses it",
      peerValue: stock,
      ratio: ours / stock,
      context: "bytes a second from cat in the guest to the page's side of the wire, Node",
    });
  } finally {
    machine.dispose();
  }
});
