import { el, setAttributes } from "./dom.ts";

/** Shows a sentence of the model's in `element`: what stands between backticks is code. */
export function setProse(element: HTMLElement, sentence: string): void {
  if (element.dataset["prose"] === sentence) return;
  setAttributes(element, { "data-prose": sentence });
  element.replaceChildren(
    ...sentence.split("`").map((part, i) => (i % 2 === 1 ? el("code", "", part) : part)),
  );
}
