import { nearestWord } from "./nearest-word.ts";
import type { Place, ProblemList } from "./problems.ts";

/** What stands behind the language of a code block: words, and words with a value. */
export interface FenceWords {
  readonly words: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/** `run`, `in=learner`, `alt="two boxes"`, `expect=/^root$/` */
const WORD = /([a-z]+)(?:=(?:"([^"]*)"|\/((?:[^/\\]|\\.)*)\/|([^\s"/][^\s"]*|\/[^\s"]*)))?(?=\s|$)\s*/gy;

/**
 * Reads what stands behind the language of a code block; what is not among `known` is reported.
 * @param known of each word whether it has a value
 */
export function parseFence(
  meta: string,
  known: Readonly<Record<string, "word" | "value">>,
  place: Place | undefined,
  problems: ProblemList,
): FenceWords {
  const words = new Set<string>();
  const values = new Map<string, string>();
  const refuse = (what: string, fix: string): void => problems.report(place, what, fix);
  WORD.lastIndex = 0;
  const text = meta.trim();
  while (WORD.lastIndex < text.length) {
    const from = WORD.lastIndex;
    const found = WORD.exec(text);
    if (found === null) {
      refuse(
        `\`${text.slice(from, from + 40)}\` behind the code block's language cannot be read`,
        'Write words, and values as in=learner, alt="…" or expect=/…/',
      );
      break;
    }
    const [, word = "", quoted, pattern, plain] = found;
    const value = quoted ?? pattern ?? plain;
    const wanted = Object.hasOwn(known, word) ? known[word] : undefined;
    if (wanted === undefined) {
      const near = nearestWord(word, Object.keys(known));
      refuse(
        `a code block has no use \`${word}\``,
        near === undefined ? `It may have ${Object.keys(known).join(", ")}` : `Write \`${near}\``,
      );
    } else if (wanted === "value" && (value === undefined || value === "")) {
      refuse(`\`${word}\` of a code block has no value`, `Write it as ${word}=…`);
    } else if (wanted === "word" && value !== undefined) {
      refuse(`\`${word}\` of a code block takes no value`, `Write \`${word}\` alone`);
    } else if (value === undefined) words.add(word);
    else values.set(word, value);
  }
  return { words, values };
}
