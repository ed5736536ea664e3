import { get, set } from "idb-keyval";
import type { NumberSetting } from "./font-size.ts";
import type { Setting } from "./hidden-pause.ts";

const PREFIX = "setting/";

/** A setting in the browser's IndexedDB. */
export function browserSetting(name: string): Setting {
  return {
    async load() {
      const value = await get<unknown>(PREFIX + name);
      return typeof value === "boolean" ? value : undefined;
    },
    save: (value) => set(PREFIX + name, value),
  };
}

/** As {@link browserSetting}, for a number. */
export function browserNumber(name: string): NumberSetting {
  return {
    async load() {
      const value = await get<unknown>(PREFIX + name);
      return typeof value === "number" ? value : undefined;
    },
    save: (value) => set(PREFIX + name, value),
  };
}
