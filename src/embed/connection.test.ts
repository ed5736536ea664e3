import { afterEach, describe, expect, test, vi } from "vitest";
import type { PageMessage } from "../protocol/embed.ts";
import { Connection } from "./connection.ts";

const open: MessagePort[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const port of open.splice(0)) port.close();
});

/** A connection, and the frame's end of it, which does what a test says. */
function setUp(onCall: (message: PageMessage, post: (message: unknown) => void) => void = () => undefined) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const heard: PageMessage[] = [];
  port2.onmessage = ({ data }: MessageEvent<PageMessage>) => {
    heard.push(data);
    onCall(data, (message) => port2.postMessage(message, []));
  };
  return { lab: new Connection(port1), frame: port2, heard };
}

const idOf = (message: PageMessage): number => (message.kind === "call" ? message.id : -1);

describe("a call", () => {
  test("is answered by its own answer, whatever the order", async () => {
    const held: number[] = [];
    const { lab } = setUp((message, post) => {
      held.push(idOf(message));
      if (held.length === 2)
        for (const id of held.toReversed()) post({ kind: "answer", id, value: { lesson: id } });
    });
    const [first, second] = await Promise.all([lab.state(), lab.state()]);
    expect([first, second]).toEqual([{ lesson: 1 }, { lesson: 2 }]);
  });

  test("rejects with the frame's code", async () => {
    const { lab, heard } = setUp((message, post) =>
      post({ kind: "failed", id: idOf(message), code: "machine-busy", message: "not now" }),
    );
    await expect(lab.run("id", { terminal: "two" })).rejects.toMatchObject({
      code: "machine-busy",
      message: "not now",
    });
    expect(heard).toEqual([{ kind: "call", id: 1, call: { name: "run", command: "id", terminal: "two" } }]);
  });

  test("times out when nobody answers, and an answer that comes later is nobody's", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { lab, frame } = setUp();
    const late = lab.observe();
    vi.advanceTimersByTime(30_000);
    await expect(late).rejects.toMatchObject({ code: "timed-out" });
    frame.postMessage({ kind: "answer", id: 1, value: {} }, []);
    const gone = lab.gone;
    frame.postMessage({ kind: "gone" }, []);
    await gone;
  });

  test("rejects when the frame goes, and so does one that comes after", async () => {
    const { lab } = setUp((_message, post) => post({ kind: "gone" }));
    await expect(lab.reset()).rejects.toMatchObject({ code: "frame-gone" });
    await expect(lab.reset()).rejects.toMatchObject({ code: "frame-gone" });
  });

  test("rejects when the lab is disposed, and the frame is told", async () => {
    const { lab, heard } = setUp();
    const call = lab.goTo("two");
    lab.dispose();
    await expect(call).rejects.toMatchObject({ code: "frame-gone" });
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ kind: "call", id: 2, call: { name: "dispose" } }));
  });
});

test("events reach those who listen to them, until they do not; what is no message is ignored", async () => {
  const { lab, frame } = setUp();
  const heard: unknown[] = [];
  const stop = lab.on("step", (detail) => heard.push(detail));
  for (const nonsense of [
    null,
    "event",
    { kind: "event" },
    { kind: "event", event: { name: "toString", detail: {} } },
    { kind: "event", event: { name: "step", detail: 7 } },
    { kind: "answer", id: "1" },
  ])
    frame.postMessage(nonsense, []);
  frame.postMessage({ kind: "event", event: { name: "failed", detail: { code: "x", message: "" } } }, []);
  frame.postMessage({ kind: "event", event: { name: "step", detail: { kind: "opened", step: "a" } } }, []);
  await vi.waitFor(() => expect(heard).toEqual([{ kind: "opened", step: "a" }]));
  stop();
  frame.postMessage({ kind: "event", event: { name: "step", detail: { kind: "opened", step: "b" } } }, []);
  frame.postMessage({ kind: "gone" }, []);
  await lab.gone;
  expect(heard).toHaveLength(1);
});
