import { type Disposable, DisposableStore, toDisposable } from "../base/index.ts";
import type { Clock } from "../lessons/index.ts";

const PAUSE_MS = 2000;
const ANSWER_MS = 4000;
/** A laptop that was asleep finds its timers due before the answer could come: one more chance. */
const CHANCES = 2;

/**
 * Asks for a sign of life now and then, since a browser does not tell when it has killed a worker.
 * @param ask answered by the worker itself, however busy the guest is; that it rejects is an answer too
 * @param onSilent called once when no answer came
 */
export function watchForSilence(ask: () => Promise<unknown>, clock: Clock, onSilent: () => void): Disposable {
  let current = new DisposableStore();
  let isOver = false;

  const turn = (work: (owned: DisposableStore) => void): void => {
    current.dispose();
    if (isOver) return;
    current = new DisposableStore();
    work(current);
  };
  const wait = (owned: DisposableStore, chances: number): void => {
    owned.add(
      clock.after(ANSWER_MS, () => {
        if (chances > 1) {
          wait(owned, chances - 1);
          return;
        }
        isOver = true;
        onSilent();
      }),
    );
  };
  const rest = (): void =>
    turn((owned) => {
      owned.add(
        clock.after(PAUSE_MS, () =>
          turn((asked) => {
            wait(asked, CHANCES);
            const answered = (): void => {
              if (current === asked && !isOver) rest();
            };
            ask().then(answered, answered);
          }),
        ),
      );
    });

  rest();
  return toDisposable(() => {
    isOver = true;
    current.dispose();
  });
}
