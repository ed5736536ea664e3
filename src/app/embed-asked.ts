import { isName, routeOf } from "./route.ts";

export interface EmbedAsked {
  /** `COURSE/LESSON`; undefined when none is named, or something that is no id. */
  readonly lesson: string | undefined;
  /** There is to be no lesson. */
  readonly isTerminal: boolean;
  readonly step: string | undefined;
  readonly profile: string | undefined;
  /** MiB. */
  readonly memory: number | undefined;
  /** Undefined follows the system. */
  readonly theme: "light" | "dark" | undefined;
}

/** MiB that a machine may have. */
const MEMORY = { least: 64, most: 2048 };

/** What the frame's address asks for; what is not understood counts as not said. */
export function embedAsked(search: string): EmbedAsked {
  const parameters = new URLSearchParams(search);
  const route = routeOf(search);
  const named = (key: string): string | undefined => {
    const value = parameters.get(key) ?? "";
    return isName(value) ? value : undefined;
  };
  const memory = Number(parameters.get("memory") ?? Number.NaN);
  const isMemory = Number.isInteger(memory) && memory >= MEMORY.least && memory <= MEMORY.most;
  const theme = parameters.get("theme");
  return {
    lesson: route.kind === "lesson" ? route.lesson : undefined,
    isTerminal: route.kind === "terminal",
    step: named("step"),
    profile: named("profile"),
    memory: isMemory ? memory : undefined,
    theme: theme === "light" || theme === "dark" ? theme : undefined,
  };
}
