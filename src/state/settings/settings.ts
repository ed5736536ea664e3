import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import * as v from "valibot";
import { type Disposable, DisposableStore } from "../../base/index.ts";

/** `system` is as light, and as rich in contrast, as the system asks for. */
export const THEMES = ["system", "light", "dark", "contrast-light", "contrast-dark"] as const;
/** Colours of the terminals; `page` follows the page's. */
export const TERMINAL_SCHEMES = [
  "page",
  "light",
  "dark",
  "contrast-light",
  "contrast-dark",
  "modus-operandi",
  "modus-vivendi",
  "dracula",
  "gruvbox-dark",
] as const;
/** CSS pixels. */
const FONT_SIZES = [10, 11, 12, 13, 14, 16, 18, 20, 24, 28] as const;
/** A line of the terminal, in heights of its letters. */
export const LINE_HEIGHTS = [1, 1.15, 1.3, 1.5] as const;
/** The first of those there are that the page itself is set in. */
export const USUAL_FONT = "usual";
const MOST_FONT_NAME = 64;

/** Each by itself: one that is damaged, or of a later version, costs none of the others. */
const SettingsSchema = v.object({
  schema: v.literal(1),
  theme: v.fallback(v.picklist(THEMES), "system"),
  terminalScheme: v.fallback(v.picklist(TERMINAL_SCHEMES), "page"),
  /** A family of the system's. One that is not there any more is drawn as the usual. */
  fontFamily: v.fallback(v.pipe(v.string(), v.regex(/^[\w .-]+$/), v.maxLength(MOST_FONT_NAME)), USUAL_FONT),
  fontSize: v.fallback(v.picklist(FONT_SIZES), 14),
  lineHeight: v.fallback(v.picklist(LINE_HEIGHTS), 1.15),
  /** The terminal keeps a copy of its screen that a screen reader can read. */
  screenReader: v.fallback(v.boolean(), false),
  /** Machines stand still while nobody sees them. */
  pauseHidden: v.fallback(v.boolean(), true),
});

type Stored = v.InferOutput<typeof SettingsSchema>;
export type SettingsValue = Readonly<Omit<Stored, "schema">>;
export type Theme = SettingsValue["theme"];
export type TerminalScheme = SettingsValue["terminalScheme"];

/** A text that the browser keeps, which other tabs may change. */
export interface TextStore {
  /** Undefined where nothing is kept, or nothing can be. */
  read(): string | undefined;
  /** @returns Whether it is kept. */
  write(text: string): boolean;
  /** Another tab has changed it. */
  onChange(listener: () => void): Disposable;
}

/** What the text says; what cannot be understood is as usual. */
export function readSettings(text: string | undefined): SettingsValue {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "");
  } catch {
    // Nothing was kept, or it is damaged.
  }
  const parsed = v.safeParse(SettingsSchema, stored);
  const { schema: _, ...value } = parsed.success ? parsed.output : v.parse(SettingsSchema, { schema: 1 });
  return value;
}

/** What a visitor has set, in all pages of the product and all their tabs. */
export class Settings implements Disposable {
  readonly #store: TextStore;
  readonly #owned = new DisposableStore();
  readonly #value: Signal<SettingsValue>;
  readonly #isKept = signal(true);
  /** Machines stand still while nobody sees them. */
  readonly pauseHidden: ReadonlySignal<boolean> = computed(() => this.#value.value.pauseHidden);

  constructor(store: TextStore) {
    this.#store = store;
    this.#value = signal(readSettings(store.read()));
    this.#owned.add(
      store.onChange(() => {
        this.#value.value = readSettings(store.read());
      }),
    );
  }

  get value(): ReadonlySignal<SettingsValue> {
    return this.#value;
  }

  /** Whether the browser keeps them; else they last as long as the page. */
  get isKept(): ReadonlySignal<boolean> {
    return this.#isKept;
  }

  change(part: Partial<SettingsValue>): void {
    const value = { ...this.#value.value, ...part };
    this.#value.value = value;
    this.#isKept.value = this.#store.write(JSON.stringify({ schema: 1, ...value } satisfies Stored));
  }

  /** The next size of letters, larger (1) or smaller (-1); at the end there is none. */
  nextFontSize(direction: 1 | -1): SettingsValue["fontSize"] | undefined {
    const at = FONT_SIZES.indexOf(this.#value.value.fontSize);
    return FONT_SIZES[at + direction];
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
