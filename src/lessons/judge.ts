import { holds, type Observation, whyNot } from "../isolation/index.ts";
import type { GuestAnswer, Looks } from "./guest.ts";
import type { Check, CommandCheck, Hint, Inline, Need, Reason } from "./tree.ts";

/** What a check says about a guest. */
export type Verdict =
  /** Nothing has been tried yet. */
  | { readonly kind: "waiting" }
  | { readonly kind: "holds" }
  | {
      readonly kind: "not-yet" | "broken";
      readonly reason: readonly Inline[];
      readonly detail: readonly Inline[];
    };

/** What is known of the guest: each machine's latest look, and which of them is meant where none is named. */
export interface Scene {
  readonly looks: Looks;
  readonly first: string;
}

/** Text with code between backticks, as {@link whyNot} gives it, as inlines. */
function withCode(text: string): Inline[] {
  return text
    .split("`")
    .map((piece, i): Inline => (i % 2 === 1 ? { type: "code", text: piece } : { type: "text", text: piece }))
    .filter((piece) => piece.type !== "text" || piece.text !== "");
}

type QueryNeed = Extract<Need, { query: unknown }>;

function lookOf(scene: Scene, machine = scene.first): Observation | undefined {
  return scene.looks.get(machine);
}

/** A machine that was not seen holds nothing. */
function isMet({ machine, query }: QueryNeed, scene: Scene): boolean {
  const look = lookOf(scene, machine);
  return look !== undefined && holds(query, look);
}

function applies({ machine, when }: Reason, scene: Scene): boolean {
  return isMet({ machine, query: when }, scene);
}

function explain({ machine, query }: QueryNeed, scene: Scene): Inline[] {
  const look = lookOf(scene, machine);
  return look === undefined
    ? withCode(`\`${machine ?? scene.first}\` does not run.`)
    : withCode(whyNot(query, look));
}

/** Names of the machines that a check asks about. */
export function machinesOf({ needs, after, notYet, broken }: Check, first: string): readonly string[] {
  const all = [...needs, ...notYet, ...broken, ...(after === undefined ? [] : [after])];
  return [...new Set(all.map(({ machine = first }) => machine))];
}

/** Whether what has to come before has been seen. */
export function isPrepared(check: Check, scene: Scene): boolean {
  return check.after === undefined || isMet(check.after, scene);
}

/**
 * Judges what was seen. The author's sentence comes first, and the query's own explanation as detail.
 * @param prepared whether the check's `after` has held before
 * @returns undefined when all that can be seen holds, and commands have to be asked
 */
export function judge(check: Check, scene: Scene, prepared: boolean): Verdict | undefined {
  const queries = check.needs.filter((need): need is QueryNeed => "query" in need);
  const failed = queries.find((need) => !isMet(need, scene));
  if (prepared && failed === undefined) {
    return queries.length === check.needs.length ? { kind: "holds" } : brokenOr(check, scene, undefined);
  }
  const unmet = !prepared && check.after !== undefined ? check.after : failed;
  const detail = unmet === undefined ? [] : explain(unmet, scene);
  const broken = brokenOr(check, scene, detail);
  if (broken !== undefined) return broken;
  const said = check.notYet.find((reason) => applies(reason, scene))?.say;
  if (said !== undefined) return { kind: "not-yet", reason: said, detail };
  if (unmet !== check.after && check.otherwise !== undefined)
    return { kind: "not-yet", reason: check.otherwise, detail };
  return { kind: "not-yet", reason: detail, detail: [] };
}

function brokenOr(check: Check, scene: Scene, detail: readonly Inline[] | undefined): Verdict | undefined {
  const broken = check.broken.find((reason) => applies(reason, scene));
  return broken === undefined ? undefined : { kind: "broken", reason: broken.say, detail: detail ?? [] };
}

/** The commands of a check, each with its machine. */
export function commandsOf(check: Check, first: string): { machine: string; command: CommandCheck }[] {
  return check.needs.flatMap((need) =>
    "command" in need ? [{ machine: need.machine ?? first, command: need.command }] : [],
  );
}

/** What a command is answered with that did not end in time, as `timeout` says it. */
const OUT_OF_TIME = 124;

/** Whether a command of a check was stopped because it took too long. */
export function isOutOfTime({ exit }: CommandCheck, { code }: GuestAnswer): boolean {
  return code === OUT_OF_TIME && exit !== OUT_OF_TIME;
}

/** Judges the answer to one of a check's commands; undefined when it is as wanted. */
export function judgeAnswer(command: CommandCheck, answer: GuestAnswer): Verdict | undefined {
  const { code, stdout, stderr } = answer;
  const isAsWanted =
    code === command.exit && (command.stdout === undefined || new RegExp(command.stdout, "mu").test(stdout));
  if (isAsWanted) return undefined;
  const told = `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "";
  const detail: Inline[] = isOutOfTime(command, answer)
    ? [{ type: "text", text: "The command that looks did not end in time." }]
    : told === ""
      ? []
      : [{ type: "code", text: told.slice(0, 200) }];
  return { kind: "not-yet", reason: command.say, detail };
}

/** Which hints come by themselves now, by their index. */
export function hintsNow(hints: readonly Hint[], scene: Scene): readonly number[] {
  return hints.flatMap(({ when }, i) => (when !== undefined && isMet(when, scene) ? [i] : []));
}
