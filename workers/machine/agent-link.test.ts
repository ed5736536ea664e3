import { expect, test } from "vitest";
import { concatBytes } from "../../src/base/index.ts";
import {
  AGENT_PROTOCOL_VERSION,
  encodeFrame,
  type Frame,
  FrameReader,
  type OpenSpec,
  ToGuest,
  ToHost,
  Verb,
} from "../../src/protocol/agent.ts";
import { AgentLink, type ChannelListener } from "./agent-link.ts";

const SPEC: OpenSpec = {
  kind: "pipes",
  cols: 0,
  rows: 0,
  timeoutMs: 0,
  credit: 1000,
  user: "root",
  cwd: "",
  argv: ["x"],
  env: [],
};
const WINDOW = 100;

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** A link over a line whose room is set by the test, and what the guest has read of it. */
function setUp() {
  const guest = new FrameReader();
  const received: Frame[] = [];
  let room = Number.POSITIVE_INFINITY;
  const link = new AgentLink({
    send(bytes) {
      const taken = Math.min(bytes.length, room);
      room -= taken;
      received.push(...guest.push(bytes.subarray(0, taken)));
      return taken;
    },
  });
  const heard: string[] = [];
  const listener: ChannelListener = {
    opened: (pid) => heard.push(`opened ${pid}`),
    output: (stream, bytes) => heard.push(`${stream} ${new TextDecoder().decode(bytes)}`),
    taken: (bytes) => heard.push(`taken ${bytes}`),
    exited: (status) => heard.push(`exited ${status.how}`),
    lost: (error) => heard.push(`lost ${error.code}`),
  };
  const hello = (version = AGENT_PROTOCOL_VERSION): void => {
    const payload = concatBytes([Uint8Array.of(version, 0), u32(0), u32(27), u32(WINDOW)]);
    link.receive(encodeFrame(ToHost.hello, 0, payload));
  };
  return { link, received, heard, listener, hello, setRoom: (bytes: number) => (room = bytes) };
}

test("input waits for the guest's credit and arrives whole and in order", () => {
  const { link, received, heard, listener, hello } = setUp();
  hello();
  const channel = link.open(SPEC, listener);
  const text = "abcdefghij".repeat(30);
  channel.write(new TextEncoder().encode(text));
  channel.end();
  const data = (): string =>
    received
      .filter((frame) => frame.type === ToGuest.data)
      .map((frame) => new TextDecoder().decode(frame.payload))
      .join("");
  expect(data()).toBe(text.slice(0, WINDOW));
  expect(received.some((frame) => frame.type === ToGuest.eof)).toBe(false);
  link.receive(encodeFrame(ToHost.credit, channel.id, u32(150)));
  expect(data()).toBe(text.slice(0, WINDOW + 150));
  link.receive(encodeFrame(ToHost.credit, channel.id, u32(50)));
  expect(data()).toBe(text);
  expect(received.filter((frame) => frame.type === ToGuest.eof).length).toBe(1);
  expect(heard).toEqual(["taken 150", "taken 50"]);
});

test("frames wait for room on the line and are not torn", () => {
  const { link, received, listener, hello, setRoom } = setUp();
  hello();
  setRoom(7);
  const channel = link.open(SPEC, listener);
  channel.resize(80, 24);
  expect(received).toEqual([]);
  for (let i = 0; i < 20; i++) {
    setRoom(5);
    link.pump();
  }
  expect(received.map((frame) => frame.type)).toEqual([ToGuest.open, ToGuest.resize]);
});

test("an agent that introduces itself again has lost everything it served", async () => {
  const { link, heard, listener, hello } = setUp();
  hello();
  const agent: string[] = [];
  link.onAgent((state) => agent.push(state));
  const channel = link.open(SPEC, listener);
  const asked = link.request(Verb.processes);
  hello();
  await expect(asked).rejects.toMatchObject({ code: "agent-gone" });
  expect(heard).toEqual(["lost agent-gone"]);
  expect(agent).toEqual(["gone", "back"]);
  // What the dead agent still had on the line belongs to nobody.
  link.receive(encodeFrame(ToHost.data, channel.id, Uint8Array.of(65)));
  expect(heard).toEqual(["lost agent-gone"]);
});

test("an agent of another version is not used", async () => {
  const { link, hello } = setUp();
  const asked = link.request(Verb.status);
  hello(AGENT_PROTOCOL_VERSION + 1);
  await expect(asked).rejects.toMatchObject({ code: "agent-version" });
  expect(link.ready).toBe(false);
});

test("answers are gathered, refusals are errors", async () => {
  const { link, received, hello } = setUp();
  hello();
  const id = (): number => received.findLast((frame) => frame.type === ToGuest.request)?.channel ?? 0;
  const good = link.request(Verb.status);
  link.receive(encodeFrame(ToHost.replyData, id(), Uint8Array.of(1)));
  link.receive(encodeFrame(ToHost.replyData, id(), Uint8Array.of(2)));
  link.receive(encodeFrame(ToHost.replyEnd, id(), u32(0)));
  expect([...concatBytes(await good)]).toEqual([1, 2]);
  const bad = link.request(Verb.setup);
  link.receive(encodeFrame(ToHost.replyEnd, id(), u32(1)));
  await expect(bad).rejects.toMatchObject({ code: "agent-refused" });
});

test("its state carries over to another link, half-sent and half-received frames included", () => {
  const first = setUp();
  first.hello();
  const channel = first.link.open(SPEC, first.listener);
  channel.write(new Uint8Array(250).fill(65));
  first.setRoom(3);
  channel.resize(100, 40);
  const half = encodeFrame(ToHost.data, channel.id, Uint8Array.of(66));
  first.link.receive(half.subarray(0, 6));

  const second = setUp();
  second.link.restore(structuredClone(first.link.state()));
  const restored = second.link.channels[0];
  expect(restored?.id).toBe(channel.id);
  if (restored !== undefined) restored.listener = second.listener;
  second.link.receive(half.subarray(6));
  expect(second.heard).toEqual(["stdout B"]);
  second.link.receive(encodeFrame(ToHost.credit, channel.id, u32(WINDOW)));
  const data = second.received.filter((frame) => frame.type === ToGuest.data);
  expect(data.reduce((sum, frame) => sum + frame.payload.length, 0)).toBe(WINDOW);
});
