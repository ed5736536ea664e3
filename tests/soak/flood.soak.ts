/**
 * Ten minutes of `yes` in one terminal that is read and in one that nobody reads, while somebody types in a third: every
 * key comes back, and memory does not grow.
 */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { quantile } from "../support/figures.ts";
import { poll } from "../support/poll.ts";

const MINUTES = Number(process.env["VIVARIUM_MINUTES"] ?? 10);
const MIB = 1024 * 1024;
const PROMPT = /[#$] $/;

test("a flood starves nobody", { timeout: (MINUTES + 5) * 60_000 }, async () => {
  const machine = await startMachine();
  try {
    const size = { cols: 80, rows: 24 };
    const read = await machine.openTerminal({ user: "root", ...size, argv: ["yes"] });
    const unread = await machine.openTerminal({ user: "root", ...size, argv: ["yes", "nobody reads this"] });
    const typed = await machine.openTerminal({ user: "learner", ...size, argv: ["bash"] });
    let flood = 0;
    read.onOutput(({ bytes }) => {
      flood += bytes.length;
      read.shown(bytes.length);
    });
    let ignored = 0;
    unread.onOutput(({ bytes }) => {
      ignored += bytes.length;
    });
    let screen = "";
    typed.onOutput(({ bytes }) => {
      screen += new TextDecoder().decode(bytes);
      typed.shown(bytes.length);
    });
    await poll(() => PROMPT.test(screen), { timeout: 60_000 });

    const times: number[] = [];
    const end = performance.now() + MINUTES * 60_000;
    let memory = 0;
    for (let line = 0; performance.now() < end; line++) {
      screen = "";
      for (const [index, key] of Array.from(`: line ${line}`).entries()) {
        const begin = performance.now();
        typed.write(key);
        await poll(() => screen.length > index, { timeout: 20_000, interval: 1 });
        times.push(performance.now() - begin);
      }
      typed.write("\r");
      await poll(() => PROMPT.test(screen), { timeout: 60_000 });
      // After the first minute everything has its size.
      if (memory === 0 && performance.now() > end - (MINUTES - 1) * 60_000)
        memory = process.memoryUsage.rss();
    }
    const grown = process.memoryUsage.rss() - memory;
    const [half, most] = [quantile(times, 0.5), quantile(times, 0.95)].map(Math.round);
    console.log(
      `flood: ${MINUTES} minutes, ${Math.round(flood / MIB)} MiB read; ${times.length} keys, p50 ${half} ms, ` +
        `p95 ${most} ms; memory ${Math.round(grown / MIB)} MiB more at the end`,
    );
    // `yes` writes line by line: some 5,000 instructions for every three bytes.
    expect(flood).toBeGreaterThan(MINUTES * 2 * MIB);
    // What nobody reads stays in the guest but for one window.
    expect(ignored).toBeGreaterThan(0);
    expect(ignored).toBeLessThanOrEqual(256 * 1024);
    expect(times.length).toBeGreaterThan(MINUTES * 100);
    expect(grown).toBeLessThan(40 * MIB);
  } finally {
    machine.dispose();
  }
});
