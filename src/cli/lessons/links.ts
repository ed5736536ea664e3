/** Asks whether addresses that lessons name still lead somewhere. */
import type { LinkPlace, Problem } from "../../lessons/compile/index.ts";

const PATIENCE_MS = 10_000;
const AT_A_TIME = 4;
/** They mean "not so", "not by you" or "too often": the page may well be there. */
const NO_ANSWER = new Set([401, 403, 405, 429, 503]);

export type Ask = (url: string, init: { method: string; signal: AbortSignal }) => Promise<{ status: number }>;

async function wrongWith(url: string, ask: Ask): Promise<string | undefined> {
  const { origin, pathname, search } = new URL(url);
  for (const method of ["HEAD", "GET"]) {
    try {
      const { status } = await ask(origin + pathname + search, {
        method,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (status < 400) return undefined;
      if (method === "HEAD") continue;
      return NO_ANSWER.has(status) ? undefined : `answers with ${status}`;
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === "TimeoutError";
      if (timedOut) return `does not answer within ${PATIENCE_MS / 1000} s`;
      if (method === "GET") return "cannot be reached";
    }
  }
  return undefined;
}

/** @param ask `fetch`, or what stands for it */
export async function deadLinks(links: readonly LinkPlace[], ask: Ask): Promise<Problem[]> {
  const answers = new Map<string, string | undefined>();
  const waiting = [...new Set(links.map(({ url }) => url))];
  const work = async (): Promise<void> => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift())
      answers.set(url, await wrongWith(url, ask));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return links.flatMap(({ url, ...place }) => {
    const what = answers.get(url);
    return what === undefined
      ? []
      : [{ ...place, what: `${url} ${what}`, fix: "Link to where it is now, or leave the link out" }];
  });
}
