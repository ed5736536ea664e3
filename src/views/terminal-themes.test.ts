import { describe, expect, test } from "vitest";
import { TERMINAL_THEMES } from "./terminal-themes.ts";

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test("contrast is counted as WCAG counts it", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

describe.each(Object.entries(TERMINAL_THEMES))("the terminal in %s", (name, theme) => {
  const { background = "", foreground = "", black = "", white = "" } = theme;
  const isDark = luminance(background) < 0.2;
  const least = name.startsWith("contrast") ? 7 : 4.5;

  test.each(Object.entries(theme).filter(([key]) => !/ground|Accent/.test(key)))(
    "can be read in %s (%s)",
    (key, colour) => {
      // What is to be as dark as a dark ground cannot stand out from it.
      const wanted = key === "black" && isDark ? 1 : least;
      expect(contrast(String(colour), background)).toBeGreaterThanOrEqual(wanted);
    },
  );

  test("has words well above its ground, on selected text too, and black darker than white", () => {
    expect(contrast(foreground, background)).toBeGreaterThanOrEqual(7);
    const selected = theme.selectionForeground ?? foreground;
    expect(contrast(selected, String(theme.selectionBackground))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(String(theme.cursorAccent), String(theme.cursor))).toBeGreaterThanOrEqual(4.5);
    expect(luminance(black)).toBeLessThan(luminance(white));
  });
});
