/** Signals that a lesson or the picture sends, by name; the numbers are those of x86, see signal(7). */
export const SIGNALS = { HUP: 1, INT: 2, KILL: 9, TERM: 15, CONT: 18, STOP: 19 } as const;
export type SignalName = keyof typeof SIGNALS;
