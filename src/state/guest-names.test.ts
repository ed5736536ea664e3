import { expect, test } from "vitest";
import { guestName } from "./guest-names.ts";

test.each([
  ["notes.txt", "notes.txt"],
  ["folder/ä ö.txt", "folder/ä ö.txt"],
  ["..notes", "..notes"],
  ["-rf", "-rf"],
  ["a\u001b]0;x\u0007b", "a_]0;x_b"],
  ["a\nb", "a_b"],
  ["invoice\u202Efdp.exe", "invoice_fdp.exe"],
  ["x".repeat(255), "x".repeat(255)],
])("%j becomes %j", (name, expected) => expect(guestName(name)).toBe(expected));

test.each(["", ".", "..", "../x", "a/../b", "/etc/passwd", "a//b", "a/", "ä".repeat(128)])(
  "%j is refused",
  (name) => expect(guestName(name)).toBeUndefined(),
);
