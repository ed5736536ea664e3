import { afterEach, describe, expect, test, vi } from "vitest";
import { CodedError, deferred } from "../../base/index.ts";
import type { EmbedCall } from "../../protocol/embed.ts";
import { EmbedPort } from "./embed-port.ts";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function setUp(answer: (call: EmbedCall) => Promise<unknown> = async () => undefined) {
  const { port1: page, port2 } = new MessageChannel();
  open.push(page, port2);
  const heard: Record<string, unknown>[] = [];
  page.onmessage = ({ data }: MessageEvent<Record<string, unknown>>) => heard.push(data);
  const asked: EmbedCall[] = [];
  const visible: boolean[] = [];
  let now = 0;
  const wire = new EmbedPort({
    port: port2,
    answer: async (call) => {
      asked.push(call);
      return answer(call);
    },
    onVisible: (is) => visible.push(is),
    now: () => now,
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  const hears = async (count: number): Promise<void> =>
    vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(count));
  return { page, heard, asked, visible, wire, pass, hears };
}

const call = (id: number, what: object): object => ({ kind: "call", id, call: what });

describe("the frame's end of the port", () => {
  test("answers each call once, with its id", async () => {
    const { page, heard, hears } = setUp(async ({ name }) => name);
    page.postMessage(call(7, { name: "state" }), []);
    page.postMessage(call(8, { name: "observe" }), []);
    await hears(2);
    expect(heard).toEqual([
      { kind: "answer", id: 7, value: "state" },
      { kind: "answer", id: 8, value: "observe" },
    ]);
  });

  test("tells what was thrown by its code", async () => {
    const { page, heard, hears } = setUp(async () => {
      throw new CodedError("machine-gone", "the machine is gone");
    });
    page.postMessage(call(1, { name: "reset" }), []);
    await hears(1);
    expect(heard).toEqual([{ kind: "failed", id: 1, code: "machine-gone", message: "the machine is gone" }]);
  });

  test.each([
    ["unknown-call", { name: "eval", text: "1" }],
    ["unknown-call", { name: "__proto__" }],
    ["bad-argument", { name: "run" }],
    ["bad-argument", { name: "run", command: "a\nb" }],
    ["bad-argument", { name: "run", command: "x".repeat(5000) }],
    ["bad-argument", { name: "type", text: "x".repeat(70_000) }],
    ["bad-argument", { name: "goTo", step: 7 }],
  ])("refuses with %s, and nothing is done", async (code, what) => {
    const { page, heard, asked, hears } = setUp();
    page.postMessage(call(1, what), []);
    await hears(1);
    expect(heard).toEqual([expect.objectContaining({ kind: "failed", id: 1, code })]);
    expect(asked).toEqual([]);
  });

  test("ignores what is no message, and goes on", async () => {
    const { page, heard, visible, hears } = setUp();
    for (const nonsense of [
      null,
      7,
      "call",
      {},
      call(-1, { name: "state" }),
      { kind: "visible", visible: 1 },
    ])
      page.postMessage(nonsense, []);
    page.postMessage({ kind: "visible", visible: false }, []);
    page.postMessage(call(1, { name: "state" }), []);
    await hears(1);
    expect(heard).toEqual([{ kind: "answer", id: 1, value: undefined }]);
    expect(visible).toEqual([false]);
  });

  test("refuses a flood by its code, and takes calls again when it is over", async () => {
    const { page, heard, asked, pass, hears } = setUp();
    for (let id = 0; id < 200; id++) page.postMessage(call(id, { name: "state" }), []);
    await hears(200);
    const refused = heard.filter(({ kind }) => kind === "failed");
    expect(asked.length).toBeLessThanOrEqual(60);
    expect(refused.length).toBe(200 - asked.length);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["flood"]));
    pass(1000);
    page.postMessage(call(999, { name: "state" }), []);
    await hears(201);
    expect(heard.at(-1)).toEqual({ kind: "answer", id: 999, value: undefined });
  });

  test("does not listen for ever to who does not stop", async () => {
    const { page, heard } = setUp();
    for (let id = 0; id < 2000; id++) page.postMessage(call(id, { name: "state" }), []);
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ kind: "gone" }));
    expect(heard.length).toBeLessThan(700);
  });

  test("does not take on more than it can hold", async () => {
    const never = deferred<void>();
    const { page, heard, asked, hears } = setUp(async () => never.promise);
    for (let id = 0; id < 20; id++) page.postMessage(call(id, { name: "observe" }), []);
    await hears(4);
    expect(asked).toHaveLength(16);
    expect(heard.map(({ code }) => code)).toEqual(["flood", "flood", "flood", "flood"]);
  });
});
