import { existsSync } from "node:fs";

import { defineConfig, type Plugin, type UserConfig } from "vite";

import { vivariumLessons } from "./src/lessons/compile/index.ts";
import { vivariumAbout } from "./tools/about-plugin.mjs";
import { vivariumImages } from "./tools/images-plugin.mjs";
import { vivariumManual } from "./tools/manual-plugin.mjs";
import { nothingOfNode } from "./tools/no-node-plugin.mjs";

/** The pages: each is an entry of the web build. */
const PAGES = ["index.html", "embed.html"].filter((page) => existsSync(new URL(page, import.meta.url)));

/** The `vivarium` command and the worker that it starts: one file each, with what they need inside. */
const node: UserConfig = {
  build: {
    outDir: "dist/node",
    emptyOutDir: true,
    copyPublicDir: false,
    ssr: true,
    target: "node20",
    sourcemap: true,
    rolldownOptions: {
      input: {
        vivarium: "src/cli/main.ts",
        library: "src/library/node.ts",
        "machine-worker": "workers/machine/node.ts",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        banner: (chunk) => (chunk.isEntry && chunk.name === "vivarium" ? "#!/usr/bin/env node" : ""),
      },
    },
  },
  // It reads its WebAssembly file from beside itself, so it stays where it is.
  ssr: { noExternal: true, external: ["@bokuweb/zstd-wasm"] },
};

const about = vivariumAbout();

/** A room's face names more than one door needs: without this, each chunk that imports a face would have all behind it. */
const OWN_CODE = { moduleSideEffects: [{ test: /\/src\/[^?]*\.tsx?$/, sideEffects: false }] };

/** The page without courses and store, which `vivarium build` adds: static files that work under any path of any host, and under the policy of tools/serve.mjs. */
const web: UserConfig = {
  base: "./",
  plugins: [vivariumImages(), vivariumManual(), vivariumLessons(), about.page],
  build: {
    outDir: "dist/page",
    emptyOutDir: true,
    target: "es2023",
    // Colours are light-dark(), as they are written.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    sourcemap: true,
    // Nothing inline: scripts and workers must be files of our own origin.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: PAGES,
      treeshake: OWN_CODE,
      output: {
        codeSplitting: {
          // What all doors need at once, and what they need to draw: two files, where there would be a dozen.
          groups: [
            { name: "start", test: /\/src\/base\/|\/course-index\.ts$|\/node_modules\/valibot\// },
            // Each other catalogue goes where its sentences are said.
            { name: "draw", test: /\/src\/i18n\/(?:en|speaker)\.ts$|\/node_modules\/@?preact\// },
          ],
        },
      },
    },
  },
  worker: {
    format: "es",
    plugins: () => [nothingOfNode(), about.worker],
    rolldownOptions: { treeshake: OWN_CODE },
  },
  server: { strictPort: false },
};

/**
 * The service worker's code, which `vivarium build` makes `sw.js` of. One plain script: not every browser starts a module
 * there.
 */
const offline: UserConfig = {
  plugins: [about.serviceWorker],
  build: {
    outDir: "dist/page",
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2023",
    modulePreload: false,
    rolldownOptions: {
      input: { "service-worker": "workers/offline/service-worker.ts" },
      output: { format: "iife", entryFileNames: "[name].js" },
    },
  },
};

/** What a course page loads: one file, beside the page or in the library. */
const embed = (outDir: string): UserConfig => ({
  build: {
    outDir,
    emptyOutDir: false,
    copyPublicDir: false,
    target: "es2023",
    modulePreload: false,
    rolldownOptions: {
      input: { embed: "src/embed/index.ts" },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js", codeSplitting: false },
    },
  },
});

/** What this build leaves alone, the build of who uses the library shall follow. */
const followedUrls: Plugin = {
  name: "vivarium-followed-urls",
  renderChunk: (code) =>
    code.replaceAll(
      /new URL\(\s*\/\* @vite-ignore \*\/\s*("[^"]+"),\s*import\.meta\.url\s*\)/g,
      "new URL($1, import.meta.url)",
    ),
};

/**
 * The library for browsers: modules that work as they are served, and that bundlers follow from one to the other by
 * `new URL(…, import.meta.url)`.
 */
const library: UserConfig = {
  base: "./",
  plugins: [nothingOfNode(), about.page, followedUrls],
  build: {
    outDir: "dist/library",
    emptyOutDir: true,
    copyPublicDir: false,
    target: "es2023",
    // Bundlers look for the very form of a URL, which a minifier changes, and have one of their own.
    minify: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: { browser: "src/library/browser.ts", "machine-worker": "workers/machine/whole-worker.ts" },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
};

const OTHER: Readonly<Record<string, UserConfig>> = {
  node,
  library,
  offline,
  "embed-page": embed("dist/page"),
  "embed-library": embed("dist/library"),
};

export default defineConfig(({ mode }) => ({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  ...(OTHER[mode] ?? web),
}));
