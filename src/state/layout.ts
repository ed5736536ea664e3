/** How the panels of a lab share the page. Pure. */
import * as v from "valibot";
import { type Migration, readKept } from "./kept-version.ts";

/**
 * How a layout of each version becomes one of the next. Whoever changes what a name or a value means adds a line here;
 * what is only new needs none, since it is as usual where it is missing.
 */
const MIGRATIONS: readonly Migration[] = [];
const SCHEMA = MIGRATIONS.length + 1;

/** What two neighbours share is told as the first one's part of it, from 0 to 1. */
export const SHARES = ["lesson", "above", "beside", "manual", "split", "column"] as const;
/**
 * `lesson`: of the page's width. `above` and `beside`: the terminal's, of the height where the X-ray is below it and of
 * the width where it is beside it. `manual`: what the manual has beside the X-ray. `split`: the first of two terminals.
 * `column`: where everything stands in one column, what the terminal leaves to the rest.
 */
export type Share = (typeof SHARES)[number];
/** Where the X-ray and the manual are, as the terminal sees it. */
export type Place = "below" | "beside";
export type XrayTab = "picture" | "table" | "beside";
export const XRAY_TABS: readonly XrayTab[] = ["picture", "table", "beside"];

export interface Layout {
  readonly shares: Readonly<Record<Share, number>>;
  readonly place: Place;
  readonly isLessonOpen: boolean;
  readonly isTerminalOpen: boolean;
  readonly isXrayOpen: boolean;
  readonly tab: XrayTab;
}

export const PRESETS = ["read", "watch", "compare"] as const;
export type Preset = (typeof PRESETS)[number];

export const USUAL_LAYOUT: Layout = {
  shares: { lesson: 0.4, above: 0.4, beside: 0.42, manual: 0.5, split: 0.5, column: 0.54 },
  place: "below",
  isLessonOpen: true,
  isTerminalOpen: true,
  isXrayOpen: false,
  tab: "picture",
};

/** What each preset says of a layout; the rest stays as it is. */
interface Arrangement extends Partial<Omit<Layout, "shares">> {
  readonly shares: Partial<Layout["shares"]>;
}

const ARRANGEMENTS: Readonly<Record<Preset, Arrangement>> = {
  read: {
    shares: { lesson: USUAL_LAYOUT.shares.lesson },
    isLessonOpen: true,
    isTerminalOpen: true,
    isXrayOpen: false,
  },
  watch: {
    shares: { lesson: 0.25, above: 0.36, beside: 0.42 },
    place: "beside",
    isLessonOpen: true,
    isTerminalOpen: true,
    isXrayOpen: true,
    tab: "picture",
  },
  compare: {
    shares: { above: 0.26 },
    place: "below",
    isLessonOpen: false,
    isTerminalOpen: true,
    isXrayOpen: true,
    tab: "beside",
  },
};

export function arranged(layout: Layout, preset: Preset): Layout {
  const { shares, ...rest } = ARRANGEMENTS[preset];
  return { ...layout, ...rest, shares: { ...layout.shares, ...shares } };
}

/** The preset that a layout is, while nothing that the preset says was changed. */
export function presetOf(layout: Layout): Preset | undefined {
  return PRESETS.find((preset) => {
    const { shares, ...rest } = ARRANGEMENTS[preset];
    const isSame = (key: keyof typeof rest): boolean => rest[key] === layout[key];
    return (
      SHARES.every((share) => shares[share] === undefined || shares[share] === layout.shares[share]) &&
      isSame("isLessonOpen") &&
      isSame("isTerminalOpen") &&
      isSame("isXrayOpen") &&
      (rest.place === undefined || isSame("place")) &&
      (rest.tab === undefined || isSame("tab"))
    );
  });
}

/** Of two neighbours: how much they have together, and what each needs at least; CSS pixels. */
export interface Room {
  readonly total: number;
  readonly first: number;
  readonly second: number;
}

/** The least and the largest share of the first of two neighbours. Where there is too little for both, each gets half. */
export function boundsOf({ total, first, second }: Room): { readonly least: number; readonly most: number } {
  if (total <= first + second) return { least: 0.5, most: 0.5 };
  return { least: first / total, most: 1 - second / total };
}

export function within(share: number, room: Room): number {
  const { least, most } = boundsOf(room);
  return Math.min(Math.max(share, least), most);
}

/** Shares by which a key moves a separator; with Shift, and without. */
const STEP = { plain: 0.02, large: 0.1 } as const;

/** Where a key moves a separator to; undefined for all other keys. */
export function keyMove(
  press: { readonly key: string; readonly shiftKey: boolean },
  share: number,
  room: Room,
  axis: "x" | "y",
): number | undefined {
  const by = press.shiftKey ? STEP.large : STEP.plain;
  const { least, most } = boundsOf(room);
  const [back, forth] = axis === "x" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  // From where it is seen, which is not where it was put when the page has become smaller since.
  const now = within(share, room);
  if (press.key === back) return within(now - by, room);
  if (press.key === forth) return within(now + by, room);
  if (press.key === "Home") return least;
  return press.key === "End" ? most : undefined;
}

const ShareSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const LooseSchema = v.record(v.string(), v.unknown());

/** What is missing or damaged is as usual: a layout of which something can be read is worth reading. */
function readOr<Value>(schema: v.GenericSchema<unknown, Value>, value: unknown, usual: Value): Value {
  const read = v.safeParse(schema, value);
  return read.success ? read.output : usual;
}

function readShares(value: unknown): Layout["shares"] {
  const kept = readOr(LooseSchema, value, {});
  const of = (share: Share): number => readOr(ShareSchema, kept[share], USUAL_LAYOUT.shares[share]);
  return {
    lesson: of("lesson"),
    above: of("above"),
    beside: of("beside"),
    manual: of("manual"),
    split: of("split"),
    column: of("column"),
  };
}

export function writeLayout(layout: Layout): string {
  return JSON.stringify({ schema: SCHEMA, ...layout });
}

/** Reads what any version of {@link writeLayout} wrote, as far as it can be understood; else it is as usual. Never throws. */
export function readLayout(text: string | undefined): Layout {
  if (text === undefined) return USUAL_LAYOUT;
  try {
    const kept = readKept(text, MIGRATIONS);
    const flag = (key: "isLessonOpen" | "isTerminalOpen" | "isXrayOpen"): boolean =>
      readOr(v.boolean(), kept[key], USUAL_LAYOUT[key]);
    return {
      shares: readShares(kept["shares"]),
      place: readOr(v.picklist(["below", "beside"]), kept["place"], USUAL_LAYOUT.place),
      isLessonOpen: flag("isLessonOpen"),
      isTerminalOpen: flag("isTerminalOpen"),
      isXrayOpen: flag("isXrayOpen"),
      tab: readOr(v.picklist(XRAY_TABS), kept["tab"], USUAL_LAYOUT.tab),
    };
  } catch {
    return USUAL_LAYOUT;
  }
}
