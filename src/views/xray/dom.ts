/** Small helpers to build and to change elements. Text of the guest's only ever becomes text. */

const SVG = "http://www.w3.org/2000/svg";

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS(SVG, tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** Writes only what has changed: an attribute that is written again restarts transitions and wakes observers. */
export function setAttributes(
  element: Element,
  attributes: Readonly<Record<string, string | number | undefined>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setClass(element: Element, name: string, isOn: boolean): void {
  if (element.classList.contains(name) !== isOn) element.classList.toggle(name, isOn);
}

/** Shows or hides, without an empty gap. */
export function setShown(element: HTMLElement | SVGElement, isShown: boolean): void {
  if (isShown === element.hasAttribute("hidden")) element.toggleAttribute("hidden", !isShown);
}

/** Makes `nodes` the children of `parent` with as few moves as possible: what stays keeps its focus and its motion. */
export function setChildren(parent: Element, nodes: readonly Node[]): void {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const node of nodes) {
    if (at === node) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

/** Keeps one thing for each key, and forgets those that were not asked for since the last `sweep`. */
export class Keyed<Thing> {
  readonly #things = new Map<string, Thing>();
  readonly #used = new Set<string>();
  readonly #make: (key: string) => Thing;
  readonly #forget: (thing: Thing) => void;

  constructor(make: (key: string) => Thing, forget: (thing: Thing) => void = () => undefined) {
    this.#make = make;
    this.#forget = forget;
  }

  get(key: string): Thing {
    this.#used.add(key);
    const known = this.#things.get(key);
    if (known !== undefined) return known;
    const made = this.#make(key);
    this.#things.set(key, made);
    return made;
  }

  peek(key: string): Thing | undefined {
    return this.#things.get(key);
  }

  values(): Iterable<Thing> {
    return this.#things.values();
  }

  sweep(): void {
    for (const [key, thing] of this.#things) {
      if (this.#used.has(key)) continue;
      this.#things.delete(key);
      this.#forget(thing);
    }
    this.#used.clear();
  }
}

/** A colour of the page's as it is now, where something other than a style sheet needs it. */
export function colourOf(place: Element, property: string): string {
  // What a custom property holds is not resolved: it may be light-dark().
  const probe = el("span");
  probe.style.color = `var(${property})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Whether the focus may be put back: a frame must not take it from the page around it. */
export function mayFocus(): boolean {
  return window.parent === window || document.hasFocus();
}
