import { type Disposable, DisposableStore, Emitter } from "../../base/index.ts";
import { el, Keyed, setAttributes, setChildren, setClass, setShown, setText } from "./dom.ts";
import { clock, duration } from "./format.ts";
import { setProse } from "./prose.ts";
import type { Say } from "./words.ts";

/** Something that happened, in a sentence of the model's. */
export interface TimelineEvent {
  /** Unique; stays with it. */
  readonly key: string;
  /** Name of the machine; shown when there are several. */
  readonly machine: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** Code is between backticks. */
  readonly sentence: string;
}

export interface TimelineState {
  /** Times of the recorded observations, oldest first. */
  readonly times: readonly number[];
  /** Which of them is shown; the last one while it is live. */
  readonly index: number;
  readonly isLive: boolean;
  readonly events: readonly TimelineEvent[];
}

/** More than these are not kept in the list; the oldest go. */
const MOST_EVENTS = 200;

class EventRow {
  readonly element: HTMLLIElement;
  readonly #pick = el("button", "told");
  readonly #time = el("time");
  readonly #machine = el("span", "told-machine");
  readonly #sentence = el("span");
  event: TimelineEvent | undefined;

  constructor(onPick: (event: TimelineEvent) => void) {
    this.#pick.type = "button";
    this.#pick.append(this.#time, this.#machine, this.#sentence);
    this.#pick.addEventListener("click", () => {
      if (this.event !== undefined) onPick(this.event);
    });
    this.element = el("li", "", this.#pick);
  }

  update(event: TimelineEvent, now: number, isOneMachine: boolean): void {
    this.event = event;
    setText(this.#time, clock(event.time));
    setText(this.#machine, event.machine);
    setShown(this.#machine, !isOneMachine);
    setProse(this.#sentence, event.sentence);
    setClass(this.element, "to-come", event.time > now);
  }
}

/** What has happened, in sentences, and a way back to how it was then. */
export class XrayTimeline implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #element = el("section", "xray-timeline");
  readonly #scrubber = el("input");
  readonly #when = el("output");
  readonly #live = el("button", "quiet");
  readonly #list = el("ol", "told-list");
  readonly #latest = el("p", "told-latest");
  readonly #all = el("details", "told-all");
  readonly #allTitle = el("summary");
  readonly #rows: Keyed<EventRow>;
  readonly #scrubbed = new Emitter<number>();
  readonly #picked = new Emitter<TimelineEvent>();
  readonly #wentLive = new Emitter<void>();
  readonly #say: Say;

  /** An index into `times`. */
  readonly onScrub = this.#scrubbed.event;
  readonly onPick = this.#picked.event;
  readonly onLive = this.#wentLive.event;

  constructor(host: HTMLElement, { say }: { readonly say: Say }) {
    this.#say = say;
    this.#rows = new Keyed(() => new EventRow((event) => this.#picked.fire(event)));
    this.#scrubber.type = "range";
    this.#scrubber.min = "0";
    setAttributes(this.#scrubber, { "aria-label": say("xray.timeline.scrub") });
    this.#live.type = "button";
    this.#live.textContent = say("xray.timeline.live");
    this.#latest.setAttribute("aria-live", "polite");
    this.#all.append(this.#allTitle, this.#list);
    setAttributes(this.#element, { "aria-label": say("xray.timeline.label") });
    this.#element.append(this.#latest, el("div", "scrub", this.#scrubber, this.#when, this.#live), this.#all);
    host.append(this.#element);
    const onInput = (): void => this.#scrubbed.fire(this.#scrubber.valueAsNumber);
    const onLive = (): void => this.#wentLive.fire();
    this.#scrubber.addEventListener("input", onInput);
    this.#live.addEventListener("click", onLive);
    for (const emitter of [this.#scrubbed, this.#picked, this.#wentLive]) this.#owned.add(emitter);
    this.#owned.defer(() => {
      this.#scrubber.removeEventListener("input", onInput);
      this.#live.removeEventListener("click", onLive);
      this.#element.remove();
    });
  }

  show({ times, index, isLive, events }: TimelineState): void {
    const last = Math.max(0, times.length - 1);
    setAttributes(this.#scrubber, { max: last });
    this.#scrubber.disabled = times.length < 2;
    if (this.#scrubber.valueAsNumber !== index) this.#scrubber.value = String(index);
    const now = times[index] ?? 0;
    const end = times[last] ?? now;
    const ago = duration(Math.max(0, end - now));
    setText(
      this.#when,
      isLive ? this.#say("xray.timeline.now") : this.#say("xray.timeline.ago", { ago, time: clock(now) }),
    );
    setAttributes(this.#scrubber, { "aria-valuetext": this.#when.textContent ?? "" });
    setAttributes(this.#live, { "aria-pressed": String(isLive) });
    this.#live.disabled = isLive;
    const isOneMachine = new Set(events.map(({ machine }) => machine)).size < 2;
    // The newest stands first, where the eye is.
    const shown = events.slice(-MOST_EVENTS).toReversed();
    setChildren(
      this.#list,
      shown.map((event) => {
        const row = this.#rows.get(event.key);
        row.update(event, now, isOneMachine);
        return row.element;
      }),
    );
    this.#rows.sweep();
    // Of the moment that is shown, as the picture is.
    const latest = shown.find(({ time }) => time <= now);
    setProse(this.#latest, latest?.sentence ?? this.#say("xray.timeline.none"));
    setText(this.#allTitle, this.#say("xray.timeline.all", { count: events.length }));
    setShown(this.#all, shown.length > 0);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
