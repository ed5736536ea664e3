/**
 * The linter's half of the house: every way of reaching another file (import, type import, re-export, dynamic
 * import, `import()` in a type, worker and asset URLs, globs, `require`, reference comments) is judged by the
 * table in `tools/rooms.mjs`. It sees what `no-restricted-imports` does not: URLs, and where a path leads.
 */

import { relative, resolve, sep } from "node:path";

import { refusal, roomOf } from "./rooms.mjs";

const ROOT = resolve(import.meta.dirname, "..");

/** @typedef {{ type: string, [key: string]: any }} Node An ESTree node, as oxlint hands it over. */

/**
 * @typedef {object} Context
 * @property {string} filename
 * @property {string} cwd
 * @property {{ getAllComments(): Node[] }} sourceCode
 * @property {(problem: { node: Node, message: string }) => void} report
 */

/**
 * The constant beginning of a string expression, and whether it is the whole.
 *
 * @param {Node | null | undefined} node
 * @returns {{ text: string, whole: boolean } | undefined}
 */
function constant(node) {
  if (node?.type === "Literal" && typeof node["value"] === "string")
    return { text: node["value"], whole: true };
  if (node?.type === "TemplateLiteral") {
    const text = node["quasis"][0]?.value.cooked ?? "";
    return { text, whole: node["quasis"].length === 1 };
  }
  return undefined;
}

/** @param {Node | null | undefined} node */
function isImportMeta(node) {
  return node?.type === "MetaProperty" && node["meta"].name === "import";
}

/** @param {Context} context */
function create(context) {
  const from = relative(ROOT, context.filename).split(sep).join("/");
  const room = roomOf(from);
  if (!room) return {};

  /**
   * @param {Node} node
   * @param {Node | null | undefined} source
   * @param {"import" | "url"} kind
   */
  const judge = (node, source, kind) => {
    const value = constant(source);
    if (!value) {
      if (kind === "import" && !room.node) {
        context.report({ node, message: "what is imported must be written out, so that it can be judged" });
      }
      return;
    }
    const reason = refusal(from, value.text, kind);
    if (reason !== undefined) context.report({ node, message: reason });
  };
  /** @param {Node} node */
  const bySource = (node) => {
    if (node["source"]) judge(node, node["source"], "import");
  };

  return {
    ImportDeclaration: bySource,
    ExportNamedDeclaration: bySource,
    ExportAllDeclaration: bySource,
    ImportExpression: bySource,
    TSImportType: bySource,
    /** @param {Node} node */
    TSExternalModuleReference(node) {
      judge(node, node["expression"], "import");
    },
    /** @param {Node} node */
    NewExpression(node) {
      const name = node["callee"].name;
      const [first, second] = node["arguments"];
      const atHome = second?.type === "MemberExpression" && isImportMeta(second.object);
      if (name === "Worker" || name === "SharedWorker") judge(node, first, "url");
      if (name === "URL" && atHome) judge(node, first, "url");
    },
    /** @param {Node} node */
    CallExpression(node) {
      const callee = node["callee"];
      const [first] = node["arguments"];
      if (callee.name === "require" || callee.name === "importScripts") judge(node, first, "import");
      if (callee.type !== "MemberExpression" || !isImportMeta(callee.object)) return;
      if (callee.property.name === "resolve") judge(node, first, "url");
      if (callee.property.name === "glob") {
        for (const one of first?.type === "ArrayExpression" ? first.elements : [first])
          judge(node, one, "import");
      }
    },
    /** @param {Node} node */
    Program(node) {
      for (const comment of context.sourceCode.getAllComments()) {
        const path = /^\/\s*<reference\s+path=["']([^"']+)["']/.exec(comment["value"])?.[1];
        if (path === undefined) continue;
        const reason = refusal(from, path.startsWith(".") ? path : `./${path}`, "import");
        if (reason !== undefined) context.report({ node, message: reason });
      }
    },
  };
}

export default { meta: { name: "house" }, rules: { rooms: { create } } };
