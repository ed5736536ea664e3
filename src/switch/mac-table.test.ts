import { expect, test } from "vitest";
import { MacTable } from "./mac-table.ts";

test("an address is where it was last heard", () => {
  const table = new MacTable<string>(8, 1000);
  table.learn(1, "a", 0);
  expect(table.find(1, 0)).toBe("a");
  expect(table.find(2, 0)).toBeUndefined();
  table.learn(1, "b", 1);
  expect(table.find(1, 1)).toBe("b");
  expect(table.size).toBe(1);
});

test("an address that is silent too long is forgotten, to the millisecond", () => {
  const table = new MacTable<string>(8, 1000);
  table.learn(1, "a", 0);
  table.learn(2, "a", 1);
  expect(table.find(1, 1000)).toBe("a");
  expect(table.find(1, 1001)).toBeUndefined();
  expect(table.find(2, 1001)).toBe("a");
  expect(table.size).toBe(1);
});

test("a full table forgets who was silent longest, and never grows", () => {
  const table = new MacTable<string>(3, 1000);
  for (const address of [1, 2, 3]) table.learn(address, "a", 0);
  table.learn(1, "a", 0);
  table.learn(4, "b", 0);
  expect([1, 2, 3, 4].map((address) => table.find(address, 0))).toEqual(["a", undefined, "a", "b"]);
  for (let address = 10; address < 1000; address++) table.learn(address, "c", 0);
  expect(table.size).toBe(3);
});

test("what was heard at a port goes with it", () => {
  const table = new MacTable<string>(8, 1000);
  table.learn(1, "a", 0);
  table.learn(2, "b", 0);
  table.forget("a");
  expect([table.find(1, 0), table.find(2, 0)]).toEqual([undefined, "b"]);
});
