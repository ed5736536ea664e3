/** A postcard: the X-ray's picture of a moment, framed, with a few words below it. */
import { colourOf, svg } from "./dom.ts";
import { asFile, type Drawn, type SvgExport } from "./export-svg.ts";

export interface PostcardWords {
  readonly title: string;
  /** Below the title: when and where. */
  readonly line: string;
  readonly brand: string;
}

const WIDTH = 720;
const EDGE = 28;
const CAPTION = 92;
/** A taller picture is drawn smaller. */
const MOST_HEIGHT = 900;

/** The colours of the page, as they are now. */
function colours(): { ground: string; ink: string; soft: string; line: string; accent: string } {
  const of = (name: string): string => colourOf(document.body, name);
  return {
    ground: of("--raised"),
    ink: of("--ink"),
    soft: of("--ink-soft"),
    line: of("--line"),
    accent: of("--accent"),
  };
}

function text(words: string, x: number, y: number, attributes: Record<string, string | number>): SVGElement {
  const made = svg("text", { x, y, "font-family": "system-ui, sans-serif", ...attributes });
  made.textContent = words;
  return made;
}

/** Draws a postcard around a picture. */
export function postcardSvg(picture: Drawn, { title, line, brand }: PostcardWords): SvgExport {
  const { ground, ink, soft, line: rule, accent } = colours();
  const room = WIDTH - 2 * EDGE;
  const scale = Math.min(room / picture.width, MOST_HEIGHT / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const whole = Math.ceil(EDGE + height + CAPTION);
  const inner = picture.root;
  inner.setAttribute("x", String((WIDTH - width) / 2));
  inner.setAttribute("y", String(EDGE));
  inner.setAttribute("width", String(width));
  inner.setAttribute("height", String(height));
  const root = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width: WIDTH,
    height: whole,
    viewBox: `0 0 ${WIDTH} ${whole}`,
  });
  const base = EDGE + height;
  root.append(
    svg("rect", { width: WIDTH, height: whole, rx: 14, fill: ground }),
    svg("rect", {
      x: 0.5,
      y: 0.5,
      width: WIDTH - 1,
      height: whole - 1,
      rx: 14,
      fill: "none",
      stroke: rule,
    }),
    inner,
    text(title, EDGE, base + 42, { "font-size": 22, "font-weight": 650, fill: ink }),
    text(line, EDGE, base + 68, { "font-size": 14, fill: soft }),
    text(brand, WIDTH - EDGE, base + 42, {
      "font-size": 15,
      "font-weight": 650,
      fill: accent,
      "text-anchor": "end",
    }),
  );
  return asFile({ root, width: WIDTH, height: whole });
}
