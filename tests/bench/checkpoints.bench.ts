import { test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { quantile, report, spread } from "../support/figures.ts";
import type { Terminal } from "../../src/machine/index.ts";

const ROUNDS = 20;
const PROMPT = /[#$] $/;
/** The prompt after a line and its output. */
const AFTER_LINE = /\n[^]*[#$] $/;
/** What a lesson's steps do, one for each checkpoint, over and over. */
const STEPS = [
  "unshare --pid --fork --mount-proc ps -ef",
  "ls -l /proc/self/ns",
  "mkdir -p /tmp/lower /tmp/upper; seq 1000 >/tmp/lower/numbers",
  "ip netns add one; ip netns list; ip netns del one",
  "lsns | tail -n 3",
];

/** What a terminal shows, told at once: polling would be most of what is measured. */
class Screen {
  #text = "";
  #wanted: { readonly pattern: RegExp; readonly settle: () => void } | undefined;

  constructor(terminal: Terminal) {
    const decoder = new TextDecoder();
    terminal.onOutput(({ bytes }) => {
      this.#text += decoder.decode(bytes, { stream: true });
      terminal.shown(bytes.length);
      this.#look();
    });
  }

  #look(): void {
    if (this.#wanted?.pattern.test(this.#text) !== true) return;
    this.#wanted.settle();
    this.#wanted = undefined;
  }

  /** Settles when what came since it was last asked fits. */
  async shows(pattern: RegExp): Promise<void> {
    await new Promise<void>((settle) => {
      this.#wanted = { pattern, settle };
      this.#look();
    });
    this.#text = "";
  }
}

test("step-reset", async () => {
  const machine = await startMachine();
  try {
    const terminal = await machine.openTerminal({ user: "root", cols: 80, rows: 24 });
    const screen = new Screen(terminal);
    await screen.shows(PROMPT);
    const run = async (line: string, pattern: RegExp): Promise<void> => {
      const shown = screen.shows(pattern);
      terminal.write(`${line}\r`);
      await shown;
    };
    const held: number[] = [];
    const checkpoint = await machine.checkpoint();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await run(STEPS[round % STEPS.length] ?? ":", AFTER_LINE);
      const replayed = screen.shows(PROMPT);
      const start = performance.now();
      await machine.rewind(checkpoint);
      await replayed;
      // The shell has to add, so that the typed line itself is not mistaken for its echo.
      await run("echo $((40+2))", /\r42\r\n/);
      times.push(performance.now() - start);
    }
    report({
      name: "step-reset",
      value: quantile(times, 0.5),
      unit: "ms",
      better: "lower",
      n: ROUNDS,
      spread: spread(times),
      context: "Node; back to a checkpoint until a typed command has answered, p50",
    });
    report({
      name: "step-reset/p95",
      value: quantile(times, 0.95),
      unit: "ms",
      better: "lower",
      n: ROUNDS,
      spread: spread(times),
      goal: "≤ 80 ms",
      context: "the same, p95",
    });
    let bytes = 0;
    let one = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await run(STEPS[round % STEPS.length] ?? ":", AFTER_LINE);
      await machine.checkpoint();
      const stats = await machine.stats();
      held.push(stats.heldMs);
      bytes = stats.checkpointBytes;
      if (round === 0) one = bytes;
    }
    report({
      name: "checkpoints",
      value: bytes,
      unit: "bytes",
      better: "lower",
      n: ROUNDS,
      spread: [one, bytes],
      goal: "≤ 40 MB",
      context:
        "20 checkpoints of one machine, a lesson's commands between them, and the one before; the spread begins with two",
    });
    report({
      name: "checkpoints/held",
      value: quantile(held, 0.5),
      unit: "ms",
      better: "lower",
      n: ROUNDS,
      spread: spread(held),
      goal: "≤ 10 ms",
      context: "how long taking one holds the machine",
    });
  } finally {
    machine.dispose();
  }
});
