import { describe, expect, it } from "vitest";
import { toDisposable } from "../../base/index.ts";
import { readSettings, Settings, type TextStore } from "./settings.ts";

class FakeStore implements TextStore {
  text: string | undefined;
  isFull = false;
  readonly #listeners = new Set<() => void>();

  constructor(text?: string) {
    this.text = text;
  }
  read(): string | undefined {
    return this.text;
  }
  write(text: string): boolean {
    if (!this.isFull) this.text = text;
    return !this.isFull;
  }
  onChange(listener: () => void) {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }
  /** As another tab does. */
  replace(text: string | undefined): void {
    this.text = text;
    for (const listener of this.#listeners) listener();
  }
}

const USUAL = {
  theme: "system",
  terminalScheme: "page",
  fontFamily: "usual",
  fontSize: 14,
  lineHeight: 1.15,
  screenReader: false,
  pauseHidden: true,
};

describe("settings", () => {
  it.each([undefined, "", "{", "[]", "null", '{"schema":2,"theme":"dark"}', '{"theme":"dark"}'])(
    "are the usual ones where %s is kept",
    (text) => {
      expect(readSettings(text)).toEqual(USUAL);
    },
  );

  it("are read one by one: what is damaged costs none of the others", () => {
    const text = JSON.stringify({
      schema: 1,
      theme: "plaid",
      fontSize: 1000,
      lineHeight: "1.3",
      fontFamily: 'x"; } body { display: none',
      terminalScheme: "dracula",
      screenReader: true,
      other: "of a later version",
    });
    expect(readSettings(text)).toEqual({ ...USUAL, terminalScheme: "dracula", screenReader: true });
  });

  it("are kept as they are chosen, and found again", () => {
    const store = new FakeStore();
    const settings = new Settings(store);
    settings.change({ theme: "contrast-dark" });
    settings.change({ fontFamily: "DejaVu Sans Mono", pauseHidden: false });
    const again = new Settings(new FakeStore(store.text));
    expect(again.value.value).toEqual({
      ...USUAL,
      theme: "contrast-dark",
      fontFamily: "DejaVu Sans Mono",
      pauseHidden: false,
    });
    expect(again.pauseHidden.value).toBe(false);
  });

  it("follow another tab, until they are let go", () => {
    const store = new FakeStore();
    const settings = new Settings(store);
    store.replace('{"schema":1,"theme":"dark"}');
    expect(settings.value.value.theme).toBe("dark");
    store.replace(undefined);
    expect(settings.value.value).toEqual(USUAL);
    settings.dispose();
    store.replace('{"schema":1,"theme":"dark"}');
    expect(settings.value.value.theme).toBe("system");
  });

  it("last as long as the page where the browser keeps nothing, and say so", () => {
    const store = new FakeStore();
    store.isFull = true;
    const settings = new Settings(store);
    expect(settings.isKept.value).toBe(true);
    settings.change({ fontSize: 20 });
    expect([settings.value.value.fontSize, settings.isKept.value, store.text]).toEqual([
      20,
      false,
      undefined,
    ]);
  });

  it("have an end of sizes on both sides", () => {
    const settings = new Settings(new FakeStore());
    expect([settings.nextFontSize(-1), settings.nextFontSize(1)]).toEqual([13, 16]);
    settings.change({ fontSize: 28 });
    expect(settings.nextFontSize(1)).toBeUndefined();
    settings.change({ fontSize: 10 });
    expect(settings.nextFontSize(-1)).toBeUndefined();
  });
});
