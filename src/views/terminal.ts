import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { type ITerminalOptions, Terminal } from "@xterm/xterm";
import { type Disposable, DisposableStore, Emitter, toDisposable } from "../base/index.ts";
import { joinScreen, type Screen, type TerminalEnd } from "./terminal-end.ts";
import { type BarKey, barKeySequence, type CtrlHold } from "./bar-keys.ts";
import { HeldCtrl } from "./held-ctrl.ts";
import { terminalKey } from "./terminal-keys.ts";
import { keepPast, readPast, showPast } from "./terminal-past.ts";
import { ReadAlong, type TerminalReader } from "./terminal-reader.ts";
import { type SearchDirection, TerminalSearch } from "./terminal-search.ts";
import { type Scheme, TERMINAL_THEMES } from "./terminal-themes.ts";
import { scrollByTouch, type TouchScroll } from "./touch-scroll.ts";

/** `dom` is the slower one, which works everywhere. */
export type Renderer = "webgl" | "dom";

/** How a terminal is drawn. The number of columns and rows follows. */
export interface TerminalLooks {
  readonly scheme: Scheme;
  /** A family of the system's; the usual one where there is none of that name, and if not given. */
  readonly fontFamily?: string;
  /** CSS pixels. */
  readonly fontSize: number;
  /** In heights of letters. */
  readonly lineHeight: number;
}

export interface TerminalViewOptions {
  readonly looks: TerminalLooks;
  /** Keeps a copy of the screen that a screen reader can read. */
  readonly screenReader: boolean;
  /**
   * What the line says that stands between a terminal's past and present, when the page was loaded again. One without
   * forgets its past.
   */
  readonly pastWords?: string;
  /** Which key leads out of the terminal; it is not typed. */
  readonly isLeaveKey: (event: KeyboardEvent) => boolean;
  /** Whether there are other terminals to go to by keyboard. */
  readonly hasOthers: () => boolean;
  /** Is told what is printed. */
  readonly reader?: TerminalReader;
}

/** The face that tests and tools find on the host element, since WebGL draws text that is not in the document. */
export interface TerminalProbe {
  /** All lines, scrollback included, or the last so many; without trailing blanks. */
  text(last?: number): string;
  /** The lines that are in sight, wherever one has scrolled to. */
  inSight(): string;
  /** CSS pixels. */
  readonly fontSize: number;
  readonly cols: number;
  readonly rows: number;
  /** Tells each time that output has reached the screen's buffer. */
  onParsed(listener: () => void): void;
}

declare global {
  interface HTMLElement {
    vivariumTerminal?: TerminalProbe;
  }
}

const FONTS = 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace';
const SCROLLBACK_LINES = 5000;
const CONTRAST = 4.5;
const SETTLE_MS = 1500;
const IDLE_MS = 3000;

/** As xterm names them. */
function drawn({ scheme, fontFamily, fontSize, lineHeight }: TerminalLooks): ITerminalOptions {
  const family = fontFamily === undefined ? FONTS : `"${fontFamily}", ${FONTS}`;
  return { theme: TERMINAL_THEMES[scheme], fontFamily: family, fontSize, lineHeight };
}

/** Making a WebGL context blocks the page for a while: it waits until the first command has had its turn, and for rest. */
function whenSettled(work: () => void): Disposable {
  let handle = 0;
  const timer = setTimeout(() => {
    if (typeof requestIdleCallback === "function") handle = requestIdleCallback(work, { timeout: IDLE_MS });
    else work();
  }, SETTLE_MS);
  return toDisposable(() => {
    clearTimeout(timer);
    if (handle !== 0) cancelIdleCallback(handle);
  });
}

/** What browsers and Mesa call WebGL that is drawn by the processor. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * WebGL without a graphics card is slower than the DOM, and holds the page up while it draws. Chromium does not count
 * its own software as a `majorPerformanceCaveat`, so the name has to tell.
 */
function hasGraphicsCard(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  if (context === null) return false;
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const name: unknown = context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return !SOFTWARE.test(String(name));
}

/** A terminal on the screen. It fills its host, follows the host's size, and belongs to whoever made it. */
export class TerminalView implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #host: HTMLElement;
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #entered = new Emitter<void>();
  readonly #left = new Emitter<void>();
  readonly #searchAsked = new Emitter<void>();
  readonly #search: TerminalSearch;
  readonly #nextAsked = new Emitter<1 | -1>();
  readonly #rendererLost = new Emitter<void>();
  readonly #isLeaveKey: TerminalViewOptions["isLeaveKey"];
  readonly #hasOthers: TerminalViewOptions["hasOthers"];
  readonly #readAlong: ReadAlong | undefined;
  #end: TerminalEnd | undefined;
  /** Which of the calls of `connect` is the latest: the same end may be connected twice while the past is shown. */
  #connection: object | undefined;
  #ctrl: HeldCtrl | undefined;
  #touch: TouchScroll | undefined;
  #joined: Disposable | undefined;
  #renderer: Renderer = "dom";
  readonly #pastWords: string | undefined;
  /** Shown once, above the first terminal. */
  #past = "";

  /** The learner pressed Enter. */
  readonly onEnter = this.#entered.event;
  /** The learner asked to get out of the terminal by keyboard. */
  readonly onLeave = this.#left.event;
  /** The learner wants to search. */
  readonly onSearchAsked = this.#searchAsked.event;
  /** The learner wants the next terminal (1), or the one before (-1). */
  readonly onNextAsked = this.#nextAsked.event;
  /** The browser took WebGL away; the DOM renderer goes on. */
  readonly onRendererLost = this.#rendererLost.event;

  constructor(host: HTMLElement, options: TerminalViewOptions) {
    this.#host = host;
    this.#isLeaveKey = options.isLeaveKey;
    this.#hasOthers = options.hasOthers;
    this.#pastWords = options.pastWords;
    if (options.pastWords !== undefined) this.#past = readPast();
    this.#terminal = new Terminal({
      allowProposedApi: false,
      cursorBlink: false,
      ...drawn(options.looks),
      minimumContrastRatio: CONTRAST,
      scrollback: SCROLLBACK_LINES,
      screenReaderMode: options.screenReader,
      macOptionIsMeta: true,
    });
    this.#owned.add(this.#terminal);
    this.#search = this.#owned.add(new TerminalSearch(this.#terminal));
    if (options.reader !== undefined)
      this.#readAlong = this.#owned.add(new ReadAlong(this.#terminal, options.reader));
    for (const emitter of [this.#entered, this.#left, this.#searchAsked, this.#rendererLost])
      this.#owned.add(emitter);
    this.#owned.add(this.#nextAsked);
    this.#terminal.loadAddon(this.#fit);
    this.#wear(options.looks);
    this.#terminal.open(host);
    this.#terminal.attachCustomKeyEventHandler((event) => this.#takeKey(event));
    this.#owned.add(this.#terminal.onData((data) => this.#typed(this.#ctrl?.take(data) ?? data)));
    this.#owned.add(
      this.#terminal.onBinary((data) => {
        this.#end?.write(Uint8Array.from(data, (character) => character.charCodeAt(0)));
      }),
    );
    this.#owned.add(this.#terminal.onResize(({ cols, rows }) => this.#end?.resize(cols, rows)));
    this.#takeTouches();
    this.#followSize();
    this.#probe();
    this.#setRenderer("dom");
    const first = this.#terminal.onWriteParsed(() => {
      first.dispose();
      this.#owned.add(
        whenSettled(() => {
          void this.#useWebgl();
          void this.#keepForReload();
        }),
      );
    });
    this.#owned.add(first);
  }

  #typed(data: string): void {
    this.#touch?.stop();
    this.#send(data);
  }

  #send(data: string): void {
    this.#end?.write(data);
    if (data.includes("\r")) this.#entered.fire();
  }

  #takeTouches(): void {
    const { textarea } = this.#terminal;
    if (textarea !== undefined) {
      this.#ctrl = this.#owned.add(new HeldCtrl(textarea, (data) => this.#typed(data)));
    }
    const terminal = this.#terminal;
    const isFull = (): boolean => terminal.buffer.active.type === "alternate";
    this.#touch = this.#owned.add(
      scrollByTouch(this.#host, {
        lineHeight: () => this.#host.clientHeight / terminal.rows,
        canScroll: (direction) => {
          const { viewportY, baseY } = terminal.buffer.active;
          return isFull() || (direction > 0 ? viewportY < baseY : viewportY > 0);
        },
        // What has the whole screen scrolls itself: it is told by arrows, as a wheel tells it.
        scroll: (lines) => {
          if (!isFull()) terminal.scrollLines(lines);
          else for (let i = Math.abs(lines); i > 0; i--) this.#arrow(lines > 0 ? "down" : "up");
        },
      }),
    );
  }

  #arrow(key: "up" | "down"): void {
    const { applicationCursorKeysMode } = this.#terminal.modes;
    this.#send(barKeySequence(key, { ctrl: false, applicationCursor: applicationCursorKeysMode }));
  }

  #setRenderer(renderer: Renderer): void {
    this.#renderer = renderer;
    this.#host.dataset["renderer"] = renderer;
  }

  get renderer(): Renderer {
    return this.#renderer;
  }

  /** Faster where it works; where it does not, nothing is lost. */
  async #useWebgl(): Promise<void> {
    if (!hasGraphicsCard()) return;
    try {
      const { WebglAddon } = await import("@xterm/addon-webgl");
      if (this.#owned.disposed) return;
      const addon = new WebglAddon();
      addon.onContextLoss(() => {
        addon.dispose();
        this.#setRenderer("dom");
        this.#rendererLost.fire();
      });
      this.#terminal.loadAddon(addon);
      this.#setRenderer("webgl");
    } catch {
      // No WebGL here: the DOM renderer stays.
      this.#setRenderer("dom");
    }
  }

  /** From now on the tab remembers what is shown, for the time after a reload. */
  async #keepForReload(): Promise<void> {
    if (this.#pastWords === undefined) return;
    const { SerializeAddon } = await import("@xterm/addon-serialize");
    if (this.#owned.disposed) return;
    const serializer = new SerializeAddon();
    this.#terminal.loadAddon(serializer);
    const keep = (): void => {
      if (document.visibilityState === "hidden") keepPast(serializer);
    };
    const keepNow = (): void => keepPast(serializer);
    // A browser may drop a hidden tab without another word.
    document.addEventListener("visibilitychange", keep);
    addEventListener("pagehide", keepNow);
    this.#owned.defer(() => {
      document.removeEventListener("visibilitychange", keep);
      removeEventListener("pagehide", keepNow);
    });
  }

  #followSize(): void {
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => this.#fitNow());
    });
    observer.observe(this.#host);
    this.#owned.defer(() => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    });
    this.#fitNow();
  }

  #fitNow(): void {
    // A hidden host has no size; the guest keeps the last real one.
    if (this.#host.clientWidth > 0 && this.#host.clientHeight > 0) this.#fit.fit();
  }

  #probe(): void {
    const terminal = this.#terminal;
    this.#host.vivariumTerminal = {
      get cols() {
        return terminal.cols;
      },
      get rows() {
        return terminal.rows;
      },
      onParsed: (listener) => {
        terminal.onWriteParsed(listener);
      },
      get fontSize() {
        return terminal.options.fontSize ?? 0;
      },
      inSight() {
        const { active } = terminal.buffer;
        return Array.from(
          { length: terminal.rows },
          (_, i) => active.getLine(active.viewportY + i)?.translateToString(true) ?? "",
        ).join("\n");
      },
      text(last = Infinity) {
        const buffer = terminal.buffer.active;
        const first = Math.max(0, buffer.length - last);
        let text = "";
        for (let i = first; i < buffer.length; i++) {
          const line = buffer.getLine(i);
          if (line === undefined) continue;
          if (i > first && !line.isWrapped) text += "\n";
          const isContinued = buffer.getLine(i + 1)?.isWrapped === true;
          text += line.translateToString(!isContinued);
        }
        return text.trimEnd();
      },
    };
    this.#owned.defer(() => {
      delete this.#host.vivariumTerminal;
    });
  }

  /** Whether xterm shall see the key. */
  #takeKey(event: KeyboardEvent): boolean {
    if (this.#isLeaveKey(event)) {
      event.preventDefault();
      // One press fires several events.
      if (event.type === "keydown") this.#left.fire();
      return false;
    }
    const key = terminalKey(event, this.#hasOthers());
    if (key === undefined) return true;
    if (key === "copy") {
      event.preventDefault();
      this.#copy();
    }
    if (key === "search") {
      event.preventDefault();
      this.#searchAsked.fire();
    }
    if (key === "next" || key === "before") {
      event.preventDefault();
      this.#nextAsked.fire(key === "next" ? 1 : -1);
    }
    // Pasting is the browser's: it asks nobody for leave, and xterm takes the paste event.
    return false;
  }

  #copy(): void {
    const text = this.#terminal.getSelection();
    if (text === "") return;
    // The clipboard belongs to secure contexts; elsewhere the browser's own menu copies the selection.
    navigator.clipboard?.writeText(text).catch(() => undefined);
  }

  /** Shows a terminal of a machine instead of what was shown before. */
  connect(end: TerminalEnd): void {
    this.disconnect();
    this.#terminal.reset();
    this.#end = end;
    const past = this.#past;
    this.#past = "";
    const connection = {};
    this.#connection = connection;
    const join = (): void => {
      if (this.#connection === connection) this.#joined = joinScreen(this.#screen(), end);
    };
    const words = this.#pastWords;
    if (past === "" || words === undefined) join();
    else
      this.#silently((done) =>
        showPast(this.#terminal, past, words, () => {
          done();
          join();
        }),
      );
  }

  /** Shows what whoever reads along was told before, or was never meant to be. */
  #silently(write: (done: () => void) => void): void {
    if (this.#readAlong === undefined) write(() => undefined);
    else this.#readAlong.silently(write);
  }

  /** The screen for one terminal. */
  #screen(): Screen {
    const terminal = this.#terminal;
    // What a shell that waited for its learner had printed by then comes in one piece, and is nobody's doing.
    let isFirst = true;
    const writeOld = (bytes: Uint8Array, taken: () => void): void =>
      this.#silently((done) =>
        terminal.write(bytes, () => {
          done();
          taken();
        }),
      );
    return {
      cols: terminal.cols,
      rows: terminal.rows,
      write: (bytes, taken) => {
        if (isFirst) writeOld(bytes, taken);
        else terminal.write(bytes, taken);
        isFirst = false;
      },
      replay: (bytes, taken) => {
        terminal.reset();
        writeOld(bytes, taken);
      },
    };
  }

  /** What is on the screen stays; keys go nowhere. */
  disconnect(): void {
    this.#joined?.dispose();
    this.#joined = undefined;
    this.#connection = undefined;
    this.#end = undefined;
  }

  setLooks(looks: TerminalLooks): void {
    this.#wear(looks);
    Object.assign(this.#terminal.options, drawn(looks));
    this.#fitNow();
  }

  /** What is around its lines has their ground. */
  #wear({ scheme }: TerminalLooks): void {
    this.#host.style.setProperty("--terminal-ground", TERMINAL_THEMES[scheme].background ?? null);
    this.#host.dataset["scheme"] = scheme;
  }

  setScreenReader(on: boolean): void {
    this.#terminal.options.screenReaderMode = on;
  }

  /** Selects the next place with this text and scrolls there. @returns Whether there is any. */
  async find(text: string, direction: SearchDirection): Promise<boolean> {
    return this.#search.find(text, direction);
  }

  /** Types a key that is not on the keyboard. */
  press(key: BarKey): void {
    const ctrl = this.#ctrl?.isHeld ?? false;
    this.#ctrl?.spend();
    const { applicationCursorKeysMode } = this.#terminal.modes;
    this.#terminal.scrollToBottom();
    this.#typed(barKeySequence(key, { ctrl, applicationCursor: applicationCursorKeysMode }));
  }

  /** Holds Ctrl for what is typed from now on. @param onSpent Is called when `once` has had its key. */
  holdCtrl(hold: CtrlHold, onSpent: () => void): void {
    this.#ctrl?.hold(hold, onSpent);
  }

  /** As the browser's own way of pasting does it: in brackets, where the guest asks for them. */
  paste(text: string): void {
    this.#terminal.paste(text);
  }

  /** What is in sight, and all that there is, as plain text. */
  get text(): { readonly inSight: string; readonly all: string } {
    const probe = this.#host.vivariumTerminal;
    return { inSight: probe?.inSight().trimEnd() ?? "", all: probe?.text() ?? "" };
  }

  get size(): { readonly cols: number; readonly rows: number } {
    return { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }

  focus(): void {
    // Without this the browser may scroll the page to the hidden text area.
    this.#terminal.textarea?.focus({ preventScroll: true });
  }

  dispose(): void {
    this.disconnect();
    this.#owned.dispose();
  }
}
