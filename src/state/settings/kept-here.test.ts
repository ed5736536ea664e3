import { describe, expect, it } from "vitest";
import { KeptHere, type NamedTexts } from "./kept-here.ts";

class FakeTexts implements NamedTexts {
  readonly kept: Map<string, string>;
  constructor(kept: Readonly<Record<string, string>>) {
    this.kept = new Map(Object.entries(kept));
  }
  all() {
    return [...this.kept];
  }
  set(name: string, text: string): void {
    this.kept.set(name, text);
  }
  remove(name: string): void {
    this.kept.delete(name);
  }
}

/** Caches with files of so many bytes. */
function fakeCaches(kept: Record<string, readonly Response[]>): CacheStorage {
  return {
    keys: async () => Object.keys(kept),
    open: async (name: string) => ({ matchAll: async () => kept[name] ?? [] }),
    delete: async (name: string) => Reflect.deleteProperty(kept, name),
  } as unknown as CacheStorage;
}

function setUp() {
  const local = new FakeTexts({
    "vivarium/settings": "{}",
    "vivarium/layout": "{..}",
    "others/thing": "theirs",
  });
  const session = new FakeTexts({ "vivarium/terminal": "root@vivarium", theirs: "x" });
  const files = {
    "vivarium page /lab/": [new Response("abc"), new Response("", { headers: { "content-length": "1000" } })],
    "vivarium decoded /lab/": [new Response("", { headers: { "content-length": "500" } })],
    "vivarium page /other/": [new Response("a site beside")],
    "somebody's /lab/": [new Response("another product")],
  };
  const done: string[] = [];
  const kept = new KeptHere({
    local,
    session,
    caches: fakeCaches(files),
    estimate: async () => ({ usage: 4096, quota: 1_000_000 }),
    folder: "/lab/",
    unregister: async () => void done.push("unregister"),
    leave: () => done.push("leave"),
  });
  return { kept, local, session, files, done };
}

describe("what is kept in a browser", () => {
  it("is told by kinds, and what others keep beside it is none of it", async () => {
    const { kept } = setUp();
    expect(await kept.report()).toEqual({
      parts: [
        { kind: "settings", count: 1, bytes: 19 },
        { kind: "layout", count: 1, bytes: 19 },
        { kind: "terminal", count: 1, bytes: 30 },
        { kind: "offline", count: 2, bytes: 1003 },
        { kind: "decoded", count: 1, bytes: 500 },
      ],
      used: 4096,
      allowed: 1_000_000,
    });
  });

  it("is erased by the page that comes next: all of ours, nothing of others", async () => {
    const { kept, local, session, files, done } = setUp();
    expect(kept.isAskedToErase).toBe(false);
    kept.askToErase();
    expect(done).toEqual(["leave"]);
    expect(kept.isAskedToErase).toBe(true);
    expect(local.kept.size).toBe(3);
    await kept.erase();
    expect(done).toEqual(["leave", "unregister"]);
    expect([...local.kept.keys()]).toEqual(["others/thing"]);
    expect([...session.kept.keys()]).toEqual(["theirs"]);
    expect(Object.keys(files)).toEqual(["vivarium page /other/", "somebody's /lab/"]);
    expect(kept.isAskedToErase).toBe(false);
    expect((await kept.report()).parts).toEqual([]);
  });
});
