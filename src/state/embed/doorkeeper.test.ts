import { afterEach, describe, expect, test } from "vitest";
import { Doorkeeper, type HeardMessage, pageOrigin } from "./doorkeeper.ts";

const PAGE = "https://course.example";
const NONCE = "0123456789abcdef";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function setUp(origin: string | undefined = PAGE) {
  const posted: [message: unknown, target: string][] = [];
  const admitted: MessagePort[] = [];
  let now = 0;
  const door = new Doorkeeper({
    origin,
    post: (message, target) => posted.push([message, target]),
    admit: (port) => admitted.push(port),
    now: () => now,
  });
  const hello = (more: Partial<HeardMessage> = {}, data: object = {}): void => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    door.hear({
      isFromParent: true,
      origin: PAGE,
      data: { vivarium: 1, kind: "hello", nonce: NONCE, ...data },
      ports: [port2],
      ...more,
    });
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { door, hello, posted, admitted, pass };
}

describe("who may speak with the frame", () => {
  test("the page around it, which is welcomed with its nonce over its port", async () => {
    const { hello, admitted, posted } = setUp();
    hello();
    expect(admitted).toHaveLength(1);
    expect(posted).toEqual([]);
    const [pageEnd] = open;
    const welcome = await new Promise((done) => {
      if (pageEnd !== undefined) pageEnd.onmessage = ({ data }: MessageEvent<unknown>) => done(data);
    });
    expect(welcome).toEqual({ kind: "welcome", nonce: NONCE });
  });

  test("nobody else's window, which gets no answer either", () => {
    const { hello, admitted, posted } = setUp();
    hello({ isFromParent: false });
    expect([admitted, posted]).toEqual([[], []]);
  });

  test.each([
    ["another origin", { origin: "https://evil.example" }, {}, /is for https:\/\/course\.example/],
    ["another version", {}, { vivarium: 2 }, /version 1, not 2/],
    ["no port", { ports: [] }, {}, /one port/],
  ])("not one with %s, which is told why", (_what, heard, data, why) => {
    const { hello, admitted, posted } = setUp();
    hello(heard, data);
    expect(admitted).toEqual([]);
    expect(posted).toEqual([
      [
        expect.objectContaining({ kind: "refused", nonce: NONCE, message: expect.stringMatching(why) }),
        "origin" in heard ? heard.origin : PAGE,
      ],
    ]);
  });

  test("not a second time, be it a replay or a new hello", () => {
    const { hello, admitted, posted } = setUp();
    hello();
    hello();
    hello({}, { nonce: "another-nonce-of-16" });
    expect(admitted).toHaveLength(1);
    expect(posted).toHaveLength(2);
  });

  test("not one whose message is none of ours", () => {
    const { hello, admitted, posted } = setUp();
    for (const data of [{ nonce: "short" }, { nonce: 7 }, { nonce: "x".repeat(1000) }, { kind: "toString" }])
      hello({}, data);
    expect([admitted, posted]).toEqual([[], []]);
  });

  test("one from an opaque origin, where the frame is for that", () => {
    const { hello, admitted } = setUp("null");
    hello({ origin: "null" });
    expect(admitted).toHaveLength(1);
  });
});

test("who floods is not answered any more, until there is quiet again", () => {
  const { door, posted, hello, admitted, pass } = setUp();
  const knock = { isFromParent: true, origin: PAGE, data: { vivarium: 1, kind: "knock" }, ports: [] };
  for (let i = 0; i < 1000; i++) door.hear(knock);
  expect(posted.length).toBe(20);
  hello();
  expect(admitted).toHaveLength(0);
  pass(1000);
  hello();
  expect(admitted).toHaveLength(1);
});

test.each([
  ["the address says one", "?origin=https://a.example", "https://b.example", "https://a.example"],
  ["it says one with a path", "?origin=https://a.example/x", undefined, "https://a.example"],
  ["it says an opaque one", "?origin=null", "https://b.example", "null"],
  ["it says nothing that is one", "?origin=nonsense", "https://b.example", "invalid:"],
  ["it says a script", "?origin=javascript:alert(1)", "https://b.example", "invalid:"],
  ["the browser says one", "?lesson=a/b", "https://b.example", "https://b.example"],
  ["only the referrer does", "", undefined, "https://c.example"],
])("the page's origin, when %s", (_when, search, ancestor, expected) => {
  expect(pageOrigin({ search, ancestor, referrer: "https://c.example/course" })).toBe(expected);
});

test("nobody says it: the first that speaks counts", () => {
  expect(pageOrigin({ search: "", ancestor: undefined, referrer: "" })).toBe(undefined);
});
