import { diff, type Observation, tell } from "../isolation/index.ts";

/** So many processes, over all observations, are kept: each takes about two kilobytes. */
const MOST_PROCESSES = 15_000;
const MOST_EVENTS = 500;
/** Nothing happened between two that are nearer to each other: one of them is enough. */
const SPARSE_MS = 1000;

/** Something that happened, in a sentence. */
export interface ToldMoment {
  /** Unique. */
  readonly key: string;
  readonly machine: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly sentence: string;
}

/** What was seen of a machine, as far back as there is room, and what happened in between. */
export class XrayRecord {
  readonly #machine: string;
  #kept: readonly Observation[] = [];
  #events: readonly ToldMoment[] = [];
  #processes = 0;
  #told = 0;
  #latest: Observation | undefined;
  #before: Observation | undefined;
  /** The last that is kept was kept for what happened in it. */
  #eventful = true;

  constructor(machine: string) {
    this.#machine = machine;
  }

  /** Oldest first; the last one is the latest. */
  get observations(): readonly Observation[] {
    return this.#kept;
  }

  /** Oldest first. */
  get events(): readonly ToldMoment[] {
    return this.#events;
  }

  get latest(): Observation | undefined {
    return this.#latest;
  }

  /** The one that was seen before the latest, kept or not. */
  get beforeLatest(): Observation | undefined {
    return this.#before;
  }

  /** @returns Whether something happened since the one before, or it is the first. */
  add(observation: Observation): boolean {
    const before = this.#latest;
    const told = before === undefined ? [] : tell(diff(before, observation), before, observation);
    this.#before = before;
    this.#latest = observation;
    const dull = !this.#eventful && told.length === 0;
    const second = this.#kept.at(-2);
    const kept =
      dull && second !== undefined && observation.time - second.time < SPARSE_MS
        ? this.#kept.slice(0, -1)
        : this.#kept;
    if (kept !== this.#kept) this.#processes -= before?.processes.length ?? 0;
    this.#eventful = told.length > 0;
    this.#processes += observation.processes.length;
    this.#kept = this.#shortened([...kept, observation]);
    const moments = told.map(({ time, sentence }) => ({
      key: `${this.#machine} ${this.#told++}`,
      machine: this.#machine,
      time,
      sentence,
    }));
    if (moments.length > 0) this.#events = [...this.#events, ...moments].slice(-MOST_EVENTS);
    return before === undefined || told.length > 0;
  }

  #shortened(kept: readonly Observation[]): readonly Observation[] {
    let from = 0;
    while (this.#processes > MOST_PROCESSES && from < kept.length - 1) {
      this.#processes -= kept[from]?.processes.length ?? 0;
      from++;
    }
    return from === 0 ? kept : kept.slice(from);
  }
}
