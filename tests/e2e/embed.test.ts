/** Labs in pages of others: what a page may do, and what it may not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { WEB } from "../../tools/build.mjs";
import { serve } from "../../tools/serve.mjs";
import type { connect as Connect } from "../../src/embed/index.ts";
import type { EmbedState } from "../../src/protocol/embed.ts";
import { launch, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";

const LESSON = "namespaces/pid";

const browser = shared(launch, (started) => started.close());
/** Where the labs are: a host that lets others have its files, and one that does not. */
const host = shared(
  () => serve({ root: WEB, shared: true }),
  (server) => server.close(),
);
const closed = shared(
  () => serve({ root: WEB }),
  (server) => server.close(),
);

/** Opens a course page, which lies on an origin of its own. */
async function course(
  body: string,
  look: (page: Page, origin: string) => Promise<void>,
  expected: readonly RegExp[] = [],
): Promise<void> {
  const text = `<!doctype html><meta charset="utf-8"><title>A course</title><link rel="icon" href="data:,">
    ${body}<script type="module">
      import { connect } from "${host().url}embed.js";
      Object.assign(globalThis, { connect });
    </script>`;
  const find = (path: string): { text: string } | undefined => (path === "index.html" ? { text } : undefined);
  const server = await serve({ root: WEB, policy: "", find });
  try {
    const { origin } = new URL(server.url);
    await withPage(browser(), (page) => look(page, origin), { path: server.url, expected });
  } finally {
    await server.close();
  }
}

const stateOf = (page: Page, id: string): Promise<EmbedState | undefined> =>
  page.evaluate((name) => {
    const lab = document.querySelector<HTMLElementTagNameMap["vivarium-lab"]>(`#${name}`);
    return lab?.handle?.state();
  }, id);

const isReady = async (page: Page, id: string): Promise<boolean> => (await stateOf(page, id))?.ready === true;

/** Seconds since the guest booted, as its kernel counts them. */
const uptimeOf = (page: Page, id: string): Promise<number> =>
  page.evaluate(async (name) => {
    const lab = document.querySelector<HTMLElementTagNameMap["vivarium-lab"]>(`#${name}`);
    const [seen] = Object.values((await lab?.handle?.observe()) ?? {});
    return seen?.kernel?.uptime ?? -1;
  }, id);

test("the script is small", () => {
  const script = readFileSync(join(WEB, "embed.js"));
  expect(brotliCompressSync(script).length).toBeLessThan(5 * 1024);
  expect(gzipSync(script, { level: 9 }).length).toBeLessThan(5 * 1024);
});

test("two labs in one page: focus and scroll stay, what is out of sight stands still, each has its own", async () => {
  await course(
    `<input><vivarium-lab id="near" lesson="${LESSON}" step="look-around" label="Near" theme="dark" height="500"></vivarium-lab>
    <div style="height:4000px"></div><vivarium-lab id="far" lesson="${LESSON}" step="without-fork" start="auto"></vivarium-lab>
    <div style="height:1000px"></div>`,
    async (page) => {
      const notes = page.locator("input");
      await notes.focus();
      await poll(() => isReady(page, "far"), {
        timeout: 40_000,
        interval: 100,
        what: "the far lab to be ready",
      });
      // Nobody has started the near one.
      expect(await page.locator("#near iframe").count()).toBe(0);
      await poll(async () => (await stateOf(page, "far"))?.machines[0]?.phase === "paused", {
        what: "the lab that nobody sees to pause",
      });
      const before = await uptimeOf(page, "far");
      await page.evaluate(() =>
        document.querySelector<HTMLElementTagNameMap["vivarium-lab"]>("#far")?.handle?.goTo("fork"),
      );
      await poll(async () => (await stateOf(page, "far"))?.step === "fork");
      await page.keyboard.type("still here");
      expect(await notes.inputValue()).toBe("still here");
      expect(await page.evaluate(() => scrollY)).toBe(0);

      await page.evaluate(() => {
        const done = document.querySelector<HTMLElement>("#near");
        done?.addEventListener("vivarium-step", ({ detail }) => {
          if (detail.kind === "done") done.dataset["done"] = Object.keys(detail.observations).join();
        });
      });
      await page.getByRole("button", { name: "Near" }).press("Enter");
      await poll(() => isReady(page, "near"), { timeout: 40_000, interval: 100, what: "the near lab" });
      const inner = page.frames().find((frame) => frame.url().includes("theme=dark"));
      expect(await inner?.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
      await page.evaluate(() =>
        document.querySelector<HTMLElementTagNameMap["vivarium-lab"]>("#near")?.handle?.run("sleep 1000 &"),
      );
      await poll(async () => (await page.locator("#near").getAttribute("data-done")) === "machine-1", {
        timeout: 20_000,
        what: "the step to be told as done, with what was seen",
      });
      expect((await stateOf(page, "near"))?.steps.map(({ done }) => done).slice(0, 2)).toEqual([true, false]);
      expect((await stateOf(page, "far"))?.steps.every(({ done }) => !done)).toBe(true);
      expect(await uptimeOf(page, "far")).toBe(before);

      const near = (reset: boolean): Promise<number> =>
        page.evaluate(async (first) => {
          const handle = document.querySelector<HTMLElementTagNameMap["vivarium-lab"]>("#near")?.handle;
          if (first) await handle?.reset();
          const seen = Object.values((await handle?.observe()) ?? {});
          return seen.flatMap(({ processes }) => processes).filter(({ comm }) => comm === "sleep").length;
        }, reset);
      expect(await near(false)).toBe(1);
      expect(await near(true)).toBe(0);

      await page.locator("#far").scrollIntoViewIfNeeded();
      await poll(async () => (await uptimeOf(page, "far")) > before, { what: "guest time to go on" });
      await page.evaluate(() => document.querySelector("#far")?.remove());
      await poll(() => page.frames().length === 2, { what: "the frame to be gone" });
    },
  );
});

test("a lesson that is gone through is told as completed, with a statement and what was seen at its end", async () => {
  await course(`<vivarium-lab lesson="namespaces/uts" start="auto"></vivarium-lab>`, async (page) => {
    await page.evaluate(() =>
      document.querySelector("vivarium-lab")?.addEventListener("vivarium-completed", ({ detail }) => {
        const seen = Object.values(detail.observations).flatMap(({ namespaces }) => namespaces);
        Object.assign(globalThis, {
          completed: {
            ...detail,
            observations: seen.flatMap((one) => (one.kind === "uts" ? one.hostName : [])),
          },
        });
      }),
    );
    const completed = (): Promise<unknown> =>
      page.evaluate(() => (globalThis as { completed?: unknown }).completed);
    await poll(
      () =>
        page.evaluate(() =>
          document
            .querySelector("vivarium-lab")
            ?.handle?.state()
            .then(({ ready }) => ready),
        ),
      { timeout: 40_000, interval: 100, what: "the lab to be ready" },
    );
    const run = (line: string): Promise<void> =>
      page.evaluate((typed) => document.querySelector("vivarium-lab")?.handle?.run(typed), line);
    const isDone = async (step: number): Promise<void> => {
      const done = (): Promise<boolean | undefined> =>
        page.evaluate(
          async (at) => (await document.querySelector("vivarium-lab")?.handle?.state())?.steps[at]?.done,
          step,
        );
      await poll(done, { interval: 100, what: `step ${step} to be done` });
    };
    const goTo = (step: string): Promise<void> =>
      page.evaluate((id) => document.querySelector("vivarium-lab")?.handle?.goTo(id), step);
    await run("unshare --uts bash");
    await run("hostname blue");
    await isDone(0);
    await goTo("prompt");
    await run("exec bash");
    await page.frameLocator("vivarium-lab iframe").getByTestId("next-step").click();
    await isDone(1);
    expect(await completed()).toBeUndefined();
    await run("exit");
    await run("unshare --uts sh -c 'hostname green; exec sleep 1000' &");
    await poll(async () => (await completed()) !== undefined, { timeout: 30_000, what: "the lesson's end" });
    expect(await completed()).toMatchObject({
      lesson: "namespaces/uts",
      observations: expect.arrayContaining(["vivarium", "green"]),
      statement: {
        verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
        object: { id: `${host().url}?lesson=namespaces/uts` },
        result: { completion: true },
      },
    });
  });
});

/** Speaks with a frame by hand, as a page might that means no good. */
async function greet(
  page: Page,
  frame: string,
  nonce: string,
): Promise<{ port: unknown; window: unknown; again: unknown }> {
  return page.evaluate(
    async ([selector = "", said = ""]) => {
      const iframe = document.querySelector<HTMLIFrameElement>(selector);
      const hello = async (): Promise<{ port: unknown; window: unknown; mine: MessagePort }> => {
        const { port1, port2 } = new MessageChannel();
        const heard: { port: unknown; window: unknown } = { port: undefined, window: undefined };
        const over = new Promise<void>((done) => {
          port1.onmessage = ({ data }) => {
            heard.port = data;
            done();
          };
          addEventListener("message", ({ source, data }) => {
            if (source !== iframe?.contentWindow || data.kind === "here") return;
            heard.window = data;
            done();
          });
          setTimeout(done, 1500);
        });
        iframe?.contentWindow?.postMessage({ vivarium: 1, kind: "hello", nonce: said }, "*", [port2]);
        await over;
        return { ...heard, mine: port1 };
      };
      const first = await hello();
      Object.assign(globalThis, { port: first.mine });
      const again = await hello();
      return { port: first.port, window: first.window, again: again.window };
    },
    [frame, nonce],
  );
}

/** Waits until a frame listens. */
const listens = (page: Page, frame: string): Promise<unknown> =>
  page.evaluate(
    (selector) =>
      new Promise<void>((done) => {
        const iframe = document.querySelector<HTMLIFrameElement>(selector);
        addEventListener("message", ({ source }) => {
          if (source === iframe?.contentWindow) done();
        });
        setInterval(() => iframe?.contentWindow?.postMessage({ vivarium: 1, kind: "knock" }, "*"), 500);
      }),
    frame,
  );

test("a hostile page is refused: origins, nonces, replays, floods, unknown calls, siblings; the lab goes on", async () => {
  const address = `${host().url}embed.html?lesson=${LESSON}`;
  await course(
    `<iframe id="lab" sandbox="allow-scripts" src="${address}" width="900" height="500"></iframe>
    <iframe id="sibling" srcdoc="<p>I am another frame</p>"></iframe>`,
    async (page) => {
      await listens(page, "#lab");
      // A frame beside it is not the page around it.
      const answered = await page.evaluate(
        () =>
          new Promise<boolean>((done) => {
            const sibling = document.querySelector<HTMLIFrameElement>("#sibling")?.contentWindow;
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done(true);
            const send = sibling?.document.createElement("script");
            if (sibling === null || sibling === undefined || send === undefined)
              throw new Error("no sibling");
            Object.assign(sibling, { port2 });
            send.textContent = `parent.frames[0].postMessage(
              { vivarium: 1, kind: "hello", nonce: "from-a-sibling-frame" }, "*", [port2])`;
            sibling.document.body.append(send);
            setTimeout(() => done(false), 1000);
          }),
      );
      expect(answered).toBe(false);

      // Too short a nonce is no hello; the next is one, and its replay is none.
      expect(await greet(page, "#lab", "short")).toEqual({
        port: undefined,
        window: undefined,
        again: undefined,
      });
      const greeted = await greet(page, "#lab", "0123456789abcdef");
      expect(greeted.port).toEqual({ kind: "welcome", nonce: "0123456789abcdef" });
      expect(greeted.again).toMatchObject({ kind: "refused", message: expect.stringContaining("already") });

      const told = await page.evaluate(async () => {
        const { port } = globalThis as unknown as { port: MessagePort };
        const failed: string[] = [];
        const ids = new Set<number>();
        const over = new Promise<void>((done) => {
          port.onmessage = ({ data }) => {
            if (data.kind === "failed") failed.push(`${data.code}`);
            if (data.kind === "answer" || data.kind === "failed") ids.add(data.id);
            if (ids.size === 201) done();
          };
        });
        port.postMessage({ kind: "call", id: 0, call: { name: "eval", text: "alert(1)" } });
        for (let id = 1; id <= 200; id++) port.postMessage({ kind: "call", id, call: { name: "state" } });
        await over;
        return { first: failed[0], others: [...new Set(failed.slice(1))], count: failed.length };
      });
      expect(told).toMatchObject({ first: "unknown-call", others: ["flood"] });
      expect(told.count).toBeGreaterThan(100);

      // The learner notices nothing of it.
      const lab = page.frameLocator("#lab");
      await poll(
        async () => (await lab.getByTestId("machine-chip").getAttribute("data-phase")) === "running",
        {
          timeout: 40_000,
        },
      );
      await lab.locator("#terminal textarea").pressSequentially("sleep 1000 &\n");
      await poll(async () => (await lab.getByTestId("verdict").getAttribute("data-verdict")) === "holds", {
        timeout: 30_000,
        what: "the step to be done by typing",
      });
      // Nothing is stored where the origin is opaque, and the frame says so.
      await lab.getByRole("button", { name: /^More/ }).click();
      expect(await lab.getByTestId("where-kept").getAttribute("class")).toContain("note");
    },
  );
});

test("a frame for another page refuses this one, and a page refuses what only looks like a lab", async () => {
  const address = `${host().url}embed.html?terminal&origin=https://elsewhere.example`;
  const impostor = `addEventListener("message", ({ data, ports }) => {
    if (data.kind === "knock") parent.postMessage({ vivarium: 1, kind: "here" }, "*");
    if (data.kind === "hello") ports[0].postMessage({ kind: "welcome", nonce: "not-what-was-said" });
  })`;
  await course(
    `<iframe id="other" src="${address}"></iframe>
    <iframe id="impostor" srcdoc='<script>${impostor}</script>'></iframe>`,
    async (page, origin) => {
      const codes = await page.evaluate(
        async ([theirs = "", ours = ""]) => {
          const { connect } = globalThis as unknown as { connect: typeof Connect };
          const of = async (id: string, named: string, timeoutMs: number): Promise<unknown> => {
            const iframe = document.querySelector<HTMLIFrameElement>(id);
            if (iframe === null) throw new Error(`there is no ${id}`);
            return connect(iframe, { origin: named, timeoutMs }).then(
              () => "connected",
              (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
            );
          };
          return Promise.all([
            of("#other", theirs, 20_000),
            of("#impostor", ours, 20_000),
            // What says it is here is of another origin than the one that was named.
            of("#impostor", theirs, 1000),
          ]);
        },
        [new URL(host().url).origin, origin],
      );
      expect(codes).toEqual([
        expect.stringMatching(/^refused: this frame is for https:\/\/elsewhere\.example and not for /),
        expect.stringMatching(/^refused: what answers is not what was greeted/),
        expect.stringMatching(/^frame-silent: /),
      ]);
    },
  );
});

test("in a sandbox, a host that keeps its files to itself is told in one sentence what to send", async () => {
  await course(
    `<vivarium-lab lesson="${LESSON}" host="${closed().url}" sandbox start="auto"></vivarium-lab>
    <script>addEventListener("vivarium-failed", ({ detail }) => { globalThis.failed = detail; });</script>`,
    async (page) => {
      const note = page.frameLocator("vivarium-lab iframe").getByRole("alert");
      await poll(() => note.isVisible(), { timeout: 20_000, what: "the sentence" });
      expect(await note.innerText()).toContain("has to send Access-Control-Allow-Origin: * with its files");
      const failed = await poll(() =>
        page.evaluate(() => (globalThis as { failed?: { code: string; message: string } }).failed),
      );
      expect(failed).toMatchObject({
        code: "refused",
        message: expect.stringContaining("Access-Control-Allow-Origin: *"),
      });
    },
    [/CORS|ERR_FAILED|Access-Control/],
  );
});

test("what a lab tells reaches the whole page: who it was is put in, and the height follows", async () => {
  const told = [
    { name: "ready", detail: { lesson: "a/b" } },
    { name: "step", detail: { kind: "opened", step: "one", title: "One" } },
    {
      name: "completed",
      detail: { lesson: "a/b", statement: { actor: { name: "nobody" }, verb: { id: "v" } } },
    },
    { name: "failed", detail: { code: "boot-failed", message: "no kernel" } },
    { name: "resized", detail: { width: 300, height: 150, wanted: 700 } },
  ];
  // Stands in for the frame: it tells everything at once.
  const text = `<!doctype html><script>addEventListener("message", ({ data, ports: [port] }) => {
    if (data.kind !== "hello") return;
    port.postMessage({ kind: "welcome", nonce: data.nonce });
    for (const event of ${JSON.stringify(told)}) port.postMessage({ kind: "event", event });
  });
  parent.postMessage({ vivarium: 1, kind: "here" }, "*");</script>`;
  const labs = await serve({
    root: WEB,
    policy: "",
    shared: true,
    find: (path) => (path === "embed.html" ? { text } : undefined),
  });
  try {
    await course(
      `<script>
        globalThis.heard = {};
        for (const name of ${JSON.stringify(told.map(({ name }) => name))})
          addEventListener("vivarium-" + name, ({ detail }) => { heard[name] = detail; });
      </script>
      <vivarium-lab lesson="a/b" host="${labs.url}" height="auto"></vivarium-lab>`,
      async (page) => {
        const lab = page.locator("vivarium-lab");
        expect((await lab.boundingBox())?.height).toBe(560);
        await lab.evaluate((element: HTMLElementTagNameMap["vivarium-lab"]) => {
          element.actor = { name: "somebody" };
        });
        await lab.getByRole("button").click();
        const heard = (): Promise<Record<string, unknown>> =>
          page.evaluate(() => (globalThis as unknown as { heard: Record<string, unknown> }).heard);
        await poll(async () => Object.keys(await heard()).length === told.length, { what: "all events" });
        const expected = Object.fromEntries(told.map(({ name, detail }) => [name, detail]));
        expect(await heard()).toEqual({
          ...expected,
          completed: { lesson: "a/b", statement: { actor: { name: "somebody" }, verb: { id: "v" } } },
        });
        expect((await lab.boundingBox())?.height).toBe(700);
      },
    );
  } finally {
    await labs.close();
  }
});

test("without a height of its own, a narrow lesson has room for the terminal below it", async () => {
  await course(
    `<vivarium-lab lesson="${LESSON}"></vivarium-lab>
    <div style="width: 700px"><vivarium-lab lesson="${LESSON}"></vivarium-lab>
      <vivarium-lab lesson="${LESSON}" height="auto"></vivarium-lab><vivarium-lab lesson="${LESSON}" height="300"></vivarium-lab>
      <vivarium-terminal></vivarium-terminal></div>`,
    async (page) => {
      const labs = await page.locator("vivarium-lab, vivarium-terminal").all();
      const heights = await Promise.all(labs.map(async (lab) => (await lab.boundingBox())?.height));
      expect(heights).toEqual([560, 760, 760, 300, 560]);
    },
  );
});

test("a lesson that there is none of is told, though it is known before the page listens", async () => {
  await course(
    `<script>addEventListener("vivarium-failed", ({ detail }) => { globalThis.failed = detail; });</script>
    <vivarium-lab lesson="no/such" start="auto"></vivarium-lab>`,
    async (page) => {
      const failed = await poll(
        () => page.evaluate(() => (globalThis as { failed?: { code: string; message: string } }).failed),
        { timeout: 20_000, what: "the page to be told" },
      );
      expect(failed).toEqual({ code: "asset-missing", message: "there is no lesson no/such" });
    },
  );
});

test("a terminal without a lesson is typed into by the page, and begins anew after it was ended", async () => {
  await course(
    `<vivarium-terminal id="shell" height="400" start="visible"></vivarium-terminal>`,
    async (page) => {
      const isThere = async (): Promise<boolean> => isReady(page, "shell").catch(() => false);
      await poll(isThere, { timeout: 40_000, interval: 100, what: "the terminal to be ready" });
      const inner = page.frameLocator("#shell iframe");
      const seen = await page.evaluate(async () => {
        const handle = document.querySelector<HTMLElementTagNameMap["vivarium-terminal"]>("#shell")?.handle;
        await handle?.run("unshare --pid --fork bash");
        await handle?.type("echo typed-$((40+2))\r");
        const refused = await handle?.goTo("one").catch((error: { code: string }) => error.code);
        return { refused, names: Object.keys((await handle?.observe()) ?? {}) };
      });
      expect(seen).toEqual({ refused: "bad-argument", names: ["machine-1"] });
      await poll(async () => (await inner.locator("#terminal").innerText()).includes("typed-42"), {
        what: "what was typed to be done",
      });
      await page.evaluate(() =>
        document.querySelector<HTMLElementTagNameMap["vivarium-terminal"]>("#shell")?.handle?.dispose(),
      );
      await inner.getByRole("button", { name: "Start it again" }).click();
      await poll(isThere, { timeout: 40_000, interval: 100, what: "the new terminal to be ready" });
    },
  );
});
