import type { ComponentChildren, JSX } from "preact";
import type { Inline } from "../state/index.ts";
import { ManLink } from "./man-link.tsx";

const WHOLE = 24;

function renderInline(inline: Inline): ComponentChildren {
  if (inline.type === "text") {
    return inline.text;
  }
  if (inline.type === "code") {
    // A short word is not torn apart at its hyphens.
    return <code class={inline.text.length <= WHOLE ? "whole" : ""}>{inline.text}</code>;
  }
  if (inline.type === "strong") {
    return <strong>{renderAll(inline.children)}</strong>;
  }
  if (inline.type === "emphasis") {
    return <em>{renderAll(inline.children)}</em>;
  }
  if (inline.type === "link") {
    return (
      <a href={inline.url} target="_blank" rel="noreferrer">
        {renderAll(inline.children)}
      </a>
    );
  }
  if (inline.type === "man") {
    return <ManLink {...inline} />;
  }
  if (inline.type === "key") {
    return <kbd>{inline.text}</kbd>;
  }
  return <br />;
}

function renderAll(inlines: readonly Inline[]): ComponentChildren[] {
  return inlines.map(renderInline);
}

/** A sentence of a lesson. */
export function Inlines({ of }: { readonly of: readonly Inline[] }): JSX.Element {
  return <>{renderAll(of)}</>;
}
