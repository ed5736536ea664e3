export type { BarKey, CtrlHold } from "./bar-keys.ts";
export { type DroppedFile, type FileDropOptions, takeDrops } from "./file-drop.ts";
export type { TerminalEnd } from "./terminal-end.ts";
export type { TerminalReader } from "./terminal-reader.ts";
export type { SearchDirection } from "./terminal-search.ts";
export { type Scheme, TERMINAL_THEMES } from "./terminal-themes.ts";
export {
  type Renderer,
  type TerminalLooks,
  type TerminalProbe,
  TerminalView,
  type TerminalViewOptions,
} from "./terminal.ts";
export { loadXray } from "./load-xray.ts";
export type {
  BesideOffers,
  BesideWish,
  BoxCost,
  Say,
  SignalAsked,
  SvgExport,
  TimelineEvent,
  TimelineState,
  XrayChoice,
  XrayFrame,
  XrayKey,
  XrayLens,
  XrayMachine,
  XraySight,
  XrayTarget,
} from "./xray/index.ts";
