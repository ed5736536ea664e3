import { CodedError, throwIfAborted } from "../base/index.ts";
import { type Lesson, type ListedLesson, parseLessonFile } from "../lessons/index.ts";

/** Pauses before each further attempt, in milliseconds: a hiccup of the network is not worth a word. */
const AGAIN_AFTER = [300, 1000];

async function fetchText(url: URL, signal: AbortSignal | undefined): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", ...(signal === undefined ? {} : { signal }) });
    if (response.ok) return await response.text();
  } catch (error) {
    throwIfAborted(signal);
    throw new CodedError("network", `${url.pathname} could not be fetched`, { cause: error });
  }
  const code = response.status >= 500 ? "network" : "asset-missing";
  throw new CodedError(code, `${url.pathname} could not be fetched (status ${response.status})`);
}

/**
 * Fetches a lesson from where the list of courses says that it lies.
 * @param base the page's URL
 * @throws CodedError `network` when several attempts have failed, `asset-missing`, `manifest-invalid`, `aborted`
 */
export async function fetchLesson(
  { id, file }: Pick<ListedLesson, "id" | "file">,
  base: string,
  signal?: AbortSignal,
): Promise<Lesson> {
  for (let attempt = 0; ; attempt++) {
    try {
      return parseLessonFile(await fetchText(new URL(file, base), signal), id);
    } catch (error) {
      const pause = AGAIN_AFTER[attempt];
      if (!(error instanceof CodedError && error.code === "network") || pause === undefined) throw error;
      await new Promise<void>((done) => {
        setTimeout(done, pause);
      });
      throwIfAborted(signal);
    }
  }
}
