/** Words about where a mount or a device is: in whose namespace. */
import type { Namespace, NamespaceId, NamespaceKind } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { ProcessPattern } from "./process-pattern.ts";
import { PROCESSES } from "./query-process.ts";
import { many, type Membership } from "./query-values.ts";
import { matching, type Word } from "./query-words.ts";
import { Scene } from "./scene.ts";
import { code, list } from "./words.ts";

export interface PlacePattern {
  /** Whether it is in the machine's own namespace, or in another. */
  readonly namespace?: Membership | undefined;
  /** A process that lives in that namespace. */
  readonly of?: ProcessPattern | undefined;
}

interface Placed {
  readonly place: { readonly kind: NamespaceKind; readonly inode: NamespaceId; readonly initial: boolean };
}

export function placeWords<Thing extends Placed>(): {
  readonly namespace: Word<Thing, Membership>;
  readonly of: Word<Thing, ProcessPattern>;
} {
  return {
    namespace: {
      holds: (wanted, { place }) => place.initial === (wanted === "init"),
      miss: (wanted) => (wanted === "init" ? "that is not init's own" : "that is init's own"),
    },
    of: {
      holds: (wanted, { place: { kind, inode } }, observation) =>
        matching(PROCESSES, wanted, observation).some((one) => one.namespaces[kind] === inode),
      miss: (wanted) => {
        const who = wanted.comm === undefined ? "such process" : list(many(wanted.comm).map(code), "or");
        return `no ${who} lives there`;
      },
    },
  };
}

/** "init's network namespace" */
export function placeName(namespace: Namespace, observation: Observation): string {
  return new Scene(observation, observation).nameOf(namespace);
}
