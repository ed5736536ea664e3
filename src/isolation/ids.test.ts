import { expect, test } from "vitest";
import {
  CAPABILITY_NAMES,
  capabilityNames,
  gidIn,
  idInside,
  namespaceKey,
  sameNamespace,
  sameProcess,
  uidIn,
  uidInside,
} from "./index.ts";
import { aMap, aNamespace, aProcess, inOwn, seen, toldProcess } from "./observation-builder.ts";

test("an id is found in the range that covers it", () => {
  const ranges = [
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 100_000, count: 10 },
  ];
  expect([1000, 100_000, 100_009, 100_010, 999, 0].map((id) => idInside(ranges, id))).toEqual([
    0,
    1,
    10,
    undefined,
    undefined,
    undefined,
  ]);
});

test("whoever has no number in a user namespace is called 65534 there", () => {
  const mapped = aNamespace("user", 70, { uidMap: aMap(0, 1000), gidMap: aMap(5, 2000) });
  expect([uidIn(mapped, 1000), uidIn(mapped, 0), gidIn(mapped, 2000), gidIn(mapped, 0)]).toEqual([
    0, 65534, 5, 65534,
  ]);
  const root = aProcess(98, "bash", { uid: 1000, ...inOwn({ user: 70 }) });
  expect(uidInside(seen([root], { namespaces: [mapped] }), root)).toBe(0);
  expect(uidInside(seen([root]), root)).toBeUndefined();
});

test("a mask names its capabilities", () => {
  expect(capabilityNames("0000000000000000")).toEqual([]);
  expect(capabilityNames("0000000000200001")).toEqual(["cap_chown", "cap_sys_admin"]);
  expect(capabilityNames("000001ffffffffff")).toEqual(CAPABILITY_NAMES);
  expect(capabilityNames("ffffffffffffffff")).toHaveLength(41);
  expect(capabilityNames("0000010000000000")).toEqual(["cap_checkpoint_restore"]);
  expect(capabilityNames("not a mask")).toEqual([]);
});

test("a pid that was given out again is another process", () => {
  const first = aProcess(40, "sleep");
  expect(sameProcess(first, aProcess(40, "cat"))).toBe(true);
  expect(sameProcess(first, aProcess(40, "sleep", { details: { startedAt: 41 } }))).toBe(false);
  expect(sameProcess(first, aProcess(41, "sleep", { details: { startedAt: 40 } }))).toBe(false);
  // The agent does not know when it started: numbers in PID namespaces never change.
  expect(sameProcess(toldProcess(40, "sleep"), toldProcess(40, "cat"))).toBe(true);
  expect(sameProcess(toldProcess(40, "sleep"), toldProcess(40, "sleep", { pids: [40, 1] }))).toBe(false);
});

test("a number that was given out again is another namespace", () => {
  const first = aNamespace("net", 60);
  expect(sameNamespace(first, aNamespace("net", 60))).toBe(true);
  expect(sameNamespace(first, aNamespace("net", 60, { generation: 1 }))).toBe(false);
  expect(sameNamespace(first, aNamespace("ipc", 60))).toBe(false);
  expect(namespaceKey(aNamespace("net", 60, { generation: 1 }))).toBe("net:60:1");
});
