import { appendFileSync } from "node:fs";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Where `tools/bench.mjs` collects the figures, a JSON object a line. */
    figuresPath: string;
  }
}

/** One measured figure, in the form that `npm run bench -- --json` prints. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "bytes" | "instructions" | "ratio";
  readonly better: "lower" | "higher";
  readonly n: number;
  /** Least and greatest of the runs. */
  readonly spread: readonly [number, number];
  readonly goal?: string;
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
  readonly context: string;
}

export function report(figure: Figure): void {
  appendFileSync(inject("figuresPath"), `${JSON.stringify(figure)}\n`);
}

/** The value below which a share of the samples lies; `quantile(samples, 0.5)` is the median. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function spread(samples: readonly number[]): [number, number] {
  return [Math.min(...samples), Math.max(...samples)];
}
