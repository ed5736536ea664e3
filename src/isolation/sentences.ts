import type { IsolationEvent } from "./events.ts";
import type { Scene } from "./scene.ts";

type OfKind<Event extends IsolationEvent, Kind> = Event extends { readonly kind: infer Own }
  ? Kind extends Own
    ? Event
    : never
  : never;

/** What is said of each kind of event. */
export type Sentences<Event extends IsolationEvent> = {
  readonly [Kind in Event["kind"]]: (event: OfKind<Event, Kind>, scene: Scene) => string;
};

/** Looks up what is said of an event. */
export function say<Event extends IsolationEvent>(
  sentences: Sentences<Event>,
  event: Event,
  scene: Scene,
): string {
  const kind: Event["kind"] = event.kind;
  const sentence = sentences[kind] as (event: Event, scene: Scene) => string;
  return sentence(event, scene);
}
