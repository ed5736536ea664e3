import { afterEach, describe, expect, it, vi } from "vitest";
import { poll } from "../../../tests/support/poll.ts";
import { CodedError, deferred, type Disposable, toDisposable } from "../../base/index.ts";
import type { Clock } from "../../lessons/index.ts";
import { ManReader } from "./man-reader.ts";
import { fetchedManual, type ManName, nameOf } from "./man-source.ts";
import type { ManPage } from "./man-tree.ts";

const page = (...headings: string[]): ManPage => ({
  sections: headings.map((title) => ({ title, level: 1, blocks: [] })),
  foot: "",
});

class FakeClock implements Clock {
  readonly #due: { at: number; work: () => void }[] = [];
  #now = 0;
  now(): number {
    return this.#now;
  }
  after(ms: number, work: () => void): Disposable {
    const one = { at: this.#now + ms, work };
    this.#due.push(one);
    return toDisposable(() => this.#due.splice(this.#due.indexOf(one), 1));
  }
  pass(ms: number): void {
    this.#now += ms;
    for (const one of [...this.#due]) if (one.at <= this.#now) one.work();
  }
  get waiting(): number {
    return this.#due.length;
  }
}

type Answer = (name: ManName, signal: AbortSignal) => Promise<ManPage>;

class Desk {
  readonly clock = new FakeClock();
  readonly asked: string[] = [];
  answer: Answer = async () => page("NAME", "EXAMPLES");
  readonly reader = new ManReader({
    source: {
      names: async () => new Set(["unshare(1)", "pid_namespaces(7)"]),
      load: async (name, signal) => {
        this.asked.push(nameOf(name));
        return this.answer(name, signal);
      },
    },
    clock: this.clock,
  });

  get kind(): string | undefined {
    return this.reader.view.value?.content.kind;
  }
  get fault(): string | undefined {
    const content = this.reader.view.value?.content;
    return content?.kind === "failed" ? content.error.code : undefined;
  }
  async settled(): Promise<void> {
    await poll(() => this.kind !== "waiting", { what: "an answer" });
  }
  async asking(count: number): Promise<void> {
    await poll(() => this.asked.length === count, { what: "a page to be asked for" });
  }
}

const UNSHARE = { page: "unshare", section: "1" };
const PID = { page: "pid_namespaces", section: "7" };
const hang: Answer = () => deferred<ManPage>().promise;

let desk = new Desk();
afterEach(() => {
  desk.reader.dispose();
  desk = new Desk();
});

describe("a page of the manual", () => {
  it("is fetched, opened at the section that was asked for, and kept", async () => {
    desk.reader.open({ ...UNSHARE, heading: "examples" });
    expect(desk.reader.view.value?.content).toEqual({ kind: "waiting", isLong: false });
    await desk.settled();
    expect(desk.reader.view.value?.content).toMatchObject({ kind: "page", at: 1 });
    expect(desk.clock.waiting).toBe(0);
    desk.reader.open({ ...UNSHARE, heading: "HISTORY" });
    await desk.settled();
    expect(desk.reader.view.value?.content).toMatchObject({ kind: "page", at: -1 });
    desk.reader.open(UNSHARE);
    await desk.settled();
    expect(desk.reader.view.value).toMatchObject({ content: { at: undefined }, visit: 3 });
    expect(desk.asked).toEqual(["unshare(1)"]);
  });

  it("says what it waits for when that takes long", () => {
    desk.answer = hang;
    desk.reader.open(UNSHARE);
    desk.clock.pass(299);
    expect(desk.reader.view.value?.content).toEqual({ kind: "waiting", isLong: false });
    desk.clock.pass(1);
    expect(desk.reader.view.value?.content).toEqual({ kind: "waiting", isLong: true });
  });

  it("leads to others, and back to where one was", async () => {
    desk.reader.open(UNSHARE);
    await desk.settled();
    expect(desk.reader.has(PID)).toBe(true);
    expect(desk.reader.has({ page: "uname", section: "2" })).toBe(false);
    desk.reader.follow(PID, 120);
    await desk.settled();
    expect(desk.reader.view.value).toMatchObject({ place: PID, canGoBack: true, top: undefined });
    desk.reader.back();
    await desk.settled();
    expect(desk.reader.view.value).toMatchObject({ place: UNSHARE, canGoBack: false, top: 120 });
    desk.reader.back();
    expect(desk.reader.view.value?.visit).toBe(3);
  });

  it("is forgotten when it is closed while it is on its way", async () => {
    let aborted = false;
    desk.answer = (name, signal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return hang(name, signal);
    };
    desk.reader.open(UNSHARE);
    await desk.asking(1);
    desk.reader.close();
    expect(aborted).toBe(true);
    await poll(() => desk.clock.waiting === 0, { what: "the timers to be gone" });
    expect(desk.reader.view.value).toBeUndefined();
  });

  it("does not come up once another one was asked for", async () => {
    const slow = deferred<ManPage>();
    desk.answer = () => slow.promise;
    desk.reader.open(UNSHARE);
    await desk.asking(1);
    desk.answer = async () => page("QUICK");
    desk.reader.open(PID);
    await desk.settled();
    slow.resolve(page("SLOW"));
    await Promise.resolve();
    expect(desk.reader.view.value).toMatchObject({
      place: PID,
      content: { page: { sections: [{ title: "QUICK" }] } },
    });
  });
});

describe("what goes wrong", () => {
  it("is a page that is not there", async () => {
    desk.reader.open({ page: "uname", section: "2" });
    await desk.settled();
    expect(desk.kind).toBe("missing");
    expect(desk.asked).toEqual([]);
  });

  it("is a page that does not come, and one can ask again", async () => {
    desk.answer = async () => {
      throw new CodedError("network", "offline");
    };
    desk.reader.open(UNSHARE);
    await desk.settled();
    expect(desk.fault).toBe("network");
    desk.answer = async () => page("NAME");
    desk.reader.retry();
    await desk.settled();
    expect(desk.kind).toBe("page");
  });

  it("is a server that never answers", async () => {
    desk.answer = hang;
    desk.reader.open(UNSHARE);
    desk.clock.pass(20_000);
    await desk.settled();
    expect(desk.fault).toBe("timed-out");
  });
});

describe("the pages beside the web client", () => {
  const BASE = "https://vivarium.test/man/";
  const LIST = "0123456789.json";
  const serve = (files: Readonly<Record<string, string>>): string[] => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: URL) => {
      asked.push(url.href);
      const text = files[url.href.slice(BASE.length)];
      return text === undefined ? new Response("", { status: 404 }) : new Response(text);
    });
    return asked;
  };
  const never = new AbortController().signal;
  afterEach(() => void vi.unstubAllGlobals());

  it("are named by a list that is fetched once", async () => {
    const asked = serve({
      [LIST]: '{"unshare(1)": "abcdef0123.txt"}',
      "abcdef0123.txt": "<section><h1>NAME</h1><p>x</p></section>",
    });
    const source = fetchedManual(BASE, LIST);
    expect([...(await source.names(never))]).toEqual(["unshare(1)"]);
    expect(await source.load(UNSHARE, never)).toMatchObject({ sections: [{ title: "NAME" }] });
    expect(asked).toEqual([`${BASE}${LIST}`, `${BASE}abcdef0123.txt`]);
  });

  it("are none where the profile has no list", async () => {
    expect((await fetchedManual(BASE, undefined).names(never)).size).toBe(0);
  });

  it.each([
    ["a list that is not there", {}, "asset-missing"],
    ["a list that is no list", { [LIST]: "<!doctype html>" }, "manifest-invalid"],
    ["a list that leads elsewhere", { [LIST]: '{"unshare(1)": "../x.txt"}' }, "manifest-invalid"],
    ["a page that is not there", { [LIST]: '{"unshare(1)": "abcdef0123.txt"}' }, "asset-missing"],
    [
      "a page that is none",
      { [LIST]: '{"unshare(1)": "abcdef0123.txt"}', "abcdef0123.txt": "x" },
      "asset-corrupt",
    ],
  ])("may be %s", async (_, files, code) => {
    serve(files);
    await expect(fetchedManual(BASE, LIST).load(UNSHARE, never)).rejects.toMatchObject({ code });
  });
});
