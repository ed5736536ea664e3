/**
 * v86 names modules of Node in branches that a page never takes. In the web client they are empty, instead of a
 * warning each at every build.
 */

const NAMES = new Set(["fs", "crypto", "perf_hooks", "node:fs/promises", "node:crypto"]);
const EMPTY = "\0nothing-of-node";

/** @returns {import("vite").Plugin} */
export function nothingOfNode() {
  return {
    name: "vivarium-nothing-of-node",
    enforce: "pre",
    resolveId: (id, importer) => (NAMES.has(id) && importer?.includes("/v86/") ? EMPTY : undefined),
    load: (id) => (id === EMPTY ? "export default {};" : undefined),
  };
}
