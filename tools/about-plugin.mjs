/**
 * Puts what the page's About shows beside the page: `about/about.json`, and the text of each licence. Which packages
 * are in the bundle is known only when it, and the workers' bundles before it, have been made.
 */

import { gatherAbout, packageOf } from "./about.mjs";

/** What the service worker is made of: its bundle is made after the page's, and by itself. */
const OF_SERVICE_WORKER = ["workbox-core", "workbox-precaching", "workbox-routing", "workbox-strategies"];

/**
 * The packages whose code is in a bundle.
 *
 * @param {import("vite").Rolldown.OutputBundle} bundle
 * @returns {string[]}
 */
function packagesIn(bundle) {
  const modules = Object.values(bundle).flatMap((file) =>
    file.type === "chunk" ? Object.entries(file.modules) : [],
  );
  return modules.flatMap(([id, { renderedLength }]) => (renderedLength > 0 ? (packageOf(id) ?? []) : []));
}

/** @returns {{ page: import("vite").Plugin, worker: import("vite").Plugin, serviceWorker: import("vite").Plugin }} */
export function vivariumAbout() {
  /** @type {Set<string>} */
  const bundled = new Set(OF_SERVICE_WORKER);

  /** @param {import("vite").Rolldown.OutputBundle} bundle */
  function note(bundle) {
    for (const name of packagesIn(bundle)) bundled.add(name);
  }

  /** @returns {Map<string, string>} */
  function files() {
    const { about, texts } = gatherAbout(bundled);
    return new Map([["about.json", JSON.stringify(about)], ...texts]);
  }

  return {
    worker: { name: "vivarium-about-worker", generateBundle: (_options, bundle) => note(bundle) },
    serviceWorker: {
      name: "vivarium-about-service-worker",
      generateBundle(_options, bundle) {
        const unnamed = packagesIn(bundle).find((name) => !OF_SERVICE_WORKER.includes(name));
        if (unnamed !== undefined)
          this.error(`${unnamed} is in the service worker, and About does not say so`);
      },
    },
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
