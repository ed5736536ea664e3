import type { Disposable } from "../base/index.ts";
import type { Observation } from "../isolation/index.ts";
import type { Machine } from "../machine/index.ts";

const HZ = 20;
/** Whoever asks again within this is not the reason to begin anew. */
const LINGER_MS = 3000;

/** Looks at one machine for as long as somebody asks for them; it looks seldom while nothing happens in the machine. */
export class MachineLooks implements Disposable {
  readonly #machine: Pick<Machine, "watch">;
  readonly #onNews: () => void;
  #watching: Disposable | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #latest: Observation | undefined;
  #isNew = false;

  /** @param onNews Told of each look. */
  constructor(machine: Pick<Machine, "watch">, onNews: () => void) {
    this.#machine = machine;
    this.#onNews = onNews;
  }

  get latest(): Observation | undefined {
    return this.#latest;
  }

  /** Whether the latest was not taken yet. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Somebody asks: it is watched for a while. */
  want(): void {
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.dispose(), LINGER_MS);
    this.#watching ??= this.#machine.watch(
      (observation) => {
        this.#latest = observation;
        this.#isNew = true;
        this.#onNews();
      },
      { hz: HZ },
    );
  }

  take(): Observation | undefined {
    this.#isNew = false;
    return this.#latest;
  }

  /** What was seen is of a time that never was. */
  forget(): void {
    this.#latest = undefined;
    this.#isNew = false;
  }

  /** Watches no more until somebody asks. */
  dispose(): void {
    clearTimeout(this.#linger);
    this.#watching?.dispose();
    this.#watching = undefined;
    this.forget();
  }
}
