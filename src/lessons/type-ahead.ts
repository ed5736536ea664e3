import { deferred, throwIfAborted } from "../base/index.ts";
import { type Clock, pause } from "./clock.ts";
import type { GuestTerminal } from "./guest.ts";
import { plainText } from "./plain-text.ts";
import { PROMPT, QUIET_MS } from "./typist.ts";

/** A prompt with something behind it: somebody is typing there. */
const TYPED_PROMPT = /\S@\S+[#$] +\S[^\n]*$/u;

/**
 * Types a line, without Enter, once the shell waits with nothing on its line.
 * @returns Whether it stands there; false when somebody has typed something first.
 * @throws CodedError `aborted`
 */
export async function typeAhead(
  terminal: GuestTerminal,
  text: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  let changed = deferred<void>();
  const tell = (): void => changed.resolve();
  const listening = terminal.onOutput(tell);
  signal.addEventListener("abort", tell, { once: true });
  try {
    for (;;) {
      throwIfAborted(signal);
      const before = terminal.latest();
      const shown = plainText(before);
      if (TYPED_PROMPT.test(shown)) return false;
      if (!PROMPT.test(`\n${shown}`)) {
        await changed.promise;
        changed = deferred<void>();
        continue;
      }
      // A prompt may be drawn in several pieces.
      await pause(clock, QUIET_MS, signal);
      if (terminal.latest() !== before) continue;
      terminal.write(text);
      return true;
    }
  } finally {
    signal.removeEventListener("abort", tell);
    listening.dispose();
  }
}
