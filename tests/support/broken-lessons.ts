import { seeded } from "./random.ts";

/** Pieces that mean something to the compiler, where they do not belong. */
const PIECES = [
  '::::step{#x title="X"}\n',
  "::::\n",
  ":::check\n",
  ":::\n",
  ":::hint\n",
  "```sh run solve in=nobody expect=/(/\n",
  "```when\nquery: {process: {}}\n```\n",
  "```",
  "---\n",
  "query: &a [*a, *a]\n",
  '::include{file="../../../../etc/passwd"}\n',
  "{{variable}}",
  "<script>alert(1)</script>",
  "[x](javascript:1)",
  ":man[",
  "\u0000",
  "\uD800",
  "{process: {comm: {atLeast: {is: 1}}}}",
  "- when: {}\n",
  "\t",
  "  ",
  "'",
  '"',
  "|",
  ">",
];

/** Texts of lessons with a few things broken in each, always the same ones for a seed. */
export function* brokenLessons(whole: readonly string[], seed: number, rounds: number): Generator<string> {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  for (let round = 0; round < rounds; round++) {
    let text = whole[below(whole.length)] ?? "";
    for (let i = below(6); i >= 0; i--) {
      const at = below(text.length + 1);
      const length = below(4) === 0 ? below(400) : below(6);
      const piece = below(3) === 0 ? "" : (PIECES[below(PIECES.length)] ?? "");
      text = text.slice(0, at) + piece + text.slice(at + length);
    }
    yield text;
  }
}
