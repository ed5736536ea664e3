/**
 * `npm start`: installs and builds what is missing, then serves the product. `--port N`, `--host H`; `--dev` is
 * `npm run dev`: Vite's server on the sources.
 */

import { parseArgs } from "node:util";

import { install } from "./install.mjs";

const DEFAULT_PORT = 4173;

async function main() {
  const { values } = parseArgs({
    options: { port: { type: "string" }, host: { type: "string" }, dev: { type: "boolean", default: false } },
  });
  const port = values.port === undefined ? DEFAULT_PORT : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port} is no port number.`);
  const host = values.host ?? "127.0.0.1";
  install();
  // Only now: what they import is installed by the line above.
  const { ROOT, WEB, buildAll, buildNode, ensureManual, ensureSnapshot } = await import("./build.mjs");
  if (values.dev) {
    await buildNode();
    ensureSnapshot();
    ensureManual();
    const { createServer } = await import("vite");
    const server = await createServer({ root: ROOT, server: { port, host } });
    await server.listen();
    server.printUrls();
    stopWith(() => server.close());
    return;
  }
  await buildAll();
  const { serve } = await import("./serve.mjs");
  const server = await serve({ root: WEB, port, host, nextPort: values.port === undefined });
  console.log(`\nVivarium is at ${server.url}\nCtrl-C stops it.`);
  stopWith(() => server.close());
}

/** @param {() => Promise<void>} close */
function stopWith(close) {
  let stopping = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

main().catch((/** @type {unknown} */ error) => {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  if (taken) console.error("That port is taken by another program; --port 0 takes a free one.");
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
