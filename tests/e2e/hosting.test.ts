/** The hosting guide's own lines, on Debian's nginx. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT, WEB } from "../../tools/build.mjs";
import { nginx } from "../../tools/nginx.mjs";
import { serve } from "../../tools/serve.mjs";
import { launch, PLAIN_LESSON, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { LabPage } from "./lab.ts";

const program = nginx();
const browser = shared(launch, (started) => started.close());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const address = server.address();
  await new Promise((done) => {
    server.close(done);
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The guide's lines with a port and a folder of ours. */
function guideLines(port: number, root: string): string {
  const guide = readFileSync(join(ROOT, "docs/hosting.md"), "utf8");
  const lines = /```nginx\n([^]*?)```/.exec(guide)?.[1] ?? "";
  const changed = lines
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replace("root /srv/vivarium;", `root ${root};`);
  expect(changed).toContain(`listen 127.0.0.1:${port};`);
  expect(changed).toContain(`root ${root};`);
  return changed;
}

describe.skipIf(program === undefined)(
  "on Debian's nginx (needs nginx, or root on Debian to install it)",
  () => {
    let folder: string;
    let running: ChildProcess;
    let site: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "vivarium-nginx-"));
      chmodSync(folder, 0o755);
      // Under a path of its own, as in a host that holds more.
      symlinkSync(WEB, join(folder, "labs"));
      const port = await freePort();
      const at = (name: string): string => join(folder, name);
      const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
      writeFileSync(
        at("nginx.conf"),
        `${process.getuid?.() === 0 ? "user root;" : ""}
daemon off; worker_processes 1; pid ${at("pid")}; error_log ${at("error.log")};
events {}
http {
  include /etc/nginx/mime.types; access_log off;
  ${kinds.map((kind) => `${kind}_temp_path ${at(kind)};`).join(" ")}
  ${guideLines(port, folder)}
}
`,
      );
      running = spawn(program ?? "", ["-c", at("nginx.conf"), "-e", at("error.log")], { stdio: "ignore" });
      site = `http://127.0.0.1:${port}/labs/`;
      await poll(async () => (await fetch(site)).ok, { what: "nginx to answer" });
    });
    afterAll(async () => {
      const ended = new Promise((done) => {
        running.once("exit", done);
      });
      running.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    });

    test("headers are the ones that the product is built for", async () => {
      const ours = await serve({ root: WEB, shared: true });
      try {
        const { files } = JSON.parse(readFileSync(join(WEB, "release.json"), "utf8")) as {
          files: [string][];
        };
        const named = (start: string): string => files.find(([path]) => path.startsWith(start))?.[0] ?? "";
        const wasm = files.find(([path]) => path.endsWith(".wasm"))?.[0] ?? "";
        const wanted = ["", "embed.html", "sw.js", "release.json", wasm, named("courses/"), named("man/")];
        for (const path of wanted) {
          const [theirs, own] = await Promise.all([fetch(site + path), fetch(ours.url + path)]);
          expect(theirs.status).toBe(200);
          for (const header of [
            "cache-control",
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "access-control-allow-origin",
          ])
            expect(`${path} ${header}: ${theirs.headers.get(header)}`).toBe(
              `${path} ${header}: ${own.headers.get(header)}`,
            );
          await Promise.all([theirs.arrayBuffer(), own.arrayBuffer()]);
        }
        const emulator = await fetch(site + wasm);
        expect(emulator.headers.get("content-type")).toBe("application/wasm");
        expect(emulator.headers.get("content-encoding")).toBe("gzip");
        expect(emulator.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
        await emulator.arrayBuffer();
      } finally {
        await ours.close();
      }
    });

    test("a step of a lesson completes there, in the page and in a sandboxed frame, without a breach of the policy", async () => {
      await withPage(
        browser(),
        async (page) => {
          await new LabPage(page).doFirstStep();
        },
        { path: site + PLAIN_LESSON },
      );
      // A course page on another host.
      writeFileSync(
        join(folder, "course.html"),
        `<!doctype html><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" width="900" height="700" src="${site}embed.html?lesson=namespaces/pid"></iframe>`,
      );
      const course = await serve({ root: folder, policy: "", find: (path) => join(folder, path) });
      try {
        await withPage(
          browser(),
          async (page) => {
            const frame = page.frameLocator("iframe");
            await frame.getByTestId("machine-chip").and(frame.locator("[data-phase=running]")).waitFor();
          },
          { path: `${course.url}course.html` },
        );
      } finally {
        await course.close();
      }
    });

    test("the page is kept for offline use there", async () => {
      const context = await browser().newContext();
      try {
        const page = await context.newPage();
        await page.goto(site + PLAIN_LESSON);
        await new LabPage(page).ready();
        await poll(
          () =>
            page.evaluate(
              async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated",
            ),
          { timeout: 90_000, interval: 200, what: "the page to be kept" },
        );
      } finally {
        await context.close();
      }
    });
  },
);
