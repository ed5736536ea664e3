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

type Theme = 0 | 1;

/** The usual colours, of the light theme and of the dark one. */
const COLOURS = new Map(
  [
    ...readFileSync(join(STYLES, "tokens.css"), "utf8").matchAll(
      /(--[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g,
    ),
  ].map(([, name = "", light = "", dark = ""]) => [name, [light, dark] as const]),
);

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [a, b] = [one, other].map((name) => luminance(COLOURS.get(name)?.[theme] ?? "none"));
  return (Math.max(a ?? 0, b ?? 0) + 0.05) / (Math.min(a ?? 0, b ?? 0) + 0.05);
}

const GROUNDS = ["--ground", "--surface", "--raised"];
const named = (start: string): string[] => [...COLOURS.keys()].filter((name) => name.startsWith(start));

/** As docs/design-language.md says; 3:1 is WCAG 1.4.11 for edges and parts of pictures. */
it.each([
  ["words", 4.5, ["--ink", "--ink-soft", "--accent", "--warn", "--bad"], GROUNDS],
  ["edges", 3, ["--line-strong"], GROUNDS],
  ["kinds of namespaces", 4.5, named("--ns-"), ["--raised"]],
  [
    "uses of memory",
    3,
    named("--mem-").filter((name) => name !== "--mem-free"),
    ["--mem-free", "--surface", "--raised"],
  ],
] as const)("%s have a contrast of %d in both themes", (_, least, colours, grounds) => {
  const tooLittle = colours.flatMap((colour) =>
    grounds.flatMap((ground) =>
      ([0, 1] as const)
        .map((theme) => `${colour} on ${ground}: ${contrast(colour, ground, theme).toFixed(2)}`)
        .filter((words) => !(Number(words.split(": ")[1]) >= least)),
    ),
  );
  expect(tooLittle).toEqual([]);
});
