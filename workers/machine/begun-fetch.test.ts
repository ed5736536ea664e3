import { afterEach, expect, test, vi } from "vitest";
import { begunFetch } from "./begun-fetch.ts";

const ADDRESS = "https://host.example/store/snapshot";

const AT = new URL(ADDRESS);

afterEach(() => vi.unstubAllGlobals());

function stubFetch(answer: (init: RequestInit) => Promise<Response>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string | URL, init: RequestInit = {}) => {
    asked.push(String(url));
    return answer(init);
  });
  return asked;
}

test("begins at once, and gives what has begun to the first who asks for it", async () => {
  const asked = stubFetch(async () => new Response(`answer ${asked.length}`));
  const begun = begunFetch(ADDRESS);
  expect(asked).toEqual([ADDRESS]);
  expect(await (await begun(new URL("other", AT), {})).text()).toBe("answer 2");
  expect(await (await begun(AT, {})).text()).toBe("answer 1");
  expect(await (await begun(AT, {})).text()).toBe("answer 3");
});

test("who asks past the browser's cache gets nothing that came out of it", async () => {
  const asked = stubFetch(async () => new Response(`answer ${asked.length}`));
  const begun = begunFetch(ADDRESS);
  expect(await (await begun(AT, { cache: "reload" })).text()).toBe("answer 2");
});

test("a failure is told to who asks, and once", async () => {
  let isDown = true;
  stubFetch(async () => {
    if (isDown) throw new TypeError("Failed to fetch");
    return new Response("up again");
  });
  const begun = begunFetch(ADDRESS);
  await expect(begun(AT, {})).rejects.toThrow("Failed to fetch");
  isDown = false;
  expect(await (await begun(AT, {})).text()).toBe("up again");
});

test.each(["before it is asked for", "afterwards"])("ends with the one who asks: %s", async (when) => {
  stubFetch(
    ({ signal }) =>
      new Promise((_, failed) => {
        signal?.addEventListener("abort", () => failed(signal.reason as Error));
      }),
  );
  const begun = begunFetch(ADDRESS);
  const stop = new AbortController();
  if (when !== "afterwards") stop.abort(new Error("enough"));
  const response = begun(AT, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(response).rejects.toThrow("enough");
});
