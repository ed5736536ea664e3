import { type Disposable, toDisposable } from "../base/index.ts";
import type { NamedTexts, TextStore } from "../state/index.ts";

/** What the browser keeps by name for good, or as long as the tab. Asking for it throws where it is forbidden. */
const AREAS = { local: () => localStorage, session: () => sessionStorage };

function tried<T>(which: keyof typeof AREAS, work: (area: Storage) => T, otherwise: T): T {
  try {
    return work(AREAS[which]());
  } catch {
    // Forbidden, or full.
    return otherwise;
  }
}

/** All of them; none where the browser keeps nothing. */
export function namedTexts(which: keyof typeof AREAS): NamedTexts {
  return {
    all: () =>
      tried<[string, string][]>(
        which,
        (area) =>
          Array.from({ length: area.length }, (_, i) => area.key(i) ?? "").map((name) => [
            name,
            area.getItem(name) ?? "",
          ]),
        [],
      ),
    set: (name, text) => tried(which, (area) => area.setItem(name, text), undefined),
    remove: (name) => tried(which, (area) => area.removeItem(name), undefined),
  };
}

/** One text that is kept for good, and that all tabs have in common. */
export function browserText(name: string): TextStore {
  return {
    read: () => tried("local", (area) => area.getItem(name) ?? undefined, undefined),
    write: (text) =>
      tried(
        "local",
        (area) => {
          area.setItem(name, text);
          return true;
        },
        false,
      ),
    onChange: (listener): Disposable => {
      const onStorage = ({ key }: StorageEvent): void => {
        // Without a key all of them were taken away.
        if (key === name || key === null) listener();
      };
      addEventListener("storage", onStorage);
      return toDisposable(() => removeEventListener("storage", onStorage));
    },
  };
}
