/**
 * A lesson as data: what the compiler gives and the page renders. Text is text; there is no HTML in it anywhere.
 * Ids are immutable: progress and links hang on them.
 */
import type { Observation, ProcessPattern, Query, SignalName } from "../isolation/index.ts";

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "strong" | "emphasis"; readonly children: readonly Inline[] }
  | { readonly type: "link"; readonly url: string; readonly children: readonly Inline[] }
  /** A manual page, `unshare(1)`, and a heading in it. */
  | {
      readonly type: "man";
      readonly page: string;
      readonly section: string;
      readonly heading?: string | undefined;
    }
  /** A key or a combination of keys, as printed on them. */
  | { readonly type: "key"; readonly text: string }
  | { readonly type: "break" };

/** An answer of a question that offers some. */
export interface Choice {
  readonly text: readonly Inline[];
  readonly right: boolean;
  /** Why it is right or wrong. */
  readonly because?: readonly Inline[] | undefined;
}

/** A command that is typed into a terminal, as a learner would, with Enter after it. */
export interface RunBlock {
  readonly type: "run";
  readonly language: string;
  /** One line, or several of which the shell reads all as one command. */
  readonly text: string;
  /** Name of the terminal; the lesson's first when not given. */
  readonly terminal?: string | undefined;
  /** The step's check needs it: it is part of the solution. */
  readonly solves: boolean;
  /** It does not come back to a prompt. */
  readonly stays: boolean;
  /** It stands typed in the terminal when the step opens, and waits for Enter. One block of a step at most. */
  readonly typed?: boolean | undefined;
  /** A regular expression (flags `m`, `u`) that fits what it prints; what the prose claims. Proven, not shown. */
  readonly expect?: string | undefined;
}

/** Keys that are pressed in a terminal. */
export interface KeysBlock {
  readonly type: "keys";
  /** `Ctrl+C`, `Ctrl+D`, `Ctrl+Z` or `Enter`. */
  readonly keys: KeyName;
  readonly terminal?: string | undefined;
  readonly solves: boolean;
  readonly stays: boolean;
  readonly expect?: string | undefined;
}

/** What each key sends, by the names that lessons use. */
export const KEYS = { "Ctrl+C": "\u0003", "Ctrl+D": "\u0004", "Ctrl+Z": "\u001a", Enter: "\r" } as const;
export type KeyName = keyof typeof KEYS;

/** A file that is shown, and written into the guest by a click or before the step begins. */
export interface FileBlock {
  readonly type: "file";
  readonly language: string;
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
  readonly user: string;
  /** Name of the machine; the lesson's first when not given. */
  readonly machine?: string | undefined;
  readonly write: "click" | "start";
  /** The step's check needs it. */
  readonly solves: boolean;
}

/** A signal that is sent from outside of all namespaces, by a click, to each process that fits. */
export interface SignalBlock {
  readonly type: "signal";
  readonly signal: SignalName;
  readonly to: ProcessPattern;
  /** Name of the machine; the lesson's first when not given. */
  readonly machine?: string | undefined;
  /** The step's check needs it. */
  readonly solves: boolean;
}

/** A question before something is tried: the answer is kept, and shown beside what happened. */
export interface PredictBlock {
  readonly type: "predict";
  readonly id: string;
  readonly question: readonly Inline[];
  readonly choices: readonly Choice[];
  /** What the kernel did. */
  readonly outcome: readonly Inline[];
}

export interface QuizBlock {
  readonly type: "quiz";
  readonly id: string;
  readonly question: readonly Inline[];
  readonly answer:
    | { readonly kind: "single" | "multiple"; readonly choices: readonly Choice[] }
    | {
        readonly kind: "short";
        /** Right answers; letter case and blanks around do not count. */
        readonly accept: readonly string[];
        /** Wrong ones that deserve a sentence of their own. */
        readonly wrong: readonly { readonly answer: string; readonly because: readonly Inline[] }[];
        /** Said of any other answer. */
        readonly otherwise: readonly Inline[];
        /** Said of a right one. */
        readonly because?: readonly Inline[] | undefined;
      };
}

/**
 * What it costs to bring something about, taken when the step comes to hold: from the learner's last Enter, or from the
 * machine's first instruction.
 */
export interface MeasureBlock {
  readonly type: "measure";
  readonly id: string;
  readonly name: readonly Inline[];
  /** Whose instructions count; the lesson's first machine when not given. */
  readonly machine?: string | undefined;
  /** One who lives in what is measured; the whole machine when not given. */
  readonly process?: ProcessPattern | undefined;
}

/** A machine is switched on, and boots. */
export interface PowerBlock {
  readonly type: "power";
  /** Name of the machine. */
  readonly machine: string;
  /** The step's check needs it. */
  readonly solves: boolean;
}

/** What the X-ray saw of some machines once, as far as its picture draws it. */
export interface ObservationBlock {
  readonly type: "observation";
  readonly machines: readonly { readonly name: string; readonly observation: Observation }[];
  readonly lens: "namespaces" | "cgroups";
  /** For who cannot see it. */
  readonly alternative: string;
}

/** Something that can be done in the guest: what a solution is made of. */
export type Deed = RunBlock | KeysBlock | FileBlock | PowerBlock | SignalBlock;

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "heading"; readonly children: readonly Inline[] }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly type: "note"; readonly children: readonly Block[] }
  | {
      readonly type: "code";
      readonly language: string;
      readonly text: string;
      /** `copy`: to be copied; `show`: to be looked at only. */
      readonly use: "copy" | "show";
    }
  /** A drawing made of characters. */
  | { readonly type: "drawing"; readonly text: string; readonly alternative: string }
  | ObservationBlock
  | Deed
  | PredictBlock
  | QuizBlock
  | MeasureBlock
  /** A table of all that the lesson measures. */
  | { readonly type: "measures" };

/** A sentence for the learner that applies when its query holds. */
export interface Reason {
  /** Name of the machine that is asked; the lesson's first when not given. */
  readonly machine?: string | undefined;
  readonly when: Query;
  readonly say: readonly Inline[];
}

/** A command of the agent's: it answers a check, and the learner does not see it. */
export interface CommandCheck {
  readonly script: string;
  readonly user: string;
  readonly exit: number;
  /** A regular expression (flags `m`, `u`) that fits its standard output. */
  readonly stdout?: string | undefined;
  /** Said while it does not hold. */
  readonly say: readonly Inline[];
}

/** One of the conditions of a check. */
export type Need =
  | { readonly machine?: string | undefined; readonly query: Query }
  | { readonly machine?: string | undefined; readonly command: CommandCheck };

export interface Check {
  /** All of them have to hold at one time; those with a query come first. */
  readonly needs: readonly Need[];
  /** Something that has to have been so since the step began, before `needs` count. */
  readonly after?: { readonly machine?: string | undefined; readonly query: Query } | undefined;
  /** Said while it does not hold: the first that applies. */
  readonly notYet: readonly Reason[];
  /** Said while it does not hold and no reason of `notYet` applies. */
  readonly otherwise?: readonly Inline[] | undefined;
  /** Situations out of which only a reset helps. */
  readonly broken: readonly Reason[];
}

/** A hint for whoever asks; or, with `when`, one that comes by itself while that holds. */
export interface Hint {
  readonly when?: { readonly machine?: string | undefined; readonly query: Query } | undefined;
  readonly blocks: readonly Block[];
}

/** Run in the guest before the step begins, by the agent, as root. */
export interface Setup {
  readonly script: string;
  readonly machine?: string | undefined;
  /** Whether the learner is shown what was done. */
  readonly shown: boolean;
}

export interface Step {
  readonly id: string;
  readonly title: string;
  /** It speaks of the X-ray, which is opened with it. */
  readonly xray?: boolean | undefined;
  readonly setup: readonly Setup[];
  readonly body: readonly Block[];
  /** Shown once the step is done: what would have given the surprise away. */
  readonly afterwards: readonly Block[];
  readonly hints: readonly Hint[];
  /** What does the step, in order. */
  readonly solution: readonly Deed[];
  readonly check?: Check | undefined;
  /** A goal without steps: the wanted situation is drawn as a ghost in the X-ray, which is the check. */
  readonly target?: { readonly goal: readonly Inline[] } | undefined;
  /** Said when the step is done. */
  readonly done?: readonly Inline[] | undefined;
}

/** A machine of a lesson. */
export interface LessonMachine {
  readonly name: string;
  /** MiB; the profile's own when not given. */
  readonly memory?: number | undefined;
  /** Which network it is plugged into: machines of one number reach each other. */
  readonly segment: number;
  /** When the lesson begins. One that is off boots from its firmware when a step or the learner switches it on. */
  readonly power: "on" | "off";
}

/** A terminal that is open when the lesson begins. */
export interface LessonTerminal {
  readonly name: string;
  /** Name of a machine. */
  readonly machine: string;
  readonly user: string;
}

export interface LessonMeta {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly authors: readonly string[];
  readonly minutes: number;
  readonly profile: string;
  /** At least one; the first is the one that is meant where none is named. */
  readonly machines: readonly LessonMachine[];
  /** At least one; the first is the one that is meant where none is named. */
  readonly terminals: readonly LessonTerminal[];
  /** Ids of lessons. */
  readonly prerequisites: readonly string[];
  readonly topics: readonly string[];
  readonly language: string;
  readonly licence: string;
  /** Id of the step whose X-ray, at the moment at which it was done, is the picture on the lesson's postcard. */
  readonly postcard?: string | undefined;
}

export interface Lesson extends LessonMeta {
  readonly intro: readonly Block[];
  readonly steps: readonly Step[];
  /** What was proven, after the last step. */
  readonly proven: readonly Block[];
}

export interface CourseMeta {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}
