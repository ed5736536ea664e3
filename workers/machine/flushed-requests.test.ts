import { expect, test } from "vitest";
import { takeBackFlushed } from "./flushed-requests.ts";
import type { V86BufferChain } from "./v86-internals.ts";

const TREAD = 116;
const TFLUSH = 108;

function message(type: number, tag: number, ...rest: number[]): Uint8Array {
  const size = 7 + rest.length;
  return Uint8Array.of(size, 0, 0, 0, type, tag & 0xff, tag >> 8, ...rest);
}

const flushOf = (tag: number, oldTag: number): Uint8Array => message(TFLUSH, tag, oldTag & 0xff, oldTag >> 8);

/** A server with the shape of v86's, whose reads are answered when the test wants it. */
function server() {
  const requests: Uint8Array[] = [];
  /** What the driver gets back, in order: tags of answers, and requests that come back empty. */
  const toDriver: string[] = [];
  const names = new Map<V86BufferChain, string>();
  const device = {
    replybuffer: new Uint8Array(64),
    virtqueue: {
      pop_request(): V86BufferChain {
        const request = requests.shift() ?? new Uint8Array(0);
        return {
          get_next_blob(bytes) {
            bytes.set(request.subarray(0, bytes.length));
            return Math.min(request.length, bytes.length);
          },
        };
      },
      push_reply: (chain: V86BufferChain) => void toDriver.push(`empty ${names.get(chain)}`),
    },
    SendReply: (chain: V86BufferChain) => void toDriver.push(`answer ${names.get(chain)}`),
  };
  takeBackFlushed(device);
  return {
    toDriver,
    /** What v86 does with a request as it comes. */
    receive(name: string, request: Uint8Array): V86BufferChain {
      requests.push(request);
      const chain = device.virtqueue.pop_request();
      names.set(chain, name);
      chain.get_next_blob(new Uint8Array(request.length));
      return chain;
    },
    answer(chain: V86BufferChain, tag: number): void {
      device.replybuffer.set([7, 0, 0, 0, TREAD + 1, tag & 0xff, tag >> 8]);
      device.SendReply(chain);
    },
  };
}

test("a request that is taken back comes back empty, before the answer to that, and is not answered", () => {
  const v86 = server();
  const read = v86.receive("read", message(TREAD, 300));
  const flush = v86.receive("flush", flushOf(5, 300));
  v86.answer(flush, 5);
  v86.answer(read, 300);
  expect(v86.toDriver).toEqual(["empty read", "answer flush"]);
});

test("a request that was answered before it is taken back stays answered", () => {
  const v86 = server();
  const read = v86.receive("read", message(TREAD, 300));
  v86.answer(read, 300);
  v86.answer(v86.receive("flush", flushOf(5, 300)), 5);
  expect(v86.toDriver).toEqual(["answer read", "answer flush"]);
});

test("a tag is used again while what was asked with it first is still looked for", () => {
  const v86 = server();
  const first = v86.receive("first", message(TREAD, 7));
  v86.answer(v86.receive("flush", flushOf(5, 7)), 5);
  const second = v86.receive("second", message(TREAD, 7));
  v86.answer(first, 7);
  v86.answer(second, 7);
  v86.answer(v86.receive("flush again", flushOf(5, 7)), 5);
  expect(v86.toDriver).toEqual(["empty first", "answer flush", "answer second", "answer flush again"]);
});

test("a flush that is cut short, or of what nobody asked, takes nothing back", () => {
  const v86 = server();
  const read = v86.receive("read", message(TREAD, 7));
  v86.answer(v86.receive("short", message(TFLUSH, 5, 7)), 5);
  v86.answer(v86.receive("other", flushOf(6, 8)), 6);
  v86.answer(read, 7);
  expect(v86.toDriver).toEqual(["answer short", "answer other", "answer read"]);
});
