/**
 * What a free terminal is made of, as its address says it: `?terminal&profile=NAME&memory=MIB&machines=COUNT&user=NAME&script=TEXT`.
 * An address comes from anywhere; what in it makes no sense is told, and the usual is taken instead.
 */
export const TERMINAL_USERS = ["root", "learner"] as const;
export type TerminalUser = (typeof TERMINAL_USERS)[number];

export const MOST_MACHINES = 4;
/** MiB of one machine. What the kernel maps at once (896 MiB on i386) ends not far above, and a tab has not much more. */
const MOST_MEMORY = 512;
/** Bytes of UTF-8: it must be read before it is run. */
export const MOST_SCRIPT = 4096;
/** Bytes of it in an address. Web servers refuse a request whose first line is longer than 8 KiB, nginx among them. */
const MOST_IN_ADDRESS = 7168;
const MEMORY_STEPS = [64, 96, 128, 160, 192, 256, 384, 512];
/** What is repeated of nonsense. */
const MOST_GIVEN = 40;

/** A profile, as far as settings depend on it; MiB. */
export interface ProfileChoice {
  readonly name: string;
  readonly memory: { readonly default: number; readonly minimum: number };
}

export interface TerminalSettings {
  readonly profile: string;
  /** MiB of each machine. */
  readonly memory: number;
  /** From 1 to {@link MOST_MACHINES}. */
  readonly machines: number;
  readonly user: TerminalUser;
  /** Empty where there is none. */
  readonly script: string;
}

export type ScriptFault = "too-long" | "hidden-characters";
/** Something that was asked for and is not so. */
export interface SettingRefusal {
  readonly setting: "profile" | "memory" | "machines" | "user" | ScriptFault;
  /** What was asked for, cut and without what a screen would obey. */
  readonly given: string;
}

export interface TerminalAsked {
  readonly settings: TerminalSettings;
  readonly refusals: readonly SettingRefusal[];
}

const HIDDEN = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/u;
const LINE_END = /\r\n?/g;

/** Why a script is not taken: what cannot be seen cannot be judged. Line ends of any kind are fine. */
export function scriptFault(script: string): ScriptFault | undefined {
  const text = script.replaceAll(LINE_END, "\n");
  if (new TextEncoder().encode(text).length > MOST_SCRIPT) return "too-long";
  if (HIDDEN.test(text)) return "hidden-characters";
  return encodeURIComponent(text).length > MOST_IN_ADDRESS ? "too-long" : undefined;
}

/** The settings of a profile where nothing is chosen. */
function usualSettings(profile: ProfileChoice): TerminalSettings {
  return { profile: profile.name, memory: profile.memory.default, machines: 1, user: "root", script: "" };
}

/** Sizes to choose from, and `more` where it is none of them; MiB, ascending. */
export function memoryChoices({ memory }: ProfileChoice, more: number): readonly number[] {
  const all = new Set([...MEMORY_STEPS, memory.default, memory.minimum, more]);
  return [...all].filter((size) => isMemory(size, memory.minimum)).toSorted((a, b) => a - b);
}

function isMemory(size: number, minimum: number): boolean {
  return Number.isInteger(size) && size >= minimum && size <= MOST_MEMORY;
}

function shown(given: string): string {
  const start = given.slice(0, MOST_GIVEN).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  return given.length > MOST_GIVEN ? `${start}…` : start;
}

/** A whole number as people write it; NaN for all else. */
function countOf(text: string): number {
  return /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * Reads the settings that an address asks for. Never throws.
 * @param profiles At least one; the first is the usual one.
 */
export function readTerminalSettings(
  search: string,
  profiles: readonly [ProfileChoice, ...ProfileChoice[]],
): TerminalAsked {
  const parameters = new URLSearchParams(search);
  const refusals: SettingRefusal[] = [];
  /** What was asked for, if it is good for something. */
  const take = <T>(
    setting: SettingRefusal["setting"],
    parse: (text: string) => T | undefined,
    usual: T,
  ): T => {
    const given = parameters.get(setting) ?? "";
    if (given === "") return usual;
    const parsed = parse(given);
    if (parsed === undefined) refusals.push({ setting, given: shown(given) });
    return parsed ?? usual;
  };
  const profile = take("profile", (text) => profiles.find(({ name }) => name === text), profiles[0]);
  const usual = usualSettings(profile);
  const memory = take(
    "memory",
    (text) => (isMemory(countOf(text), profile.memory.minimum) ? countOf(text) : undefined),
    usual.memory,
  );
  const machines = take(
    "machines",
    (text) => (countOf(text) >= 1 && countOf(text) <= MOST_MACHINES ? countOf(text) : undefined),
    usual.machines,
  );
  const user = take("user", (text) => TERMINAL_USERS.find((name) => name === text), usual.user);
  const script = parameters.get("script") ?? "";
  const fault = scriptFault(script);
  if (fault !== undefined) refusals.push({ setting: fault, given: "" });
  const kept = fault === undefined && script.trim() !== "" ? script.replaceAll(LINE_END, "\n") : "";
  return { settings: { profile: profile.name, memory, machines, user, script: kept }, refusals };
}

/** The address's query for these settings, without `?`; what is usual does not stand in it. */
export function terminalQuery(settings: TerminalSettings, profiles: readonly ProfileChoice[]): string {
  const [first] = profiles;
  const profile = profiles.find(({ name }) => name === settings.profile);
  const isUsual = (key: "memory" | "machines" | "user"): boolean =>
    profile !== undefined && settings[key] === usualSettings(profile)[key];
  const parts = ["terminal"];
  if (settings.profile !== first?.name) parts.push(`profile=${encodeURIComponent(settings.profile)}`);
  for (const key of ["memory", "machines", "user"] as const)
    if (!isUsual(key)) parts.push(`${key}=${settings[key]}`);
  if (settings.script.trim() !== "") parts.push(`script=${encodeURIComponent(settings.script)}`);
  return parts.join("&");
}
