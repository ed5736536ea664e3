import { expect, test } from "vitest";
import type { Check } from "./tree.ts";
import { wantedOf } from "./wanted.ts";

const SLEEP = { process: { comm: "sleep" } } as const;
const CAT = { process: { comm: "cat" } } as const;
const command = { script: "true", user: "root", exit: 0, say: [] } as const;

test("what a check wants is told of each machine by itself", () => {
  const check: Check = {
    needs: [{ query: SLEEP }, { machine: "machine-2", query: CAT }, { machine: "machine-2", command }],
    notYet: [],
    broken: [],
  };
  expect([...wantedOf(check, "machine-1", false)]).toEqual([
    ["machine-1", { queries: [SLEEP], commands: 0 }],
    ["machine-2", { queries: [CAT], commands: 1 }],
  ]);
});

test("what has to come first is wanted of its machine, though nothing else may be", () => {
  const check: Check = {
    needs: [{ query: SLEEP }],
    after: { machine: "machine-2", query: CAT },
    notYet: [],
    broken: [],
  };
  expect(wantedOf(check, "machine-1", true).get("machine-2")).toEqual({
    queries: [],
    commands: 0,
    before: { query: CAT, isMet: true },
  });
});
