import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import { type Disposable, DisposableStore } from "../base/index.ts";
import {
  arranged,
  type Layout,
  type Preset,
  presetOf,
  readLayout,
  type Share,
  USUAL_LAYOUT,
  writeLayout,
} from "./layout.ts";
import type { TextStore } from "./settings/settings.ts";
import type { Xray } from "./xray.ts";

/** Where a layout is kept. Other tabs have their own until they are loaded again: nothing moves by itself. */
export type LayoutStore = Pick<TextStore, "read" | "write">;

/** What a page has, where it shows one of them at a time. */
export type Panel = "lesson" | "xray" | "manual" | "terminal";

/** How lesson, terminals, X-ray and manual share the page, now and the next time. */
export class Panels implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #store: LayoutStore | undefined;
  readonly #xray: Xray;
  readonly #isManOpen: ReadonlySignal<boolean>;
  readonly #layout = signal<Layout>(USUAL_LAYOUT);
  readonly #wanted = signal<Panel>("lesson");
  readonly #isColumn = signal(false);
  #saved: string;

  /** As it is now, the X-ray's part in it too. */
  readonly layout: ReadonlySignal<Layout> = computed(() => ({
    ...this.#layout.value,
    isXrayOpen: this.#xray.open.value,
    tab: this.#xray.tab.value,
    // There is nothing else in its place.
    isTerminalOpen: this.#layout.value.isTerminalOpen || !(this.#xray.open.value || this.#isManOpen.value),
  }));
  readonly preset: ReadonlySignal<Preset | undefined> = computed(() => presetOf(this.layout.value));
  /** What is seen above the terminal, or instead of it, where everything stands in one column. */
  readonly front: ReadonlySignal<Panel> = computed(() => {
    const wanted = this.#wanted.value;
    if (wanted === "xray" && !this.#xray.open.value) return "lesson";
    return wanted === "manual" && !this.#isManOpen.value ? "lesson" : wanted;
  });
  /** The X-ray can be seen. */
  readonly isXrayShown: ReadonlySignal<boolean> = computed(
    () => this.#xray.open.value && (!this.#isColumn.value || this.front.value === "xray"),
  );

  constructor(store: LayoutStore | undefined, xray: Xray, isManOpen: ReadonlySignal<boolean>) {
    this.#store = store;
    this.#xray = xray;
    this.#isManOpen = isManOpen;
    const layout = readLayout(store?.read());
    this.#layout.value = layout;
    xray.setTab(layout.tab);
    if (layout.isXrayOpen) xray.setOpen(true);
    this.#saved = writeLayout(layout);
    this.#owned.defer(effect(() => this.#save()));
    this.#owned.defer(
      effect(() => {
        if (isManOpen.value) this.#wanted.value = "manual";
      }),
    );
  }

  #save(): void {
    const { isTerminalOpen } = this.#layout.value;
    // What a lesson opened is the lesson's, and not how the learner wants it.
    const isXrayOpen = this.layout.value.isXrayOpen && this.#xray.openedBy.value === "learner";
    const text = writeLayout({ ...this.layout.value, isTerminalOpen, isXrayOpen });
    if (text === this.#saved) return;
    this.#saved = text;
    // Where it is not kept, it lasts as long as the page.
    this.#store?.write(text);
  }

  /** Everything stands in one column. */
  get isColumn(): ReadonlySignal<boolean> {
    return this.#isColumn;
  }

  setColumn(isColumn: boolean): void {
    this.#isColumn.value = isColumn;
  }

  #change(change: Partial<Layout>): void {
    this.#layout.value = { ...this.#layout.value, ...change };
  }

  resize(share: Share, to: number): void {
    const { shares } = this.#layout.value;
    this.#change({ shares: { ...shares, [share]: to } });
  }

  /** As it is for who comes for the first time. */
  resetSize(share: Share): void {
    this.resize(share, USUAL_LAYOUT.shares[share]);
  }

  setPlace(place: Layout["place"]): void {
    this.#change({ place });
  }

  setLessonOpen(isLessonOpen: boolean): void {
    this.#change({ isLessonOpen });
  }

  setTerminalOpen(isTerminalOpen: boolean): void {
    this.#change({ isTerminalOpen });
  }

  /** Somebody types there, or the page does: it has to be seen. */
  openTerminal(): void {
    if (!this.#layout.peek().isTerminalOpen) this.#change({ isTerminalOpen: true });
  }

  choose(preset: Preset): void {
    const layout = arranged(
      untracked(() => this.layout.value),
      preset,
    );
    batch(() => {
      this.#layout.value = layout;
      this.#xray.setTab(layout.tab);
      this.#xray.setOpen(layout.isXrayOpen);
    });
  }

  /** Where everything stands in one column, brings that one up; opens the X-ray. */
  show(panel: Panel): void {
    batch(() => {
      this.#wanted.value = panel;
      if (panel === "xray") this.#xray.setOpen(true);
    });
  }

  /** Closes the X-ray where it is seen, and shows it where it is not. */
  toggleXray(): void {
    if (this.isXrayShown.peek()) this.#xray.setOpen(false);
    else this.show("xray");
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
