import { type Clock, pause } from "./clock.ts";
import type { GuestTerminal } from "./guest.ts";
import { plainText } from "./plain-text.ts";
import { PROMPT, QUIET_MS } from "./typist.ts";

/** A prompt with something behind it: somebody is typing there. */
const TYPED_PROMPT = /\S@\S+[#$] +\S[^\n]*$/u;
/** A shell that does something else for so long is not waited for. */
const PATIENCE_MS = 60_000;

/**
 * Types a line, without Enter, once the shell waits with nothing on its line. It asks for what was printed and does not
 * listen: what comes before anyone listens is the screen's.
 * @returns Whether it stands there; false when somebody has typed something first.
 * @throws CodedError `aborted`
 */
export async function typeAhead(
  terminal: GuestTerminal,
  text: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = clock.now() + PATIENCE_MS;
  let before = "";
  while (clock.now() < deadline) {
    const latest = terminal.latest();
    const shown = plainText(latest);
    // A machine that went back may have it already.
    if (shown.endsWith(` ${text}`)) return true;
    const isPrompt = PROMPT.test(`\n${shown}`);
    if (!isPrompt && TYPED_PROMPT.test(shown)) return false;
    // A prompt may be drawn in several pieces.
    if (isPrompt && latest === before) {
      terminal.write(text);
      return true;
    }
    before = latest;
    await pause(clock, QUIET_MS, signal);
  }
  return false;
}
