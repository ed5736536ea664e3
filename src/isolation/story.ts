import type { IsolationEvent } from "./events.ts";

/** Events that one sentence tells. */
export interface Story {
  readonly events: readonly IsolationEvent[];
  readonly sentence: string;
  /** Who it is about besides those whom the events name. */
  readonly pids: readonly number[];
}

export type EventOf<Kind extends IsolationEvent["kind"]> = Extract<IsolationEvent, { kind: Kind }>;

/** The events that no sentence has told yet. */
export class Untold {
  private readonly left: Set<IsolationEvent>;

  constructor(events: readonly IsolationEvent[]) {
    this.left = new Set(events);
  }

  rest(): IsolationEvent[] {
    return [...this.left];
  }

  of<Kind extends IsolationEvent["kind"]>(...kinds: readonly Kind[]): EventOf<Kind>[] {
    return this.rest().filter((event): event is EventOf<Kind> =>
      (kinds as readonly string[]).includes(event.kind),
    );
  }

  /** Makes a story of events, which are told by that. */
  tell(events: readonly IsolationEvent[], sentence: string, pids: readonly number[] = []): Story {
    for (const event of events) this.left.delete(event);
    return { events, sentence, pids };
  }
}

/** Puts those with the same key together, in the order in which the keys come. */
export function grouped<Thing, Key>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => Key,
): Map<Key, Thing[]> {
  const groups = new Map<Key, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
