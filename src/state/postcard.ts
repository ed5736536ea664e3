import { get, set } from "idb-keyval";
import * as v from "valibot";

const PREFIX = "postcard/";
const MOST_TEXT = 4 * 1024 * 1024;
const MOST_PIXELS = 8192;

const Pixels = v.pipe(v.number(), v.minValue(1), v.maxValue(MOST_PIXELS));
const PostcardSchema = v.object({
  schema: v.literal(1),
  /** Id of the lesson. */
  lesson: v.string(),
  /** A drawing, which is shown as an image only: nothing in it can run. */
  svg: v.pipe(v.string(), v.maxLength(MOST_TEXT)),
  /** CSS pixels. */
  width: Pixels,
  height: Pixels,
  /** Milliseconds since the Unix epoch. */
  time: v.number(),
});
/** What somebody has to show of a lesson. */
export type Postcard = v.InferOutput<typeof PostcardSchema>;

/** Where postcards are kept, one of each lesson. */
export interface PostcardStore {
  load(lesson: string): Promise<Postcard | undefined>;
  save(postcard: Postcard): Promise<void>;
}

/** Reads what a store gave; what cannot be understood counts as nothing. */
export function parsePostcard(stored: unknown, lesson: string): Postcard | undefined {
  const parsed = v.safeParse(PostcardSchema, stored);
  return parsed.success && parsed.output.lesson === lesson ? parsed.output : undefined;
}

/** Keeps postcards in the browser's IndexedDB; where it stores nothing they last as long as the page. */
export const browserPostcards: PostcardStore = {
  load: async (lesson) => parsePostcard(await get<unknown>(PREFIX + lesson).catch(() => undefined), lesson),
  save: async (postcard) => set(PREFIX + postcard.lesson, postcard).catch(() => undefined),
};

/** Keeps none: those that are made last as long as the page. */
export const noPostcards: PostcardStore = { load: async () => undefined, save: async () => undefined };
