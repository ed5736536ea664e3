/** How long a lesson takes, by what there is to read, to run and to answer. */
import { type Block, type Deed, type Inline, isDeed, type Lesson, textOf } from "../../index.ts";

/** Words a minute of somebody who reads to understand. */
const READING = 160;
const MINUTES_A_COMMAND = 0.3;
const MINUTES_A_QUESTION = 0.4;
/** Podman and crun are many processes, and the guest is slow. */
const MINUTES_A_CONTAINER = 0.15;

interface Amount {
  words: number;
  commands: number;
  questions: number;
  /** Minutes for which the machine keeps one waiting. */
  waiting: number;
}

/** Minutes for which a command keeps one waiting by itself. */
function waitingFor(deed: Deed): number {
  if (deed.type !== "run") return 0;
  const container = /\b(?:podman|crun)\s+(?:run|build|pull|push|start|create)\b/.test(deed.text);
  const isInBackground = /&\s*$/.test(deed.text) || deed.stays;
  const sleep = isInBackground ? undefined : /(?:^|[;&|]\s*)sleep (\d+)\s*(?:$|;|&&|\|)/.exec(deed.text)?.[1];
  return (container ? MINUTES_A_CONTAINER : 0) + Number(sleep ?? 0) / 60;
}

function count(blocks: readonly Block[], into: Amount): Amount {
  const read = (inlines: readonly Inline[]): void => {
    into.words += textOf(inlines)
      .split(/\s+/)
      .filter((word) => word !== "").length;
  };
  for (const block of blocks) {
    if (block.type === "paragraph" || block.type === "heading") read(block.children);
    else if (block.type === "note") count(block.children, into);
    else if (block.type === "list") for (const item of block.items) count(item, into);
    else if (isDeed(block)) {
      into.commands++;
      into.waiting += waitingFor(block);
    } else if (block.type === "predict" || block.type === "quiz") {
      into.questions++;
      read(block.question);
    }
  }
  return into;
}

const nothing = (): Amount => ({ words: 0, commands: 0, questions: 0, waiting: 0 });

export function wordsOf(blocks: readonly Block[]): number {
  return count(blocks, nothing()).words;
}

export function estimatedMinutes({ intro, steps, proven }: Lesson): number {
  const all = count([...intro, ...proven], nothing());
  for (const { body, afterwards } of steps) count([...body, ...afterwards], all);
  const { words, commands, questions, waiting } = all;
  return words / READING + commands * MINUTES_A_COMMAND + questions * MINUTES_A_QUESTION + waiting;
}
