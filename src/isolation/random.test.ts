import { expect, test } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import { compare, diff, holds, type Query, tell, whyNot } from "./index.ts";
import { anyObservation } from "./random-observation.ts";

test("of two observations of whatever kind all is told, and of one and itself nothing", () => {
  const random = seeded(11);
  for (let round = 0; round < 400; round++) {
    const [before, after] = [anyObservation(random), anyObservation(random)];
    expect(diff(before, before)).toEqual([]);
    expect(diff(after, after)).toEqual([]);
    const events = diff(before, after);
    const told = tell(events, before, after);
    expect(told.length).toBeLessThanOrEqual(events.length);
    expect(told.length > 0).toBe(events.length > 0);
    for (const { sentence } of told) {
      expect(sentence).toMatch(/^[A-Z0-9`].*\.$/);
      expect(sentence.split("`").length % 2).toBe(1);
      expect(sentence).not.toMatch(/undefined|NaN|\[object|``/);
    }
  }
});

const QUERIES: readonly Query[] = [
  { process: { comm: "sh", namespace: { net: "not-init" }, uidInside: 0 } },
  {
    process: { frozen: true, sharesWith: { process: { comm: "cat" }, kinds: ["pid"] } },
    count: { atMost: 1 },
  },
  { none: { state: "Z" } },
  { not: { namespace: { kind: "user", uid_map: true } } },
  { namespace: { kind: "pid", empty: true, init: "alive" } },
  { cgroup: { path: "/demo/**", "pids.max": { atMost: 1 }, "memory.events.oom_kill": { atLeast: 1 } } },
  { not: { any: [{ mount: { point: "/1" } }, { device: { name: "veth", up: true }, count: 2 }] } },
  { all: [{ kernel: { panicked: false } }, { not: { cgroup: { "cgroup.events.frozen": 1 } } }] },
];

test("a query holds, or there is a sentence on why not", () => {
  const random = seeded(12);
  const answers = new Set<string>();
  for (let round = 0; round < 300; round++) {
    const observation = anyObservation(random);
    QUERIES.forEach((query, i) => {
      const why = whyNot(query, observation);
      const so = holds(query, observation);
      answers.add(`${i} ${so}`);
      expect(why).toMatch(so ? /^$/ : /^[A-Z0-9`].*\.$/);
      expect(why).not.toMatch(/undefined|NaN|\[object|``/);
    });
  }
  // Each of them was met both ways.
  expect(answers.size).toBe(2 * QUERIES.length);
});

test("a comparison is the same both ways", () => {
  const random = seeded(13);
  for (let round = 0; round < 100; round++) {
    const observation = anyObservation(random);
    const [there, back] = [compare(observation, 1, 2), compare(observation, 2, 1)];
    expect(there?.namespaces.pid.shared).toBe(back?.namespaces.pid.shared);
    expect(there?.root.shared).toBe(back?.root.shared);
    expect(there?.user.of.toReversed()).toEqual(back?.user.of);
  }
});
