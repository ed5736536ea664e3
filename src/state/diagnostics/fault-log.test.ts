import { expect, test } from "vitest";
import { CodedError } from "../../base/index.ts";
import { FaultLog } from "./fault-log.ts";

test("keeps when, what and where of the latest twenty, and not a word of the message", () => {
  let now = 1000;
  const log = new FaultLog(() => now++);
  const first = new CodedError("file-failed", "open /root/diary.txt: no such file");
  log.note(first, "files");
  for (let i = 0; i < 24; i++)
    log.note(new CodedError("network", `${i}`, { cause: new TypeError("Failed to fetch") }), "file");
  const noted = log.noted.value;
  expect(noted).toHaveLength(20);
  expect(noted.at(-1)).toEqual({ time: 1024, code: "network", place: "file", cause: "TypeError" });
  expect(noted[0]?.time).toBe(1005);
  expect(JSON.stringify(noted)).not.toContain("diary");
});

test("notes a fault once, wherever it turns up again", () => {
  const log = new FaultLog(() => 1);
  const fault = new CodedError("machine-gone", "its worker has died");
  log.note(fault, "machine");
  log.note(fault, "terminal");
  expect(log.noted.value).toEqual([{ time: 1, code: "machine-gone", place: "machine", cause: undefined }]);
});
