import type { BoxNamespace, NamespaceKind, NamespaceNumbers } from "../../isolation/index.ts";
import { el, setAttributes, setClass, setText } from "./dom.ts";
import type { Say } from "./words.ts";

/** Always in this order, so that two boxes can be compared at a glance. */
export const LAMP_ORDER: readonly NamespaceKind[] = [
  "pid",
  "mnt",
  "net",
  "user",
  "uts",
  "ipc",
  "cgroup",
  "time",
];

/** Eight lamps, one for each kind of namespace: lit for those that a box has of its own. */
export class Lamps {
  readonly element = el("ul", "lamps");
  readonly #lamps = new Map<NamespaceKind, HTMLLIElement>();
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
    for (const kind of LAMP_ORDER) {
      const lamp = el("li", `lamp ns-${kind}`);
      lamp.dataset["term"] = kind;
      this.#lamps.set(kind, lamp);
      this.element.append(lamp);
    }
  }

  update(own: readonly BoxNamespace[], numbers: NamespaceNumbers): void {
    for (const [kind, lamp] of this.#lamps) {
      const one = own.find((namespace) => namespace.kind === kind);
      setClass(lamp, "lit", one !== undefined);
      setText(lamp, one === undefined ? kind : `${kind} ${numbers.of(one)}`);
      setAttributes(lamp, {
        "aria-label":
          one === undefined
            ? this.#say("xray.lamp.shared", { kind })
            : this.#say("xray.lamp.own", { kind, number: numbers.of(one), inode: one.inode }),
      });
    }
  }
}
