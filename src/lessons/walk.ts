import type { Block, Deed, Inline, MeasureBlock, PredictBlock, QuizBlock, SignalBlock } from "./tree.ts";

/** Inlines as one reads them aloud. */
export function textOf(inlines: readonly Inline[]): string {
  return inlines
    .map((one) => {
      if ("children" in one) return textOf(one.children);
      if (one.type === "man") return `${one.page}(${one.section})`;
      return one.type === "break" ? "\n" : one.text;
    })
    .join("");
}

/** Blocks in the order in which one reads them, with those in notes and lists. */
function* walkBlocks(blocks: readonly Block[]): Generator<Block> {
  for (const block of blocks) {
    yield block;
    if (block.type === "note") yield* walkBlocks(block.children);
    if (block.type === "list") for (const item of block.items) yield* walkBlocks(item);
  }
}

/** What a text measures. */
export function measuresOf(blocks: readonly Block[]): MeasureBlock[] {
  return [...walkBlocks(blocks)].filter((block) => block.type === "measure");
}

/** What a text tells to do, in order. */
export function deedsOf(blocks: readonly Block[]): Deed[] {
  return [...walkBlocks(blocks)].filter(isDeed);
}

/** What a text asks, in order. */
export function questionsOf(blocks: readonly Block[]): (PredictBlock | QuizBlock)[] {
  return [...walkBlocks(blocks)].filter((block) => block.type === "predict" || block.type === "quiz");
}

export function isDeed(block: Block): block is Deed {
  return ["run", "keys", "file", "power", "signal"].includes(block.type);
}

/** The process that a signal is for, as a reader calls it. */
export function targetOf({ to: { comm, commandLine } }: SignalBlock): string {
  const words = comm ?? commandLine;
  return (typeof words === "string" ? words : words?.join(" ")) ?? "";
}

/** What is done, in a few words, for messages. */
export function nameOf(deed: Deed): string {
  switch (deed.type) {
    case "run":
      return deed.text;
    case "keys":
      return deed.keys;
    case "file":
      return deed.path;
    case "power":
      return `power on ${deed.machine}`;
    case "signal":
      return `SIG${deed.signal} to ${targetOf(deed)}`;
    default:
      return deed satisfies never;
  }
}
