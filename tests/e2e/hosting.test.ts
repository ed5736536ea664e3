/** The hosting guide's own lines on Debian's nginx and Apache, and a host that sends no headers. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer as createWebServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMAND, ROOT, WEB } from "../../tools/build.mjs";
import { apache, nginx } from "../../tools/web-servers.mjs";
import { serve } from "../../tools/serve.mjs";
import { baseUrl, launch, PLAIN_LESSON, withPage } from "../support/browser.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { runNode } from "../support/run-program.ts";
import { LabPage } from "./lab.ts";

/** A machine runs in the frame of a course page. */
async function runsInFrame(page: Page): Promise<void> {
  const frame = page.frameLocator("iframe");
  await frame.getByTestId("machine-chip").and(frame.locator("[data-phase=running]")).waitFor();
}

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

const guide = readFileSync(join(ROOT, "docs/hosting.md"), "utf8");

/** The guide's lines with a port and a folder of ours. */
function nginxLines(port: number, root: string): string {
  const lines = /```nginx\n([^]*?)```/.exec(guide)?.[1] ?? "";
  const changed = lines
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replace("root /srv/vivarium;", `root ${root};`);
  expect(changed).toContain(`listen 127.0.0.1:${port};`);
  expect(changed).toContain(`root ${root};`);
  return changed;
}

const isRoot = process.getuid?.() === 0;

/** Writes the server's settings into a folder, in which the site lies. @returns The words to start it with. */
type Configure = (folder: string, port: number) => readonly string[];

const configureNginx: Configure = (folder, port) => {
  const at = (name: string): string => join(folder, name);
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    at("nginx.conf"),
    `${isRoot ? "user root;" : ""}
daemon off; worker_processes 1; pid ${at("pid")}; error_log ${at("error.log")};
events {}
http {
  include /etc/nginx/mime.types; access_log off;
  ${kinds.map((kind) => `${kind}_temp_path ${at(kind)};`).join(" ")}
  ${nginxLines(port, folder)}
}
`,
  );
  return ["-c", at("nginx.conf"), "-e", at("error.log")];
};

const configureApache: Configure = (folder, port) => {
  const at = (name: string): string => join(folder, name);
  const modules = ["mpm_event", "authz_core", "dir", "mime", "filter", "headers", "deflate", "setenvif"];
  const load = (name: string): string => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`;
  writeFileSync(at(".htaccess"), /```apache\n([^]*?)```/.exec(guide)?.[1] ?? "");
  writeFileSync(
    at("apache.conf"),
    `${modules.map(load).join("\n")}
${isRoot ? "User www-data\nGroup www-data" : ""}
ServerRoot ${folder}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${at("pid")}
ErrorLog ${at("error.log")}
TypesConfig /etc/mime.types
DocumentRoot ${folder}
<Directory ${folder}>
  AllowOverride FileInfo
</Directory>
`,
  );
  return ["-DFOREGROUND", "-f", at("apache.conf")];
};

const SERVERS = [
  { name: "nginx", program: nginx(), configure: configureNginx },
  { name: "Apache", program: apache(), configure: configureApache },
];

test("the guide gives other hosts the same policies", async () => {
  const own = async (path: string): Promise<string> => {
    const response = await fetch(baseUrl() + path);
    await response.arrayBuffer();
    return response.headers.get("content-security-policy") ?? "";
  };
  const [page, frame] = await Promise.all([own(""), own("embed.html")]);
  for (const block of [/```apache\n([^]*?)```/, /```\n(\/\*\n[^]*?)```/]) {
    const policies = block.exec(guide)?.[1]?.match(/default-src [^"\n]*/g);
    expect(new Set(policies)).toEqual(new Set([page, frame]));
  }
});

/** Becomes true when the service worker has all files of the page there. */
async function isKeptAt(site: string): Promise<boolean> {
  const context = await browser().newContext();
  try {
    const page = await context.newPage();
    await page.goto(site + PLAIN_LESSON);
    await new LabPage(page).ready();
    return await poll(
      () =>
        page.evaluate(
          async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated",
        ),
      { timeout: 90_000, interval: 200, what: "the page to be kept" },
    );
  } finally {
    await context.close();
  }
}

for (const { name, program, configure } of SERVERS)
  describe.skipIf(program === undefined)(
    `on Debian's ${name} (needs it, or root on Debian to install it)`,
    { timeout: 120_000 },
    () => {
      let folder: string;
      let running: ChildProcess;
      let site: string;

      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "vivarium-hosting-"));
        chmodSync(folder, 0o755);
        // Under a path of its own, as in a host that holds more.
        symlinkSync(WEB, join(folder, "labs"));
        const port = await freePort();
        running = spawn(program ?? "", configure(folder, port), { stdio: "ignore" });
        site = `http://127.0.0.1:${port}/labs/`;
        await poll(async () => (await fetch(site)).ok, { what: `${name} to answer` });
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
          await withPage(browser(), runsInFrame, { path: `${course.url}course.html` });
        } finally {
          await course.close();
        }
      });

      test("the page is kept for offline use there", async () => {
        expect(await isKeptAt(site)).toBe(true);
      });
    },
  );

/** A host that has files and what kind they are, and says nothing else of them. */
const bare = shared(
  async () => {
    const root = mkdtempSync(join(tmpdir(), "vivarium-bare-"));
    const words = ["build", "courses/namespaces", "--policy", "--out", root];
    const built = await runNode(COMMAND, words, { cwd: ROOT });
    if (built.code !== 0) throw new Error(`vivarium build failed: ${built.stdout}${built.stderr}`);
    const types: Record<string, string> = {
      ".html": "text/html",
      ".js": "text/javascript",
      ".css": "text/css",
      ".svg": "image/svg+xml",
    };
    const server = createWebServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://bare");
      const file = join(root, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
      const type = types[extname(file)] ?? "application/octet-stream";
      if (existsSync(file)) response.writeHead(200, { "Content-Type": type }).end(readFileSync(file));
      else response.writeHead(404).end();
    });
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    return { root, server, url: `http://127.0.0.1:${port}/` };
  },
  ({ root, server }) => {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true });
  },
);

describe("on a host that sends no headers", () => {
  test("a step of a lesson completes, under the policy that the page carries", async () => {
    await withPage(
      browser(),
      async (page) => {
        await new LabPage(page).doFirstStep();
        // In a task of the page's own: the debugger's are under no policy.
        const isRefused = await page.evaluate(
          () =>
            new Promise<boolean>((done) => {
              setTimeout(() => {
                try {
                  new Worker("assets/worker.js").terminate();
                  done(false);
                } catch {
                  done(true);
                }
              });
            }),
        );
        expect(isRefused).toBe(true);
      },
      { path: bare().url + PLAIN_LESSON, expected: [/TrustedScriptURL/] },
    );
  });

  test("so it does in a frame of a page of another host", async () => {
    const text = `<!doctype html><link rel="icon" href="data:,">
      <iframe width="900" height="700" src="${bare().url}embed.html?lesson=namespaces/pid"></iframe>`;
    const course = await serve({ root: WEB, policy: "", find: () => ({ text }) });
    try {
      await withPage(browser(), runsInFrame, { path: course.url });
    } finally {
      await course.close();
    }
  });

  test("the page is kept for offline use", { timeout: 120_000 }, async () => {
    expect(await isKeptAt(bare().url)).toBe(true);
  });
});
