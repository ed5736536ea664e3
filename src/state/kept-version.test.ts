import { expect, test } from "vitest";
import { type Migration, readKept } from "./kept-version.ts";

const MIGRATIONS: readonly Migration[] = [
  ({ wide, ...rest }) => ({ ...rest, width: wide === true ? 2 : 1 }),
  ({ width, ...rest }) => ({ ...rest, size: { width } }),
];

test.each([
  [
    { schema: 1, wide: true, name: "a" },
    { schema: 1, name: "a", size: { width: 2 } },
  ],
  [
    { schema: 2, width: 7 },
    { schema: 2, size: { width: 7 } },
  ],
  [
    { schema: 3, size: { width: 5 } },
    { schema: 3, size: { width: 5 } },
  ],
  [
    { schema: 9, size: { width: 5 }, more: 1 },
    { schema: 9, size: { width: 5 }, more: 1 },
  ],
])("%j goes through the migrations that come after its version", (kept, read) => {
  expect(readKept(JSON.stringify(kept), MIGRATIONS)).toEqual(read);
});

test.each(["", "{", "null", "[]", "{}", '{"schema":"1"}', '{"schema":0}', '{"schema":1.5}'])(
  "%j has no version",
  (text) => {
    expect(() => readKept(text, MIGRATIONS)).toThrow(/JSON|^Invalid/);
  },
);
