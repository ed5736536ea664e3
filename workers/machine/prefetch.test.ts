import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CodedError, type Deferred, deferred } from "../../src/base/index.ts";
import type { ChunkRef } from "../../src/protocol/machine.ts";
import { ChunkFetcher } from "./chunk-fetcher.ts";
import { parseOrder, Prefetch } from "./prefetch.ts";
import type { ReadOptions } from "./store.ts";

const MIB = 1024 * 1024;
const chunk = (number: number, stored = 10): ChunkRef => [
  number.toString(16).padStart(64, "0"),
  stored,
  stored,
];
const order = Array.from({ length: 20 }, (_, i) => chunk(i));
const name = (number: number): string => chunk(number)[0];
const numbers = (list: readonly string[]): number[] => list.map((one) => Number.parseInt(one, 16));

/** A server whose answers the test gives. */
class FakeSource {
  readonly asked: string[] = [];
  readonly options: ReadOptions[] = [];
  readonly waiting = new Map<string, Deferred<Uint8Array<ArrayBuffer>>>();

  read = (file: string, length: number, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> => {
    this.asked.push(file);
    this.options.push(options);
    const answer = deferred<Uint8Array<ArrayBuffer>>();
    this.waiting.set(file, answer);
    return answer.promise.finally(() => this.waiting.delete(file)).then(() => new Uint8Array(length));
  };

  async answer(number: number, error?: CodedError): Promise<void> {
    const waiting = this.waiting.get(name(number));
    if (error === undefined) waiting?.resolve(new Uint8Array(0));
    else waiting?.reject(error);
    await vi.advanceTimersByTimeAsync(0);
  }
}

function setUp(recorded: readonly ChunkRef[] = order) {
  const source = new FakeSource();
  const fetcher = new ChunkFetcher(source, new AbortController().signal);
  const here = new Set<string>();
  const load = vi.fn<() => Promise<readonly ChunkRef[]>>(async () => recorded);
  const isHere = (one: string): boolean => here.has(one) || fetcher.has(one);
  const prefetch = new Prefetch({ load, supply: fetcher, isHere });
  return { source, fetcher, here, load, prefetch };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

describe("looking ahead", () => {
  test("fetches the next eight of the recorded order, what is here and on its way left out", async () => {
    const { source, here, prefetch } = setUp();
    here.add(name(5));
    await prefetch.lookAhead();
    expect(source.asked).toEqual([]);
    prefetch.asked(name(3));
    expect(numbers(source.asked)).toEqual([4, 6, 7, 8, 9, 10, 11]);
    prefetch.asked(name(4));
    expect(numbers(source.asked).slice(7)).toEqual([12]);
    prefetch.asked(name(19));
    prefetch.asked("unheard of");
    expect(source.asked.length).toBe(8);
    expect(source.options.every(({ priority }) => priority === undefined)).toBe(true);
  });

  test("a guest that asks for what is on its way joins, and what has arrived is taken from memory", async () => {
    const { source, fetcher, prefetch } = setUp();
    await prefetch.lookAhead();
    prefetch.asked(name(0));
    const joined = fetcher.demand(name(1), 10, false);
    await source.answer(1);
    await source.answer(2);
    expect((await joined).length).toBe(10);
    expect((await fetcher.demand(name(2), 10, false)).length).toBe(10);
    expect(numbers(source.asked)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // Both have been handed over: a second request is a new one.
    expect([fetcher.has(name(1)), fetcher.has(name(2))]).toEqual([false, false]);
  });

  test("what was fetched ahead and turned out damaged is fetched again", async () => {
    const { source, fetcher, prefetch } = setUp();
    await prefetch.lookAhead();
    prefetch.asked(name(0));
    await source.answer(1);
    const again = fetcher.demand(name(1), 10, true);
    expect(source.options.at(-1)).toMatchObject({ fresh: true });
    await source.answer(1);
    expect((await again).length).toBe(10);
  });

  test("begins with the first file that a learner's command needs, and not before there is a prompt", async () => {
    const { source, load, prefetch } = setUp();
    prefetch.asked(name(0));
    await vi.advanceTimersByTimeAsync(0);
    expect(load).not.toHaveBeenCalled();
    prefetch.promptShown();
    prefetch.asked(name(3));
    prefetch.asked(name(4));
    await vi.advanceTimersByTimeAsync(0);
    expect(load).toHaveBeenCalledOnce();
    // The list comes late for the third chunk; it is the fourth that is the last word.
    expect(numbers(source.asked)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test("keeps no more than it is allowed to, the oldest goes first", async () => {
    const { source, fetcher } = setUp();
    for (const number of [0, 1, 2, 3, 4]) {
      const fetching = fetcher.ahead(chunk(number, MIB));
      await source.answer(number);
      await fetching;
    }
    expect([0, 1, 2, 3, 4].map((number) => fetcher.has(name(number)))).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  test("a failure is nobody's trouble", async () => {
    const { source, fetcher, prefetch } = setUp();
    await prefetch.lookAhead();
    prefetch.asked(name(0));
    await source.answer(1, new CodedError("network", "down"));
    const demanded = fetcher.demand(name(1), 10, false);
    await source.answer(1);
    expect((await demanded).length).toBe(10);
  });
});

describe("filling the browser's cache", () => {
  test("begins when the page has settled, two at a time, at low priority, each chunk once", async () => {
    const { source, here, load, prefetch } = setUp();
    here.add(name(1));
    prefetch.promptShown();
    prefetch.promptShown();
    await vi.advanceTimersByTimeAsync(1900);
    expect(load).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(load).toHaveBeenCalledOnce();
    expect(numbers(source.asked)).toEqual([0, 2]);
    for (let number = 0; number < order.length; number++) await source.answer(number);
    expect(numbers(source.asked)).toEqual(order.map((_, i) => i).filter((i) => i !== 1));
    expect(source.options.every(({ priority }) => priority === "low")).toBe(true);
    prefetch.promptShown();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(source.asked.length).toBe(19);
  });

  test("stands back while a guest waits", async () => {
    const { source, fetcher, prefetch } = setUp();
    prefetch.promptShown();
    await vi.advanceTimersByTimeAsync(2000);
    const demanded = fetcher.demand("other", 10, false);
    await source.answer(0);
    await source.answer(1);
    expect(source.asked).toEqual([name(0), name(1), "other"]);
    source.waiting.get("other")?.resolve(new Uint8Array(0));
    await demanded;
    await vi.advanceTimersByTimeAsync(0);
    expect(source.asked.slice(3)).toEqual([name(2), name(3)]);
  });

  test("ends at its limit, at the first failure, and with the machine", async () => {
    const large = setUp([chunk(0, 20 * MIB), chunk(1, 10 * MIB), chunk(2, 10 * MIB), chunk(3)]);
    large.prefetch.promptShown();
    await vi.advanceTimersByTimeAsync(2000);
    for (const number of [0, 1]) await large.source.answer(number);
    expect(numbers(large.source.asked)).toEqual([0, 1]);

    const failing = setUp();
    failing.prefetch.promptShown();
    await vi.advanceTimersByTimeAsync(2000);
    await failing.source.answer(0, new CodedError("network", "down"));
    await failing.source.answer(1);
    expect(numbers(failing.source.asked)).toEqual([0, 1]);

    const early = setUp();
    early.prefetch.promptShown();
    early.prefetch.dispose();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(early.load).not.toHaveBeenCalled();

    const late = setUp();
    late.prefetch.promptShown();
    await vi.advanceTimersByTimeAsync(2000);
    late.prefetch.dispose();
    await late.source.answer(0);
    expect(numbers(late.source.asked)).toEqual([0, 1]);
  });
});

describe("the recorded order", () => {
  const bytes = (list: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(list));

  test("is the lesson's after a snapshot, and the boot's before it from firmware, each chunk once", () => {
    const list = bytes({ format: 1, boot: [chunk(1), chunk(2)], lesson: [chunk(3), chunk(1), chunk(4)] });
    const orderOf = (from: "firmware" | "snapshot"): number[] =>
      numbers(parseOrder(list, from).map(([one]) => one));
    expect(orderOf("snapshot")).toEqual([3, 1, 4]);
    expect(orderOf("firmware")).toEqual([1, 2, 3, 4]);
  });

  test("is refused when it is malformed", () => {
    for (const list of [
      { format: 2, boot: [], lesson: [] },
      { format: 1, boot: [["x", 1, 1]], lesson: [] },
    ])
      expect(() => parseOrder(bytes(list), "snapshot")).toThrow(CodedError);
  });
});
