import type { JSX } from "preact";
import type { Block } from "../state/index.ts";
import { CopyCode, FileCard, Listing, PressKeys, RunCommand } from "./command.tsx";
import { Diagram } from "./diagram.tsx";
import { Inlines } from "./inlines.tsx";
import { MeasureLine, MeasureTable } from "./measures.tsx";
import { PowerCard } from "./power-card.tsx";
import { Predict } from "./predict.tsx";
import { Quiz } from "./quiz.tsx";
import { SignalCard } from "./signal-card.tsx";

interface BlocksProps {
  readonly of: readonly Block[];
  /** Predictions are resolved once the step they belong to is done. */
  readonly resolved?: boolean;
}

function renderBlock(block: Block, index: number, resolved: boolean): JSX.Element {
  switch (block.type) {
    case "paragraph":
      return (
        <p key={index}>
          <Inlines of={block.children} />
        </p>
      );
    case "heading":
      return (
        <h4 key={index}>
          <Inlines of={block.children} />
        </h4>
      );
    case "list": {
      const items = block.items.map((item, i) => (
        <li key={i}>
          <Blocks of={item} resolved={resolved} />
        </li>
      ));
      return block.ordered ? <ol key={index}>{items}</ol> : <ul key={index}>{items}</ul>;
    }
    case "note":
      return (
        <aside key={index} class="note">
          <Blocks of={block.children} resolved={resolved} />
        </aside>
      );
    case "code":
      return block.use === "copy" ? (
        <CopyCode key={index} text={block.text} />
      ) : (
        <Listing key={index} text={block.text} />
      );
    case "drawing":
      return (
        <figure key={index} class="drawing-text">
          <pre aria-hidden="true">{block.text}</pre>
          <figcaption class="visually-hidden">{block.alternative}</figcaption>
        </figure>
      );
    case "observation":
      return <Diagram key={index} block={block} />;
    case "run":
      return <RunCommand key={index} block={block} />;
    case "keys":
      return <PressKeys key={index} block={block} />;
    case "power":
      return <PowerCard key={index} machine={block.machine} />;
    case "file":
      return <FileCard key={index} block={block} />;
    case "signal":
      return <SignalCard key={index} block={block} />;
    case "predict":
      return <Predict key={block.id} block={block} resolved={resolved} />;
    case "measure":
      return <MeasureLine key={block.id} block={block} />;
    case "measures":
      return <MeasureTable key={index} />;
    case "quiz":
      return <Quiz key={block.id} block={block} />;
    default:
      return block satisfies never;
  }
}

/** The prose of a lesson. */
export function Blocks({ of, resolved = false }: BlocksProps): JSX.Element {
  return <>{of.map((block, index) => renderBlock(block, index, resolved))}</>;
}
