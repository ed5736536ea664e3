import { expect, test } from "vitest";
import { CodedError } from "../base/index.ts";
import { FaultWatch } from "./fault.ts";

const wire = (code: "guest-panicked" | "machine-crashed") => ({ code, message: "x", causes: [] });
const said = (text: string) => ({ kind: "console", bytes: new TextEncoder().encode(text) }) as const;

test("a panic is told with the kernel's words, the console's last, and what can be gone back to", () => {
  const watch = new FaultWatch();
  watch.checkpointTaken({ id: 1 });
  watch.checkpointTaken({ id: 2 });
  watch.checkpointTaken({ id: 3 });
  watch.checkpointForgotten({ id: 3 });
  watch.take(said("a".repeat(5000)));
  watch.take(said("the end"));
  expect(watch.fault).toBeUndefined();
  watch.take({ kind: "phase", phase: "panicked", panic: "Kernel panic", error: wire("guest-panicked") });
  expect(watch.fault).toMatchObject({
    error: { code: "guest-panicked" },
    panic: "Kernel panic",
    restorable: { id: 2 },
  });
  expect(watch.fault?.lastOutput).toMatch(/^a+the end$/);
  expect(watch.fault?.lastOutput).toHaveLength(4096);
  watch.take({ kind: "phase", phase: "running" });
  expect(watch.fault).toBeUndefined();
});

test("agent and guest come back, and neither hides that the machine has crashed", () => {
  const watch = new FaultWatch();
  watch.take({ kind: "agent", state: "gone" });
  expect(watch.fault).toMatchObject({ error: { code: "agent-gone" }, restorable: undefined });
  watch.take({ kind: "guest", state: "answers" });
  expect(watch.fault).toMatchObject({ error: { code: "agent-gone" } });
  watch.take({ kind: "agent", state: "back" });
  expect(watch.fault).toBeUndefined();
  watch.take({ kind: "guest", state: "silent" });
  expect(watch.fault).toMatchObject({ error: { code: "guest-silent" } });
  watch.take({ kind: "phase", phase: "crashed", error: wire("machine-crashed") });
  watch.take({ kind: "guest", state: "answers" });
  watch.take({ kind: "agent", state: "gone" });
  expect(watch.fault).toMatchObject({ error: { code: "machine-crashed" } });
});

test("with the worker its checkpoints are gone", () => {
  const watch = new FaultWatch();
  watch.checkpointTaken({ id: 1 });
  watch.workerGone(new CodedError("machine-gone", "killed"));
  expect(watch.fault).toMatchObject({ error: { code: "machine-gone" }, restorable: undefined });
});
