import { describe, expect, test, vi } from "vitest";
import { deferred, Emitter } from "../../base/index.ts";
import { KeptStore } from "./kept-store.ts";
import { OfflineDesk, type PageKeeper, type Update } from "./offline-desk.ts";
import type { SiteRelease } from "./site-release.ts";

const STORE = "https://host.example/store/";

const release: SiteRelease = {
  format: 1,
  id: "one",
  files: [
    ["index.html", "sha256-x", 10],
    ["embed.html", "sha256-y", 4],
  ],
  stores: {
    base: [
      ["kernel", 4, true],
      ["bash", 2, false],
    ],
    containers: [
      ["kernel", 4, true],
      ["podman", 6, false],
    ],
  },
};

/** A cache that holds names alone. */
class NameCache {
  readonly names = new Set<string>();
  full = false;

  async keys(): Promise<readonly Request[]> {
    return [...this.names].map((url) => new Request(url));
  }
  async put(url: string): Promise<void> {
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    this.names.add(url);
  }
  async delete(url: string): Promise<boolean> {
    return this.names.delete(url);
  }
}

interface World {
  readonly cache: NameCache;
  readonly asked: [name: string, cache: string | undefined][];
  readonly desk: OfflineDesk;
  readonly update: Emitter<Update>;
  isOffline: boolean;
  hasOthers: boolean;
  /** Until when the page's own files are on their way. */
  keeping: Promise<void>;
  readonly pageFiles: Set<string>;
}

function world(options: { savesData?: boolean } = {}): World {
  const cache = new NameCache();
  const said = new Map<string, boolean>();
  let isKept = false;
  const update = new Emitter<Update>();
  const keeper: PageKeeper = {
    possible: "yes",
    onUpdate: update.event,
    isKept: async () => isKept,
    keptFiles: async () => made.pageFiles,
    async keep() {
      if (made.isOffline) throw new Error("no network");
      await made.keeping;
      isKept = true;
    },
    takeOver: async () => !made.isOffline,
    tidy: async () => !made.hasOthers,
    alone: (_signal, work) => work(),
    persist: async () => undefined,
  };
  const sizes = new Map(
    Object.values(release.stores).flatMap((files) => files.map(([name, bytes]) => [name, bytes])),
  );
  const asked: World["asked"] = [];
  const desk = new OfflineDesk({
    keeper,
    store: new KeptStore({
      base: STORE,
      open: async () => cache as unknown as Cache,
      fetch: async (url, init) => {
        const name = url.slice(STORE.length);
        asked.push([name, init.cache]);
        if (made.isOffline) throw new TypeError("no network");
        return new Response(new Uint8Array(sizes.get(name) ?? 0));
      },
    }),
    wanted: {
      load: async () => (profile) => said.get(profile) ?? profile === "base",
      async save(profile, isWanted) {
        said.set(profile, isWanted);
      },
    },
    load: async () => release,
    savesData: () => options.savesData ?? false,
  });
  const made: World = {
    ...{ cache, asked, desk, update },
    ...{ isOffline: false, hasOthers: false },
    keeping: Promise.resolve(),
    pageFiles: new Set(),
  };
  return made;
}

const statesOf = ({ state }: OfflineDesk): unknown => {
  const now = state.value;
  return typeof now === "string"
    ? now
    : [
        now.page.state.kind,
        ...now.profiles.map(({ name, missing, own, state: { kind } }) => [name, kind, missing, own]),
      ];
};
const names = (cache: NameCache): string[] =>
  [...cache.names].map((url) => url.slice(STORE.length)).toSorted();

describe("what is kept for offline use", () => {
  test("is the page and base, when a visitor is at rest; nothing is fetched twice", async () => {
    const { desk, cache, asked } = world();
    await desk.look();
    expect(statesOf(desk)).toEqual(["absent", ["base", "absent", 6, 0], ["containers", "absent", 10, 0]]);
    await desk.atRest();
    expect(statesOf(desk)).toEqual(["kept", ["base", "kept", 0, 6], ["containers", "absent", 6, 0]]);
    await desk.atRest();
    expect(names(cache)).toEqual(["bash", "kernel"]);
    // What a machine fetches anyway lies in the browser's cache; all else shall not.
    expect(asked).toEqual([
      ["kernel", "force-cache"],
      ["bash", "no-store"],
    ]);
  });

  test("tells how much of the page has come while it comes", async () => {
    vi.useFakeTimers();
    try {
      const made = world();
      const keeping = deferred<void>();
      made.keeping = keeping.promise;
      const resting = made.desk.atRest();
      await vi.advanceTimersByTimeAsync(600);
      expect(made.desk.state.value).toMatchObject({ page: { state: { kind: "waiting" } } });
      made.pageFiles.add("index.html").add("of/another-release.js");
      await vi.advanceTimersByTimeAsync(600);
      expect(made.desk.state.value).toMatchObject({
        page: { bytes: 14, state: { kind: "fetching", fetched: 10, total: 14 } },
      });
      keeping.resolve();
      await resting;
      expect(made.desk.state.value).toMatchObject({ page: { state: { kind: "kept" } } });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is nothing where a browser is told to save data, and another profile by request", async () => {
    const { desk, cache } = world({ savesData: true });
    await desk.atRest();
    expect(names(cache)).toEqual([]);
    await desk.keep("containers");
    expect(names(cache)).toEqual(["kernel", "podman"]);
  });

  test("goes when it is removed, but for what another profile needs, and stays away", async () => {
    const { desk, cache } = world();
    await desk.keep("containers");
    await desk.atRest();
    await desk.remove("containers");
    expect(names(cache)).toEqual(["bash", "kernel"]);
    await desk.atRest();
    expect(statesOf(desk)).toEqual(["kept", ["base", "kept", 0, 6], ["containers", "absent", 6, 0]]);
  });

  test("says what failed: no network, no room", async () => {
    const made = world();
    made.isOffline = true;
    await made.desk.keep("base");
    expect(statesOf(made.desk)).toEqual([
      "failed",
      ["base", "failed", 6, 0],
      ["containers", "absent", 10, 0],
    ]);
    made.isOffline = false;
    made.cache.full = true;
    await made.desk.keep("base");
    expect(made.desk.state.value).toMatchObject({
      profiles: [{ name: "base", state: { kind: "failed", why: "full" } }, {}],
    });
  });

  test("loses what no release names any more, once no page of another release is open", async () => {
    const made = world();
    made.cache.names.add(`${STORE}of-before`);
    made.hasOthers = true;
    await made.desk.atRest();
    expect(names(made.cache)).toEqual(["bash", "kernel", "of-before"]);
    made.hasOthers = false;
    await made.desk.atRest();
    expect(names(made.cache)).toEqual(["bash", "kernel"]);
  });

  test("a new release is told, and that it cannot be had without a network", async () => {
    const made = world();
    made.update.fire("newer");
    expect(made.desk.update.value).toBe("newer");
    made.isOffline = true;
    await made.desk.takeOver();
    expect(made.desk.update.value).toBe("unreachable");
  });
});
