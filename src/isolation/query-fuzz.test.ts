import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { brokenQueries, excessiveQueries } from "../../tests/support/broken-queries.ts";
import { seeded } from "../../tests/support/random.ts";
import { holds, type Query, QUERY_WORDS, QuerySchema, whyNot } from "./index.ts";
import { aProcess, inOwn, seen } from "./observation-builder.ts";
import { queryExcess } from "./query-limits.ts";
import { anyObservation } from "./random-observation.ts";

/** `npm run soak -- queries` does it for longer. */
it("whatever is accepted can be judged, and the rest is refused with a reason", { timeout: 60_000 }, () => {
  const random = seeded(20_261_126);
  const answers = { holds: 0, "does not": 0, refused: 0 };
  const wrong: unknown[] = [];
  for (const data of brokenQueries(QUERY_WORDS, 20_261_126, 8000)) {
    const parsed = v.safeParse(QuerySchema, data);
    if (!parsed.success) {
      answers.refused++;
      if (parsed.issues.some(({ message }) => message === "")) wrong.push(data);
      continue;
    }
    const observation = anyObservation(random);
    const so = holds(parsed.output, observation);
    answers[so ? "holds" : "does not"]++;
    if (so !== (whyNot(parsed.output, observation) === "")) wrong.push(data);
  }
  expect(wrong).toEqual([]);
  expect(Math.min(answers.holds, answers["does not"], answers.refused)).toBeGreaterThan(200);
});

describe("too much of anything is refused after a short look", () => {
  it.each([...excessiveQueries()])("%s", (_, data) => {
    const parsed = v.safeParse(QuerySchema, data);
    expect(parsed.issues?.[0]?.message).toMatch(/^must not (have|be nested)|^Invalid/);
  });

  it("looks at so many values at most", () => {
    let looks = 0;
    const endless = (): object =>
      new Proxy([1, 2, 3], {
        get(target, key, receiver) {
          if (key === "0" || key === "1") {
            looks++;
            return endless();
          }
          return Reflect.get(target, key, receiver) as unknown;
        },
      });
    expect(queryExcess(endless())).toMatch(/^must not/);
    expect(looks).toBeLessThan(5000);
  });
});

it("processes within processes take no longer for each level", () => {
  const crowd = Array.from({ length: 200 }, (_, i) =>
    aProcess(i + 1, "sh", { ppid: ((i + 1) % 200) + 1, ...inOwn({ pid: 5, net: 4 }) }),
  );
  let asked = 0;
  const counting = new Proxy(crowd, {
    get(target, key, receiver) {
      if (key === "filter") asked++;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  const pattern = (depth: number): object =>
    depth === 0
      ? { comm: "sh" }
      : { parent: pattern(depth - 1), sharesWith: { process: pattern(depth - 1), kinds: ["net"] } };
  const query = v.parse(QuerySchema, { process: pattern(6) });
  expect(holds(query, { ...seen([]), processes: counting })).toBe(true);
  // One look at all processes for each pattern that is written.
  expect(asked).toBeLessThanOrEqual(2 ** 7 - 1);
});

it("what is accepted is plain: nothing inherited, nothing that was not asked for", () => {
  const hostile: unknown = JSON.parse('{"process":{"comm":"sh","namespace":{"pid":"init"}},"count":2}');
  const query: Query = v.parse(QuerySchema, hostile);
  expect(query).toEqual({ process: { comm: "sh", namespace: { pid: "init" } }, count: 2 });
  expect(({} as Record<string, unknown>)["count"]).toBeUndefined();
});
