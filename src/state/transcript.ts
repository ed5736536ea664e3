import { type Lesson, type LessonNews, type LessonRunState, newsOf } from "../lessons/index.ts";

/** Characters of all that is kept. */
const MOST = 1024 * 1024;
/** What an entry takes besides its text, roughly. */
const ENTRY = 64;
/** Lines that are kept from the beginning, and as many from the end, of what one command prints. */
export const KEPT_LINES = 1000;

/** What is told of besides a lesson's own news. */
export type TranscriptNews =
  | LessonNews
  | { readonly kind: "restarted" }
  | { readonly kind: "switched-off"; readonly machine: string };

/** What was printed in one terminal, until something else happened. */
export interface PrintedEntry {
  readonly kind: "printed";
  readonly terminal: string;
  readonly lines: readonly string[];
  /** So many lines are missing after the first {@link KEPT_LINES}. */
  readonly leftOut: number;
}

/** `at`: milliseconds since 1970, by the clock that the transcript was given. */
export type TranscriptEntry = { readonly at: number } & (
  | PrintedEntry
  /** A program has taken the whole screen. */
  | { readonly kind: "full-screen"; readonly terminal: string }
  | { readonly kind: "news"; readonly news: TranscriptNews }
);

export interface TranscriptState {
  /** The oldest first. */
  readonly entries: readonly TranscriptEntry[];
  /** What came before them is not kept any more. */
  readonly isCut: boolean;
  /** Names of the terminals that something was printed in. */
  readonly terminals: readonly string[];
  /** What stands on each terminal's last line. */
  readonly rests: ReadonlyMap<string, string>;
}

/** Who reads along in a terminal tells this. */
export interface TerminalSink {
  /** @param back as in `TerminalReader` of the views */
  line(text: string, back: number): void;
  skipped(count: number): void;
  fullScreen(): void;
  rest(text: string): void;
}

interface Block {
  readonly kind: "printed";
  readonly at: number;
  readonly terminal: string;
  readonly lines: string[];
  leftOut: number;
}

type Kept = Block | Exclude<TranscriptEntry, PrintedEntry>;

function sizeOf(entry: Kept): number {
  if (entry.kind === "printed")
    return entry.lines.reduce((size: number, line) => size + line.length + 1, ENTRY);
  return entry.kind === "news" ? ENTRY + JSON.stringify(entry.news).length : ENTRY;
}

/** What happened in a lesson and what its terminals showed, in order and with its times; in memory, and bounded. */
export class Transcript {
  readonly #now: () => number;
  readonly #rests = new Map<string, string>();
  readonly #terminals = new Set<string>();
  #entries: Kept[] = [];
  #size = 0;
  #isCut = false;
  /** What is printed next in its terminal goes on with it. */
  #block: Block | undefined;
  #seen: { readonly lesson: Lesson; readonly state: LessonRunState } | undefined;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): TranscriptState {
    const entries = this.#entries.map((entry) =>
      entry.kind === "printed" ? { ...entry, lines: [...entry.lines] } : entry,
    );
    return { entries, isCut: this.#isCut, terminals: [...this.#terminals], rests: new Map(this.#rests) };
  }

  /** Takes what a terminal prints. */
  terminal(name: string): TerminalSink {
    return {
      line: (text, back) => this.#line(name, text, back),
      skipped: (count) => {
        this.#blockOf(name).leftOut += count;
      },
      fullScreen: () => this.#add({ kind: "full-screen", at: this.#now(), terminal: name }),
      rest: (text) => {
        this.#rests.set(name, text);
      },
    };
  }

  /** The learner has entered something: what is printed from now on belongs to that. */
  attempt(): void {
    this.#block = undefined;
  }

  /** What is so in a lesson now; what of it is new is kept. */
  follow(lesson: Lesson, state: LessonRunState): void {
    const before = this.#seen?.lesson.id === lesson.id ? this.#seen.state : undefined;
    this.#seen = { lesson, state };
    for (const news of newsOf(lesson, before, state)) this.tell(news);
  }

  tell(news: TranscriptNews): void {
    this.#add({ kind: "news", at: this.#now(), news });
  }

  #add(entry: Kept): void {
    this.#block = undefined;
    this.#entries.push(entry);
    this.#grow(sizeOf(entry));
  }

  #blockOf(terminal: string): Block {
    if (this.#block?.terminal === terminal) return this.#block;
    const block: Block = { kind: "printed", at: this.#now(), terminal, lines: [], leftOut: 0 };
    this.#terminals.add(terminal);
    this.#add(block);
    this.#block = block;
    return block;
  }

  #line(terminal: string, text: string, back: number): void {
    const block = this.#blockOf(terminal);
    const { lines } = block;
    const drawnOver = back > 0 ? lines[lines.length - back] : undefined;
    if (drawnOver !== undefined) {
      lines[lines.length - back] = text;
      this.#grow(text.length - drawnOver.length);
      return;
    }
    lines.push(text);
    let size = text.length + 1;
    if (lines.length > 2 * KEPT_LINES) {
      const [dropped = ""] = lines.splice(KEPT_LINES, 1);
      block.leftOut++;
      size -= dropped.length + 1;
    }
    this.#grow(size);
  }

  /** Makes room from the oldest on. */
  #grow(by: number): void {
    this.#size += by;
    while (this.#size > MOST) {
      const [oldest] = this.#entries;
      if (oldest === undefined) return;
      this.#isCut = true;
      const isLast = this.#entries.length === 1 && oldest.kind === "printed" && oldest.lines.length > 1;
      if (isLast) this.#size -= (oldest.lines.shift()?.length ?? 0) + 1;
      else {
        this.#entries.shift();
        if (oldest === this.#block) this.#block = undefined;
        this.#size -= sizeOf(oldest);
      }
    }
  }
}
