export type { BoxCost } from "./beside-model.ts";
export type { BesideOffers, BesideWish } from "./beside-offer.ts";
export { XrayBeside, type XrayBesideOptions } from "./beside.ts";
export { XrayDetails, type XrayDetailsOptions } from "./details.ts";
export { exportJson } from "./export-json.ts";
export { exportPng } from "./export-png.ts";
export { drawSvg, exportSvg, type SvgExport } from "./export-svg.ts";
export { postcardSvg, type PostcardWords } from "./postcard-svg.ts";
export type { SignalAsked } from "./signals.ts";
export {
  sameTarget,
  type XrayFrame,
  type XrayLens,
  type XrayMachine,
  type XraySight,
  type XrayTarget,
} from "./frame.ts";
export { InTurns } from "./in-turns.ts";
export { loadChart } from "./load-chart.ts";
export { XrayModel } from "./model.ts";
export { XrayTable, type XrayTableOptions } from "./table.ts";
export { type TimelineEvent, type TimelineState, XrayTimeline } from "./timeline.ts";
export type { Say, Term, XrayKey } from "./words.ts";
export { type XrayChoice, XrayView, type XrayViewOptions } from "./xray-view.ts";
