import type { Disposable } from "../../src/base/index.ts";

/** Calls back once: as soon as other tasks had their turn, or after some milliseconds. A new call replaces the last. */
export interface Scheduler extends Disposable {
  schedule(ms: number, run: () => void): void;
  cancel(): void;
}

/** Node has it; a browser does not. */
type SetImmediate = (run: () => void) => unknown;

/**
 * Replaces v86's own ticking, which needs a nested worker from a blob. A message to oneself is the quickest task a
 * browser's worker has; timers are for a halted guest only, since browsers round and throttle them.
 */
export function createScheduler(): Scheduler {
  const setImmediate = (globalThis as { setImmediate?: SetImmediate }).setImmediate;
  const channel = setImmediate === undefined ? new MessageChannel() : undefined;
  let turn = 0;
  let waiting: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const fire = (ofTurn: number): void => {
    if (ofTurn !== turn || waiting === undefined) return;
    const run = waiting;
    waiting = undefined;
    run();
  };
  if (channel !== undefined) channel.port1.onmessage = (event: MessageEvent<number>) => fire(event.data);

  const cancel = (): void => {
    turn++;
    waiting = undefined;
    clearTimeout(timer);
  };
  return {
    schedule(ms, run) {
      cancel();
      waiting = run;
      const mine = turn;
      if (ms >= 1) timer = setTimeout(() => fire(mine), Math.ceil(ms));
      else if (setImmediate !== undefined) setImmediate(() => fire(mine));
      else channel?.port2.postMessage(mine);
    },
    cancel,
    dispose() {
      cancel();
      channel?.port1.close();
    },
  };
}
