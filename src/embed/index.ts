/**
 * Vivarium in a course page: `<vivarium-lab>` and `<vivarium-terminal>`, which this module defines, and `connect` for a
 * frame that the page has made itself. See `docs/embedding.md`.
 */
import type { EmbedEventName, EmbedEvents } from "../protocol/embed.ts";
import { VivariumFrame, type VivariumEventMap } from "./frame-element.ts";
import { WORDS } from "./words.ts";

export {
  EmbedError,
  type EmbedErrorCode,
  type EmbedEventName,
  type EmbedEvents,
  type EmbedMachine,
  type EmbedState,
  type EmbedStep,
  type EmbedStepEvent,
  type EmbedVerdict,
  type Observation,
  type Observations,
  type XapiActor,
  type XapiStatement,
} from "../protocol/embed.ts";
export { connect, type ConnectOptions } from "./connect.ts";
export type { LabHandle } from "./connection.ts";
export type { VivariumEventMap };

/** A lesson with its machines: `lesson` is its id, `COURSE/LESSON`; `step` the id of the step that is open first. */
export class VivariumLab extends VivariumFrame {
  get defaultLabel(): string {
    return this.getAttribute("lesson") ?? WORDS.lab;
  }
}

/** A terminal of a machine, without a lesson: `profile` is what it is made from, `memory` its MiB. */
export class VivariumTerminal extends VivariumFrame {
  get defaultLabel(): string {
    return WORDS.terminal;
  }
}

/** What an event of the element tells. */
export type VivariumEvent<Name extends EmbedEventName> = CustomEvent<EmbedEvents[Name]>;

declare global {
  interface HTMLElementTagNameMap {
    "vivarium-lab": VivariumLab;
    "vivarium-terminal": VivariumTerminal;
  }
  // Events bubble: who listens to a whole page knows them too.
  interface HTMLElementEventMap extends VivariumEventMap {}
}

if (globalThis.customElements !== undefined) {
  // A page may have the script twice.
  if (customElements.get("vivarium-lab") === undefined) customElements.define("vivarium-lab", VivariumLab);
  if (customElements.get("vivarium-terminal") === undefined)
    customElements.define("vivarium-terminal", VivariumTerminal);
}
