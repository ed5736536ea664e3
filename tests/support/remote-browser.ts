import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { firefox, webkit } from "../../tools/other-browsers.mjs";
import { poll } from "./poll.ts";

/** https://www.w3.org/TR/webdriver2/#elements: the key that says that a value is an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** A browser that is driven by WebDriver's commands. */
export interface RemoteBrowser {
  goTo(url: string): Promise<void>;
  /** Runs a function's body in the page. */
  run(script: string): Promise<unknown>;
  /** Types into what has the focus; `\n` is Enter. */
  type(text: string): Promise<void>;
  screenshot(path: string): Promise<void>;
  /** Errors that the browser's console has of our pages, where it lets one see them. */
  complaints(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill();
  await gone;
}

const asKeys = (text: string): string => text.replaceAll("\n", "\uE007");

/** Firefox's own port for WebDriver, which geckodriver passes on and Debian has no package of. */
class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { done: (value: unknown) => void; failed: (error: Error) => void }>();
  #buffer = Buffer.alloc(0);
  #last = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data) => {
      this.#buffer = Buffer.concat([this.#buffer, data]);
      this.#read();
    });
    socket.on("close", () => {
      for (const { failed } of this.#waiting.values()) failed(new Error("Firefox has gone"));
    });
  }

  /** Each message is its length in bytes, a colon, and JSON: `[1, id, error, result]` for an answer. */
  #read(): void {
    for (;;) {
      const colon = this.#buffer.indexOf(":");
      if (colon < 0) return;
      const finish = colon + 1 + Number(this.#buffer.subarray(0, colon).toString());
      if (this.#buffer.length < finish) return;
      const message: unknown = JSON.parse(this.#buffer.subarray(colon + 1, finish).toString());
      this.#buffer = this.#buffer.subarray(finish);
      // The first one introduces the server.
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message as [number, number, { message: string } | null, unknown];
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === null) waiting?.done(result);
      else waiting?.failed(new Error(error.message));
    }
  }

  async send(name: string, parameters: object = {}): Promise<unknown> {
    const id = ++this.#last;
    const text = JSON.stringify([0, id, name, parameters]);
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }

  /** The value of an answer. */
  async value(name: string, parameters: object = {}): Promise<unknown> {
    return ((await this.send(name, parameters)) as { value?: unknown } | null)?.value;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Errors of content that comes from the page's address; an extension's or Firefox's own are not ours. */
const CONSOLE_ERRORS = `
  return Services.console.getMessageArray()
    .filter((one) => one instanceof Ci.nsIScriptError && !(one.flags & 1) && /^http:/.test(one.sourceName))
    .map((one) => one.toString());`;

async function startFirefox(program: string): Promise<RemoteBrowser> {
  const port = await freePort();
  const profile = mkdtempSync(join(tmpdir(), "vivarium-firefox-"));
  writeFileSync(join(profile, "user.js"), `user_pref("marionette.port", ${port});\n`);
  const child = spawn(
    program,
    [
      "--headless",
      "--no-remote",
      "--marionette",
      "-remote-allow-system-access",
      "--profile",
      profile,
      "--width",
      "1400",
      "--height",
      "950",
    ],
    { stdio: "ignore", env: { ...process.env, HOME: profile } },
  );
  const socket = await poll(
    async () => {
      const tried = connect(port, "127.0.0.1");
      await once(tried, "connect");
      return tried;
    },
    { timeout: 60_000, interval: 200, what: "Firefox to open its port" },
  );
  const wire = new Marionette(socket);
  // Without system access the console is not told.
  await wire.send("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
  return {
    goTo: async (url) => {
      await wire.send("WebDriver:Navigate", { url });
    },
    run: (script) => wire.value("WebDriver:ExecuteScript", { script, args: [], sandbox: null }),
    type: async (text) => {
      const element = (await wire.value("WebDriver:GetActiveElement")) as Record<string, string>;
      await wire.send("WebDriver:ElementSendKeys", { id: element[ELEMENT], text: asKeys(text) });
    },
    screenshot: async (path) => {
      const data = await wire.value("WebDriver:TakeScreenshot", { full: false });
      writeFileSync(path, Buffer.from(String(data), "base64"));
    },
    complaints: async () => {
      await wire.send("Marionette:SetContext", { value: "chrome" });
      const told = await wire.value("WebDriver:ExecuteScript", { script: CONSOLE_ERRORS, args: [] });
      await wire.send("Marionette:SetContext", { value: "content" });
      return told as readonly string[];
    },
    dispose: async () => {
      wire.close();
      await end(child);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startWebKit(found: {
  readonly driver: string;
  readonly program: string;
  readonly display: string;
}): Promise<RemoteBrowser> {
  const screen = spawn(
    found.display,
    ["-displayfd", "3", "-screen", "0", "1400x950x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  const [number] = (await once(screen.stdio[3] as Readable, "data")) as [Buffer];
  const port = await freePort();
  const driver = spawn(found.driver, [`--port=${port}`], {
    stdio: "ignore",
    env: {
      ...process.env,
      DISPLAY: `:${String(number).trim()}`,
      // There is no graphics card behind that screen.
      WEBKIT_DISABLE_DMABUF_RENDERER: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
    },
  });
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await answer.json()) as { value: unknown };
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
    return value;
  };
  const options = { binary: found.program, args: ["--automation"] };
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
  const { sessionId } = (await poll(() => send("POST", "", { capabilities }), {
    timeout: 60_000,
    interval: 300,
    what: "WebKitWebDriver to open a browser",
  })) as { sessionId: string };
  const session = `/${sessionId}`;
  await send("POST", `${session}/window/rect`, { x: 0, y: 0, width: 1400, height: 950 });
  return {
    goTo: async (url) => {
      await send("POST", `${session}/url`, { url });
    },
    run: (script) => send("POST", `${session}/execute/sync`, { script, args: [] }),
    type: async (text) => {
      const element = (await send("GET", `${session}/element/active`)) as Record<string, string>;
      await send("POST", `${session}/element/${element[ELEMENT]}/value`, { text: asKeys(text) });
    },
    screenshot: async (path) => {
      writeFileSync(path, Buffer.from(String(await send("GET", `${session}/screenshot`)), "base64"));
    },
    // Its console is not told to anybody.
    complaints: async () => [],
    dispose: async () => {
      await send("DELETE", session).catch(() => undefined);
      await end(driver);
      await end(screen);
    },
  };
}

/** @returns A browser, or the reason why there is none. */
export async function startOther(name: "Firefox" | "WebKitGTK"): Promise<RemoteBrowser | string> {
  if (name === "Firefox") {
    const found = firefox();
    return typeof found === "string" ? found : startFirefox(found.program);
  }
  const found = webkit();
  return typeof found === "string" ? found : startWebKit(found);
}
