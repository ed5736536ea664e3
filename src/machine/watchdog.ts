import { type Disposable, toDisposable, unwaited } from "../base/index.ts";

const PAUSE_MS = 2000;
const ANSWER_MS = 4000;
/** A laptop that was asleep finds its timers due before the answer could come: one more chance. */
const CHANCES = 2;

/**
 * Asks for a sign of life now and then, since a browser does not tell when it has killed a worker.
 * @param ask answered by the worker itself, however busy the guest is; that it rejects is an answer too
 * @param onSilent called once when no answer came
 */
export function watchForSilence(ask: () => Promise<unknown>, onSilent: () => void): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const after = (ms: number, work: () => void): void => {
    clearTimeout(timer);
    if (isOver) return;
    timer = unwaited(setTimeout(work, ms));
  };
  const wait = (chances: number): void =>
    after(ANSWER_MS, () => {
      if (chances > 1) {
        wait(chances - 1);
        return;
      }
      isOver = true;
      onSilent();
    });
  const rest = (): void =>
    after(PAUSE_MS, () => {
      wait(CHANCES);
      ask().then(rest, rest);
    });

  rest();
  return toDisposable(() => {
    isOver = true;
    clearTimeout(timer);
  });
}
