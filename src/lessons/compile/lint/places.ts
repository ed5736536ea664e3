import type { Place } from "../problems.ts";
import type { SourceText } from "../source-text.ts";

/** Finds the place of an offset in a text: file, line and column as its author sees them. */
export function placesOf({ text, origins }: SourceText): (offset: number) => Place & { file: string } {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const { file, line } = origins[low] ?? { file: "", line: low + 1 };
    return { file, line, column: offset - (starts[low] ?? 0) + 1 };
  };
}
