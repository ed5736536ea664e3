export type { TerminalEnd } from "./terminal-end.ts";
export type { Scheme } from "./terminal-themes.ts";
export { type Renderer, TerminalView, type TerminalViewOptions } from "./terminal.ts";
