/**
 * Draws what is on the screen as one SVG of plain shapes and text. No `foreignObject`: several browsers refuse to make a
 * picture of one, and drawing programs do not know it.
 */
import { svg } from "./dom.ts";

interface Place {
  readonly x: number;
  readonly y: number;
}

const COPIED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity"] as const;

function isClear(colour: string): boolean {
  return colour === "transparent" || /^rgba\(.*,\s*0\)$|\/\s*0\)$/.test(colour);
}

function isShown(element: Element, style: CSSStyleDeclaration): boolean {
  const { width, height } = element.getBoundingClientRect();
  return style.display !== "none" && style.visibility !== "hidden" && width > 1 && height > 1;
}

function shapeOf(element: Element, style: CSSStyleDeclaration, origin: Place): SVGElement[] {
  const box = element.getBoundingClientRect();
  const border = Number.parseFloat(style.borderTopWidth);
  const isFramed = border > 0 && style.borderTopStyle !== "none" && style.borderBottomStyle !== "none";
  const isFilled = !isClear(style.backgroundColor);
  if (!isFramed && !isFilled) return topLine(box, style, origin);
  const inset = isFramed ? border / 2 : 0;
  const made = svg("rect", {
    x: (box.left - origin.x + inset).toFixed(1),
    y: (box.top - origin.y + inset).toFixed(1),
    width: Math.max(0, box.width - inset * 2).toFixed(1),
    height: Math.max(0, box.height - inset * 2).toFixed(1),
    rx: Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.height / 2),
    fill: isFilled ? style.backgroundColor : "none",
  });
  if (isFramed) {
    made.setAttribute("stroke", style.borderTopColor);
    made.setAttribute("stroke-width", String(border));
    if (style.borderTopStyle === "dashed") made.setAttribute("stroke-dasharray", "5 4");
  }
  return isFramed ? [made] : [made, ...topLine(box, style, origin)];
}

/** A border on the upper edge alone. */
function topLine(box: DOMRect, style: CSSStyleDeclaration, origin: Place): SVGElement[] {
  const width = Number.parseFloat(style.borderTopWidth);
  if (!(width > 0) || style.borderTopStyle === "none") return [];
  const y = box.top - origin.y + width / 2;
  const x1 = box.left - origin.x;
  return [
    svg("line", {
      x1,
      x2: x1 + box.width,
      y1: y,
      y2: y,
      stroke: style.borderTopColor,
      "stroke-width": width,
    }),
  ];
}

/** What a style sheet draws before an element: the bends of trees, and swatches. */
function beforeOf(element: Element, origin: Place): SVGElement[] {
  const style = getComputedStyle(element, "::before");
  if (style.content === "none" || style.display === "none") return [];
  const box = element.getBoundingClientRect();
  const width = Number.parseFloat(style.width);
  const height = Number.parseFloat(style.height);
  if (style.position === "absolute") {
    const x = box.left - origin.x + Number.parseFloat(style.left);
    const bottom = box.bottom - origin.y - Number.parseFloat(style.bottom);
    const d = `M${x} ${bottom - height} V${bottom - 5} Q${x} ${bottom} ${x + 5} ${bottom} H${x + width}`;
    return [svg("path", { d, fill: "none", stroke: style.borderLeftColor })];
  }
  if (!(width > 0)) return [];
  const line = Number.parseFloat(style.borderTopWidth);
  const x = box.left - origin.x;
  const middle = box.top - origin.y + box.height / 2;
  if (line > 0)
    return [
      svg("line", {
        x1: x,
        x2: x + width,
        y1: middle,
        y2: middle,
        stroke: style.borderTopColor,
        "stroke-width": line,
        ...(style.borderTopStyle === "dashed" ? { "stroke-dasharray": "3 2" } : {}),
      }),
    ];
  return [svg("rect", { x, y: middle - height / 2, width, height, rx: 2, fill: style.backgroundColor })];
}

/** The words of a text node as the browser has broken them into lines. */
function* linesOf(node: Text): Generator<{ text: string; box: DOMRect }> {
  const range = document.createRange();
  let line: { text: string; box: DOMRect } | undefined;
  for (const { 0: word, index } of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.trimEnd().length);
    const [box] = range.getClientRects();
    if (box === undefined) continue;
    if (line !== undefined && Math.abs(line.box.top - box.top) < 2) {
      line.text += word;
      continue;
    }
    if (line !== undefined) yield line;
    line = { text: word, box };
  }
  if (line !== undefined) yield line;
}

function textOf(node: Text, style: CSSStyleDeclaration, origin: Place): SVGElement[] {
  const size = Number.parseFloat(style.fontSize);
  return [...linesOf(node)].map(({ text, box }) => {
    const made = svg("text", {
      x: (box.left - origin.x).toFixed(1),
      // The baseline: a fifth of the letters' height hangs below it.
      y: (box.top - origin.y + box.height / 2 + size * 0.35).toFixed(1),
      fill: style.color,
      "font-family": style.fontFamily,
      "font-size": size,
      "font-weight": style.fontWeight,
    });
    made.textContent = text.trimEnd();
    return made;
  });
}

function copyOf(drawing: SVGSVGElement, origin: Place): SVGElement {
  const copy = drawing.cloneNode(true);
  const box = drawing.getBoundingClientRect();
  const group = svg("g", {
    transform: `translate(${(box.left - origin.x).toFixed(1)} ${(box.top - origin.y).toFixed(1)})`,
  });
  const originals = [...drawing.querySelectorAll("*")];
  if (copy instanceof Element)
    [...copy.querySelectorAll("*")].forEach((element, i) => {
      const original = originals[i];
      if (original === undefined) return;
      const style = getComputedStyle(original);
      for (const name of COPIED) element.setAttribute(name, style.getPropertyValue(name));
      // `x`, `y` and `height` are attributes already; a class means nothing outside of the page.
      element.removeAttribute("class");
      if (!original.hasAttribute("hidden")) group.append(element.cloneNode(false));
    });
  return group;
}

function draw(element: Element, origin: Place): SVGElement[] {
  const style = getComputedStyle(element);
  if (element instanceof SVGSVGElement)
    return element.hasAttribute("hidden") ? [] : [copyOf(element, origin)];
  if (!isShown(element, style) || element.getAttribute("role") === "tooltip") return [];
  const drawn = [...shapeOf(element, style, origin), ...beforeOf(element, origin)];
  const isClosed = element instanceof HTMLDetailsElement && !element.open;
  for (const child of element.childNodes) {
    // What is folded away has a size all the same.
    if (isClosed && !(child instanceof Element && child.tagName === "SUMMARY")) continue;
    if (child instanceof Text) drawn.push(...textOf(child, style, origin));
    else if (child instanceof Element) drawn.push(...draw(child, origin));
  }
  if (Number(style.opacity) >= 1) return drawn;
  return [svg("g", { opacity: style.opacity }, ...drawn)];
}

export interface SvgExport {
  /** A file's text. */
  readonly text: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Drawn {
  readonly root: SVGSVGElement;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Draws `element` with all in it as it looks now. */
export function exportSvg(element: HTMLElement, title: string): SvgExport {
  return asFile(drawSvg(element, title));
}

/** A drawing as a file. */
export function asFile({ root, width, height }: Drawn): SvgExport {
  return { text: new XMLSerializer().serializeToString(root), width, height };
}

/** As {@link exportSvg}, for who goes on drawing. */
export function drawSvg(element: HTMLElement, title: string): Drawn {
  const box = element.getBoundingClientRect();
  const width = Math.ceil(box.width);
  const height = Math.ceil(box.height);
  const root = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  });
  const name = svg("title");
  name.textContent = title;
  const ground = getComputedStyle(document.body).backgroundColor;
  root.append(
    name,
    svg("rect", { width, height, fill: ground }),
    ...draw(element, { x: box.left, y: box.top }),
  );
  return { root, width, height };
}
