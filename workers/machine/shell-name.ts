/** A host name (RFC 1123, 2.1): nothing that a shell would read otherwise. */
const HOST_NAME = /^[a-z\d.-]+$/i;
/** Escape, Ctrl+L: `clear-display` of readline(3). */
const CLEAR = "\u001b\f";
/** Begins a mode of a terminal (DECSET of xterm's ctlseqs), for instance that what is pasted comes in brackets. */
const MODE = "\u001b[?";

/** By which name a shell calls its machine that shows nothing but its first prompt; undefined for any other. */
function nameAtFirstPrompt(shown: string, user: string): string | undefined {
  const at = shown.indexOf(`${user}@`);
  const isNew = shown
    .slice(0, Math.max(at, 0))
    .split(MODE)
    .every((mode) => /^(?:\d+[hl])?$/.test(mode));
  const [, name] = /^([^:]+):~[#$] $/.exec(shown.slice(at + user.length + 1)) ?? [];
  return isNew && at >= 0 ? name : undefined;
}

/**
 * What is to be typed into a bash that has waited in a snapshot and knows its machine by another name: bash asks for the
 * name only when it starts. The space keeps the line out of its history; the screen is empty afterwards. Undefined where
 * nothing is to be typed.
 */
export function renaming(shown: string, user: string, hostName: string): string | undefined {
  const name = nameAtFirstPrompt(shown, user);
  if (name === undefined || name === hostName || !HOST_NAME.test(hostName)) return undefined;
  const [label = ""] = hostName.split(".");
  return ` PS1='\\u@${label}:\\w\\$ ' HOSTNAME=${hostName}\r${CLEAR}`;
}
