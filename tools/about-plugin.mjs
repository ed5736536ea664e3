/**
 * Puts what the page's About shows beside the page: `about/about.json`, and the text of each licence. Which packages
 * are in the bundle is known only when it, and the workers' bundles before it, have been made.
 */

import { gatherAbout, packageOf } from "./about.mjs";

/** @returns {{ page: import("vite").Plugin, worker: import("vite").Plugin }} */
export function vivariumAbout() {
  /** @type {Set<string>} */
  const bundled = new Set();

  /** @param {import("vite").Rolldown.OutputBundle} bundle */
  function note(bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      for (const [id, { renderedLength }] of Object.entries(file.modules)) {
        const name = renderedLength > 0 ? packageOf(id) : undefined;
        if (name !== undefined) bundled.add(name);
      }
    }
  }

  /** @returns {Map<string, string>} */
  function files() {
    const { about, texts } = gatherAbout(bundled);
    return new Map([["about.json", JSON.stringify(about)], ...texts]);
  }

  return {
    worker: { name: "vivarium-about-worker", generateBundle: (_options, bundle) => note(bundle) },
    page: {
      name: "vivarium-about",
      configureServer(server) {
        server.middlewares.use("/about/", (request, response, next) => {
          const file = files().get((request.url ?? "").replace(/^\/|\?.*$/g, ""));
          if (file === undefined) next();
          else response.setHeader("Content-Type", "text/plain; charset=utf-8").end(file);
        });
      },
      generateBundle(_options, bundle) {
        if (this.environment.name !== "client") return;
        note(bundle);
        for (const [name, source] of files())
          this.emitFile({ type: "asset", fileName: `about/${name}`, source });
      },
    },
  };
}
