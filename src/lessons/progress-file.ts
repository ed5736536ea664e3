/** The file in which a learner carries progress from one browser to another. */
import * as v from "valibot";
import { type LessonProgress, PROGRESS_SCHEMA, ProgressSchema } from "./progress.ts";

const FORMAT = "vivarium-progress";
const FILE_SCHEMA = 1;
/** Bytes, and characters; a hundred lessons need a tenth of it. */
export const MOST_PROGRESS_FILE = 4 * 1024 * 1024;
const MOST_LESSONS = 2000;

const EnvelopeSchema = v.object({
  format: v.literal(FORMAT),
  schema: v.number(),
  lessons: v.pipe(v.array(v.unknown()), v.maxLength(MOST_LESSONS)),
});

/** Why a file is not taken: it is no JSON, of something else, of a newer version of ours, or ours and damaged. */
export type ProgressRefusal = "too-large" | "not-json" | "not-ours" | "newer" | "damaged";

export type ProgressFile =
  | { readonly kind: "read"; readonly lessons: readonly LessonProgress[] }
  | {
      readonly kind: "refused";
      readonly reason: ProgressRefusal;
      /** Where in it something is wrong, and what; empty where the reason says it all. */
      readonly detail: string;
    };

/** @param now milliseconds since 1970, for who reads the file */
export function writeProgressFile(lessons: readonly LessonProgress[], now: number): string {
  const saved = new Date(now).toISOString();
  return `${JSON.stringify({ format: FORMAT, schema: FILE_SCHEMA, saved, lessons }, undefined, 1)}\n`;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    // Some editors put a byte order mark before it.
    return { value: JSON.parse(text.replace(/^\uFEFF/u, "")) };
  } catch {
    return undefined;
  }
}

function refused(reason: ProgressRefusal, detail = ""): ProgressFile {
  return { kind: "refused", reason, detail };
}

/** Which key of a value cannot be understood, and why, in a line. */
function whatIsWrong(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "";
  return `${path === "" ? "" : `${path}: `}${issue.message}`.slice(0, 300);
}

function isNewer(value: unknown, known: number): boolean {
  return v.is(v.object({ schema: v.pipe(v.number(), v.gtValue(known)) }), value);
}

/**
 * Reads what {@link writeProgressFile} wrote, of this version or an older one. All of it or nothing: a file in which one
 * lesson cannot be understood is refused. Never throws.
 */
export function readProgressFile(text: string): ProgressFile {
  if (text.length > MOST_PROGRESS_FILE) return refused("too-large");
  const json = parseJson(text);
  if (json === undefined) return refused("not-json");
  if (!v.is(v.object({ format: v.literal(FORMAT) }), json.value)) return refused("not-ours");
  if (isNewer(json.value, FILE_SCHEMA)) return refused("newer");
  const envelope = v.safeParse(EnvelopeSchema, json.value, { abortEarly: true });
  if (!envelope.success) return refused("damaged", whatIsWrong(envelope.issues[0]));
  const lessons: LessonProgress[] = [];
  for (const [i, one] of envelope.output.lessons.entries()) {
    if (isNewer(one, PROGRESS_SCHEMA)) return refused("newer");
    const parsed = v.safeParse(ProgressSchema, one, { abortEarly: true });
    if (!parsed.success) return refused("damaged", `lesson ${i + 1}: ${whatIsWrong(parsed.issues[0])}`);
    lessons.push(parsed.output);
  }
  return { kind: "read", lessons };
}
