/** What is refused before it is parsed: Markdown's parser takes long, or all memory, for what nobody writes. */
import type { Problem } from "./problems.ts";

/** Characters; a lesson of more is a book. */
export const MAX_SOURCE = 256 * 1024;
/** Characters of a file that the X-ray saved. */
export const MAX_RECORDING = 32 * 1024 * 1024;
/** Characters of what is drawn of it, which the page fetches with the lesson. */
export const MAX_DRAWN = 96 * 1024;
const MAX_LINE = 4096;
/** Characters of lines without an empty one between them, outside of code. */
const MAX_PARAGRAPH = 8192;
/** Containers within containers: a step holds a note, which holds a hint. */
const MAX_NESTING = 8;

/** What is too long or too deep in a text, with the line. Undefined when nothing is. */
export function beyondLimits(text: string): Pick<Problem, "line" | "what" | "fix"> | undefined {
  if (text.length > MAX_SOURCE)
    return { line: 1, what: "the lesson is longer than 256 KiB", fix: "Split it into several lessons" };
  let fence: string | undefined;
  let paragraph = 0;
  let depth = 0;
  for (const [i, line] of text.split("\n").entries()) {
    const at = i + 1;
    if (line.length > MAX_LINE)
      return { line: at, what: `the line is longer than ${MAX_LINE} characters`, fix: "Break it" };
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence)) fence = undefined;
    paragraph = fence === undefined && line.trim() !== "" ? paragraph + line.length + 1 : 0;
    if (paragraph > MAX_PARAGRAPH)
      return {
        line: at,
        what: `${MAX_PARAGRAPH} characters stand here without an empty line`,
        fix: "Make it several paragraphs, or put it into a code block",
      };
    if (fence !== undefined) continue;
    if (/^\s*:{3,}\s*$/.test(line)) depth = Math.max(0, depth - 1);
    else if (/^[\s>*+-]*:{3,}[A-Za-z]/.test(line)) depth++;
    if (depth > MAX_NESTING)
      return {
        line: at,
        what: `${MAX_NESTING} containers are open already`,
        fix: "End each with a line of as many colons as it began with",
      };
  }
  return undefined;
}
