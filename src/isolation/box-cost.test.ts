import { expect, test } from "vitest";
import { containerStarts, costKey } from "./index.ts";
import { boxesOf } from "./boxes.ts";
import type { Observation } from "./observation.ts";
import { aProcess, INIT, seen } from "./observation-builder.ts";

function withContainer(makerAt: number, firstAt: number): Observation {
  const inside = { ...INIT, pid: 50, mnt: 51 };
  return seen([
    aProcess(1, "init"),
    aProcess(40, "conmon", { ppid: 1, details: { startedAt: makerAt } }),
    aProcess(41, "sleep", { ppid: 40, pids: [41, 1], namespaces: inside, details: { startedAt: firstAt } }),
  ]);
}

test("a container took from its maker's start to its own", () => {
  const boxes = boxesOf(withContainer(5000, 5230));
  const [box] = boxes.boxes;
  expect([...containerStarts("one", boxes)]).toEqual([[costKey("one", box?.key ?? ""), 230]]);
});

test("whoever was there long before did not begin with it", () => {
  expect([...containerStarts("one", boxesOf(withContainer(5000, 90_000)))]).toEqual([]);
});
