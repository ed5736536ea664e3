import { WORDS } from "./words.ts";

const STYLE = `
:host { display: block; position: relative; contain: layout; min-height: 12rem; color-scheme: light dark; border-radius: 10px;
  overflow: clip; --v-ink: light-dark(#1d2730, #dfe5eb); --v-soft: light-dark(#4d5963, #9eabb7);
  --v-line: light-dark(#d9d7cc, #242d37); --v-accent: light-dark(#0b7a5c, #5fd4b1); }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
iframe, button { position: absolute; inset: 0; width: 100%; height: 100%; box-sizing: border-box; margin: 0;
  border: 1px solid var(--v-line); border-radius: inherit; }
iframe { background: light-dark(#f3f2ec, #0b1015); }
button { display: grid; align-content: center; justify-items: center; gap: .5rem; padding: 1.5rem; cursor: pointer;
  text-align: center; color: var(--v-ink); font: 1rem/1.5 system-ui, sans-serif;
  background: radial-gradient(90% 80% at 50% 0, light-dark(#fff, #18212a), light-dark(#f3f2ec, #0b1015)); }
button:hover { border-color: var(--v-accent); }
button:focus-visible { outline: 2px solid var(--v-accent); outline-offset: -4px; }
svg { width: 3.25rem; fill: none; stroke: var(--v-accent); stroke-width: 1.6; stroke-linejoin: round; }
.go { fill: var(--v-accent); stroke: none; }
strong { font-size: 1.2rem; font-weight: 650; letter-spacing: -.01em; }
small { font-size: .8125rem; color: var(--v-soft); }
span { margin-top: .5rem; padding: .35rem 1.1rem; border-radius: 6px; font-size: .875rem; font-weight: 500;
  background: var(--v-accent); color: light-dark(#fff, #06251b); }
`;

/** The box of the brand, with what starts it inside. */
const BOX = ["M4 9 8 4h12v11l-4 5H4z", "M4 9h12v11M16 9l4-5"];
const GO = "M8 11.5v6l5-3z";

function picture(): SVGElement {
  const of = (name: string): SVGElement => document.createElementNS("http://www.w3.org/2000/svg", name);
  const svg = of("svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  for (const d of [...BOX, GO]) {
    const path = of("path");
    path.setAttribute("d", d);
    if (d === GO) path.setAttribute("class", "go");
    svg.append(path);
  }
  return svg;
}

/** Gives the element's shadow its looks, also where the page's policy forbids style elements. */
export function addStyle(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
}

/** What stands where the lab will be, until somebody starts it. */
export function makePoster(name: string, onStart: () => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.part.add("poster");
  const word = (tag: string, text: string): HTMLElement => {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  };
  button.append(picture(), word("strong", name), word("small", WORDS.what), word("span", WORDS.start));
  button.addEventListener("click", onStart);
  return button;
}
