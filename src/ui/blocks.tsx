import type { JSX } from "preact";
import type { Block } from "../state/index.ts";
import { Command } from "./command.tsx";
import { Inlines } from "./inlines.tsx";
import { Question } from "./question.tsx";

interface BlocksProps {
  readonly of: readonly Block[];
  /** Predictions are resolved once the step they belong to is done. */
  readonly resolved?: boolean;
}

function renderBlock(block: Block, index: number, resolved: boolean): JSX.Element {
  if (block.type === "paragraph") {
    return (
      <p key={index}>
        <Inlines of={block.children} />
      </p>
    );
  }
  if (block.type === "heading") {
    return (
      <h4 key={index}>
        <Inlines of={block.children} />
      </h4>
    );
  }
  if (block.type === "list") {
    const items = block.items.map((item, i) => (
      <li key={i}>
        <Blocks of={item} resolved={resolved} />
      </li>
    ));
    return block.ordered ? <ol key={index}>{items}</ol> : <ul key={index}>{items}</ul>;
  }
  if (block.type === "note") {
    return (
      <aside key={index} class="note">
        <Blocks of={block.children} resolved={resolved} />
      </aside>
    );
  }
  if (block.type === "code") {
    return <Command key={index} text={block.text} use={block.use} />;
  }
  return <Question key={block.id} block={block} resolved={resolved} />;
}

/** The prose of a lesson. */
export function Blocks({ of, resolved = false }: BlocksProps): JSX.Element {
  return <>{of.map((block, index) => renderBlock(block, index, resolved))}</>;
}
