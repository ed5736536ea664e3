import {
  EmbedError,
  type EmbedEventName,
  type EmbedEvents,
  LAB_HEIGHT,
  type XapiActor,
  type XapiStatement,
} from "../protocol/embed.ts";
import { connect } from "./connect.ts";
import type { LabHandle } from "./connection.ts";
import { addStyle, makePoster } from "./poster.ts";
import { WORDS } from "./words.ts";

/** The folder of this very file. Not `new URL("./", …)`: bundlers would look for a file of that name. */
const HERE = import.meta.url.slice(0, import.meta.url.lastIndexOf("/") + 1);
/** CSS pixels. A lesson that is no wider has its terminal below it. */
const ONE_COLUMN = 760;

/** The element's events, each with what it tells as its `detail`. */
export type VivariumEventMap = {
  [Name in EmbedEventName as `vivarium-${Name}`]: CustomEvent<EmbedEvents[Name]>;
};

const EVENTS: readonly EmbedEventName[] = ["ready", "step", "completed", "failed", "resized"];

/** Attributes that the frame is made anew for. */
const FRAME = ["host", "sandbox", "lesson", "profile", "memory", "theme", "lang"];
/** Attributes that are told to the frame in its address. */
const TOLD = ["lesson", "step", "profile", "memory", "theme", "lang"];

/** A page that is built where there is no document has elements of nothing. */
const Base = globalThis.HTMLElement ?? Object;

/**
 * A frame with a lab in it, and a poster before it is started. It is never focused or scrolled to by itself, pauses while
 * it is out of sight, and is gone when the element is taken out of the page.
 *
 * Attributes: `start` (`click`, the default; `visible`, when it comes into sight; `auto`, at once), `height` (CSS pixels;
 * `auto` for what the lab asks for; by its width if not given), `label` (the name on the poster), `theme` (`light`, `dark`, `auto`), `lang`, `host` (the
 * folder in which Vivarium lies; where this script came from if not given), `sandbox` (the frame gets an opaque origin).
 */
export abstract class VivariumFrame extends Base {
  static readonly observedAttributes = [...FRAME, "step", "height", "label"];
  readonly #root: ShadowRoot;
  #iframe: HTMLIFrameElement | undefined;
  #starting: Promise<LabHandle> | undefined;
  #reaching = new AbortController();
  #handle: LabHandle | undefined;
  #sight: IntersectionObserver | undefined;
  #isSeen = false;
  #wanted: number | undefined;

  /** Who the completed statement says it was; nobody in particular if not given. */
  actor: XapiActor | undefined;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    addStyle(this.#root);
  }

  /** What is in the frame, for who cannot see it. */
  abstract get defaultLabel(): string;

  /** The lab, while it can be spoken with. */
  get handle(): LabHandle | undefined {
    return this.#handle;
  }

  get #label(): string {
    const said = this.getAttribute("label") ?? this.textContent?.trim() ?? "";
    return said === "" ? this.defaultLabel : said;
  }

  get #host(): URL {
    const host = this.getAttribute("host");
    return host === null ? new URL(HERE) : new URL(host.replace(/\/*$/, "/"), document.baseURI);
  }

  connectedCallback(): void {
    this.#sight = new IntersectionObserver((entries) => this.#see(entries.at(-1)?.isIntersecting === true));
    this.#sight.observe(this);
    this.#layOut();
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#sight?.disconnect();
    this.#end();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected || this.#sight === undefined || before === now) return;
    if (name === "height") this.#layOut();
    else if (name === "step") this.#handle?.goTo(now ?? "").catch(() => undefined);
    else {
      this.#end();
      this.#begin();
    }
  }

  /** The poster, or the lab at once. */
  #begin(): void {
    if (this.getAttribute("start") === "auto" || (this.getAttribute("start") === "visible" && this.#isSeen))
      this.start().catch(() => undefined);
    else
      this.#root.replaceChildren(
        makePoster(this.#label, () => {
          this.start().catch(() => undefined);
          // Who pressed a key on the poster goes on in the lab.
          this.#iframe?.focus({ preventScroll: true });
        }),
      );
  }

  #end(): void {
    this.#reaching.abort();
    this.#handle?.dispose();
    this.#handle = undefined;
    this.#starting = undefined;
    this.#iframe = undefined;
    this.#root.replaceChildren();
  }

  get #isTerminal(): boolean {
    return this.localName.endsWith("terminal");
  }

  #layOut(): void {
    const height = this.getAttribute("height");
    const usual = !this.#isTerminal && this.clientWidth <= ONE_COLUMN ? LAB_HEIGHT.below : LAB_HEIGHT.beside;
    const pixels = height === "auto" ? this.#wanted : Number.parseFloat(height ?? "");
    this.style.height = `${pixels || usual}px`;
  }

  #see(isSeen: boolean): void {
    this.#isSeen = isSeen;
    if (isSeen && this.getAttribute("start") === "visible") this.start().catch(() => undefined);
    this.#handle?.setVisible(isSeen);
  }

  /** Where the frame is, and what is to be in it. */
  get #address(): URL {
    const address = new URL("embed.html", this.#host);
    for (const name of TOLD) {
      const value = this.getAttribute(name);
      if (value !== null && value !== "") address.searchParams.set(name, value);
    }
    if (this.#isTerminal) address.searchParams.set("terminal", "");
    address.searchParams.set("origin", globalThis.origin);
    return address;
  }

  /**
   * Starts the lab, if that has not been done.
   * @throws EmbedError as `connect`
   */
  start(): Promise<LabHandle> {
    if (this.#starting !== undefined) return this.#starting;
    const iframe = document.createElement("iframe");
    this.#iframe = iframe;
    iframe.title = this.#label;
    iframe.allow = "clipboard-write";
    if (this.hasAttribute("sandbox")) iframe.setAttribute("sandbox", "allow-scripts");
    iframe.src = this.#address.href;
    this.#root.replaceChildren(iframe);
    // Who loads the frame anew finds the lab there again.
    iframe.addEventListener("load", () => {
      if (this.#iframe === iframe && this.#starting === undefined) void this.#reach(iframe);
    });
    return this.#reach(iframe);
  }

  #reach(iframe: HTMLIFrameElement): Promise<LabHandle> {
    const origin = this.hasAttribute("sandbox") ? "null" : this.#host.origin;
    const reaching = new AbortController();
    this.#reaching = reaching;
    const starting = connect(iframe, { origin, signal: reaching.signal });
    this.#starting = starting;
    void this.#follow(iframe, starting);
    return starting;
  }

  /** Passes on what the lab tells, until it is gone. */
  async #follow(iframe: HTMLIFrameElement, starting: Promise<LabHandle>): Promise<void> {
    const isNow = (): boolean => this.#iframe === iframe && this.#starting === starting;
    let handle: LabHandle;
    try {
      handle = await starting;
    } catch (error) {
      if (!isNow() || !(error instanceof EmbedError)) return;
      const { code } = error;
      const message =
        code === "frame-silent" ? WORDS.silent.replace("{host}", this.#host.href) : error.message;
      this.#tell("failed", { code, message });
      return;
    }
    if (!isNow()) {
      handle.dispose();
      return;
    }
    this.#handle = handle;
    for (const name of EVENTS) handle.on(name, (detail) => this.#tell(name, detail));
    handle.setVisible(this.#isSeen);
    await handle.gone;
    if (isNow()) this.#handle = this.#starting = undefined;
  }

  #tell<Name extends EmbedEventName>(name: Name, given: EmbedEvents[Name]): void {
    let detail: object = given;
    if (name === "completed" && this.actor !== undefined) {
      const { statement } = given as { readonly statement: XapiStatement };
      detail = { ...given, statement: { ...statement, actor: this.actor } };
    }
    if (name === "resized") {
      const { wanted } = given as EmbedEvents["resized"];
      // A lab may ask for room, and not for the whole page.
      this.#wanted = Math.min(Math.max(wanted, 240), 1200);
      this.#layOut();
    }
    this.dispatchEvent(new CustomEvent(`vivarium-${name}`, { detail, bubbles: true, composed: true }));
  }
}
