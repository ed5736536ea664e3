import { describe, expect, test } from "vitest";
import * as v from "valibot";
import { seeded } from "../../tests/support/random.ts";
import { boxesOf, type Observation, ObservationSchema, walkBoxes } from "./index.ts";
import { aCgroup, aDevice, aMount, aNamespace, aPids, aProcess, inOwn, seen } from "./observation-builder.ts";
import { anyObservation } from "./random-observation.ts";

/** As a file has it. */
function asFile(observation: Observation): unknown {
  return JSON.parse(JSON.stringify(observation));
}

function issueOf(data: unknown): string {
  const parsed = v.safeParse(ObservationSchema, data, { abortEarly: true });
  const [issue] = parsed.issues ?? [];
  return issue === undefined
    ? ""
    : `${(issue.path ?? []).map(({ key }) => String(key)).join(".")} ${issue.message}`;
}

const WHOLE = seen([aProcess(9, "sh", inOwn({ pid: 50, uts: 80, net: 40, mnt: 30 }))], {
  cgroups: [aCgroup("/", {}), aCgroup("/demo", { pids: aPids({ max: 5 }) })],
  namespaces: [
    aNamespace("pid", 50, { init: 9 }),
    aNamespace("uts", 80, { pins: [{ by: "mount", path: "/run/blue", mountNamespace: 3 }] }),
    aNamespace("net", 40, { devices: [aDevice(1, "lo", { loopback: true })] }),
    aNamespace("mnt", 30, { mounts: [aMount("/")] }),
    aNamespace("user", 70, { uidMap: [{ inside: 0, outside: 1000, count: 1 }] }),
    aNamespace("time", 60),
    aNamespace("ipc", 20),
    aNamespace("cgroup", 10),
  ],
});

/** One random place of data, changed or taken away. */
function damage(data: unknown, random: () => number): void {
  const wrong: readonly unknown[] = [null, -1, 1e308, 0.5, "", "x".repeat(9000), [], {}, true, "max", [[]]];
  let at = data;
  for (;;) {
    if (typeof at !== "object" || at === null) return;
    const keys = Object.keys(at);
    const key = keys[Math.floor(random() * keys.length)];
    if (key === undefined) return;
    const record = at as Record<string, unknown>;
    const inner = record[key];
    if (typeof inner === "object" && inner !== null && random() < 0.85) {
      at = inner;
      continue;
    }
    if (random() < 0.3 && !Array.isArray(at)) delete record[key];
    else record[key] = wrong[Math.floor(random() * wrong.length)];
    return;
  }
}

describe("an observation from a file", () => {
  test("is what it was when it was saved", () => {
    const parsed = v.parse(ObservationSchema, asFile(WHOLE));
    expect(asFile(parsed)).toEqual(asFile(WHOLE));
    expect(parsed).toEqual(WHOLE);
  });

  test("of whatever kind is what it was", () => {
    const random = seeded(21);
    for (let round = 0; round < 60; round++) {
      const observation = anyObservation(random);
      expect(asFile(v.parse(ObservationSchema, asFile(observation)))).toEqual(asFile(observation));
    }
  });

  test("keeps nothing that is not known", () => {
    const file = { ...WHOLE, surprise: 1, processes: WHOLE.processes.map((one) => ({ ...one, more: "x" })) };
    expect(asFile(v.parse(ObservationSchema, asFile({ ...file })))).toEqual(asFile(WHOLE));
  });

  test("that is wrong says where, and what would be right", () => {
    const [first] = WHOLE.processes;
    expect(issueOf({ ...WHOLE, processes: [{ ...first, pid: "1" }] })).toBe(
      "processes.0.pid must be a number",
    );
    expect(issueOf({ ...WHOLE, source: "guess" })).toBe("source must be `agent` or `memory`");
    expect(issueOf({ ...WHOLE, processes: [{ ...first, comm: "x".repeat(5000) }] })).toBe(
      "processes.0.comm must be no longer than 4096 characters",
    );
    expect(issueOf({ ...WHOLE, missing: Array.from({ length: 5001 }, () => ({ what: "", count: 1 })) })).toBe(
      "missing must be no longer than 5000",
    );
    expect(issueOf({ ...WHOLE, time: undefined })).toContain("time");
    expect(issueOf([])).not.toBe("");
  });

  test("that was damaged is refused, or drawn all the same", () => {
    const random = seeded(22);
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const data = asFile(WHOLE);
      for (let i = 0; i <= round % 3; i++) damage(data, random);
      const parsed = v.safeParse(ObservationSchema, data);
      if (!parsed.success) {
        refused++;
        continue;
      }
      expect([...walkBoxes(boxesOf(parsed.output))].length).toBeGreaterThan(0);
    }
    expect(refused).toBeGreaterThan(60);
  });
});
