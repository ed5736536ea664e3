import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const STYLES = resolve(import.meta.dirname, "../../src/app/styles");
/** Where values stand that all others use; what the system's own colours replace is one of these. */
const HOMES = new Set(["tokens.css", "tokens-contrast.css", "forced-colours.css"]);

/** What a sheet may not say by itself, but with a token. Zero, a half and `em` follow from what is around. */
const LITERALS: readonly (readonly [string, RegExp])[] = [
  [
    "size of letters",
    /\bfont(?:-size)?:[^;{}]*?\b\d*\.?\d+(?:px|pt|rem)\b(?![^;]*\/)|\bfont:[^;/]*\d(?:px|pt|rem)\s*\//g,
  ],
  ["radius", /\bborder(?:-\w+-\w+)?-radius:[^;]*?\b(?!0px)\d*\.?\d+(?:px|r?em)\b/g],
  ["colour", /#[0-9a-f]{3,8}\b(?=[^{}]*;)|\b(?:rgb|hsl|oklch|lab)a?\(/gi],
];

const sheets = readdirSync(STYLES).filter((name) => name.endsWith(".css") && !HOMES.has(name));

function literalsIn(css: string): string[] {
  const said = css.replaceAll(/\/\*[^]*?\*\//g, "");
  return LITERALS.flatMap(([kind, pattern]) =>
    [...said.matchAll(pattern)].map(([text]) => `${kind}: ${text}`),
  );
}

it("finds what it looks for", () => {
  const css =
    ".a { font-size: 13px; font: 500 0.8rem / 1.4 var(--mono); border-radius: 6px 0; color: #fff; }";
  expect(literalsIn(css).map((one) => one.split(":")[0])).toEqual([
    "size of letters",
    "size of letters",
    "radius",
    "colour",
  ]);
  expect(
    literalsIn("a { font: var(--text-s) / 1.4 var(--mono); border-radius: 50%; color: var(--ink); }"),
  ).toEqual([]);
});

it.each(sheets)("%s takes sizes of letters, radii and colours from the tokens", (name) => {
  expect(literalsIn(readFileSync(join(STYLES, name), "utf8"))).toEqual([]);
});
