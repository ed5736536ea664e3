import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { asCodedError, CodedError, type Disposable, withAbort } from "../../base/index.ts";
import type { Clock } from "../../lessons/index.ts";
import { type ManName, type ManSource, nameOf } from "./man-source.ts";
import type { ManPage } from "./man-tree.ts";
import { sectionWith } from "./parse-man-page.ts";

/** Where in the manual: a page and, when it is not its beginning, a heading in it. */
export interface ManPlace extends ManName {
  readonly heading?: string | undefined;
}

export type ManContent =
  /** `isLong`: one has to be told what is awaited. */
  | { readonly kind: "waiting"; readonly isLong: boolean }
  /** `at` is the section that was asked for: undefined for the page's beginning, -1 for one that it has not. */
  | { readonly kind: "page"; readonly page: ManPage; readonly at: number | undefined }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** The open page. */
export interface ManView {
  readonly place: ManPlace;
  /** What was opened first: from there one may have gone on to {@link place}. */
  readonly opened: ManPlace;
  /** Another number for each time that a page is asked for, also the same one again. */
  readonly visit: number;
  readonly content: ManContent;
  /** How far down it was when it was left for another page; undefined when it is not one that was gone back to. */
  readonly top: number | undefined;
  readonly canGoBack: boolean;
}

export interface ManReaderOptions {
  readonly source: ManSource;
  readonly clock: Clock;
}

/** A wait that is longer is explained. */
const UNEXPLAINED_MS = 300;
const DEADLINE_MS = 20_000;
/** Pages that are kept once read. */
const MOST_KEPT = 60;
/** Pages that one can go back through. */
const MOST_BACK = 100;

/** The guest's manual, a page at a time. What has been read is kept. */
export class ManReader implements Disposable {
  readonly #options: ManReaderOptions;
  readonly #view = signal<ManView | undefined>(undefined);
  readonly #names = signal<ReadonlySet<string>>(new Set());
  readonly #kept = new Map<string, ManPage>();
  readonly #back: { readonly place: ManPlace; readonly top: number }[] = [];
  readonly #isOpen = computed(() => this.#view.value !== undefined);
  #opened: ManPlace | undefined;
  #visits = 0;
  #stop = new AbortController();

  constructor(options: ManReaderOptions) {
    this.#options = options;
  }

  /** Undefined while none is open. */
  get view(): ReadonlySignal<ManView | undefined> {
    return this.#view;
  }

  get isOpen(): ReadonlySignal<boolean> {
    return this.#isOpen;
  }

  /** Whether the guest has a page, as far as is known. */
  has(name: ManName): boolean {
    return this.#names.value.has(nameOf(name));
  }

  /** Opens a page. What goes wrong is in {@link view}. */
  open(place: ManPlace): void {
    this.#back.length = 0;
    this.#opened = place;
    void this.#show(place);
  }

  /**
   * Goes on to another page, from where one can go back.
   * @param top How far down the present one is.
   */
  follow(place: ManPlace, top: number): void {
    const view = this.#view.value;
    if (view !== undefined) this.#back.push({ place: view.place, top });
    if (this.#back.length > MOST_BACK) this.#back.shift();
    void this.#show(place);
  }

  back(): void {
    const last = this.#back.pop();
    if (last !== undefined) void this.#show(last.place, last.top);
  }

  /** Asks again for the page that could not be shown. */
  retry(): void {
    const view = this.#view.value;
    if (view !== undefined) void this.#show(view.place, view.top);
  }

  close(): void {
    this.#stop.abort();
    this.#back.length = 0;
    this.#view.value = undefined;
  }

  async #show(place: ManPlace, top?: number): Promise<void> {
    this.#stop.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#visits++;
    const visit = this.#visits;
    const tell = (content: ManContent): void => {
      if (this.#stop !== stop || stop.signal.aborted) return;
      const opened = this.#opened ?? place;
      this.#view.value = { place, opened, visit, content, top, canGoBack: this.#back.length > 0 };
    };
    const late = new AbortController();
    const stopped = AbortSignal.any([stop.signal, late.signal]);
    const { clock } = this.#options;
    tell({ kind: "waiting", isLong: false });
    const timers = [
      clock.after(UNEXPLAINED_MS, () => tell({ kind: "waiting", isLong: true })),
      clock.after(DEADLINE_MS, () =>
        late.abort(new CodedError("timed-out", "the page did not come in time")),
      ),
    ];
    let content: ManContent;
    try {
      const page = await withAbort(this.#page(place, stopped), stopped);
      content =
        page === undefined
          ? { kind: "missing" }
          : {
              kind: "page",
              page,
              at: place.heading === undefined ? undefined : sectionWith(page, place.heading),
            };
    } catch (thrown) {
      content = { kind: "failed", error: asCodedError(thrown) };
    } finally {
      for (const timer of timers) timer.dispose();
    }
    tell(content);
  }

  /** @returns undefined when the guest has no such page */
  async #page(name: ManName, stopped: AbortSignal): Promise<ManPage | undefined> {
    const { source } = this.#options;
    if (this.#names.value.size === 0) this.#names.value = await source.names(stopped);
    if (!this.has(name)) return undefined;
    const kept = this.#kept.get(nameOf(name));
    if (kept !== undefined) return kept;
    const page = await source.load(name, stopped);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(nameOf(name), page);
    return page;
  }

  dispose(): void {
    this.close();
  }
}
