/** Which terminals are seen: one, or two beside or below each other. Pure. */

export type SplitDirection = "beside" | "below";

export interface TerminalPanes {
  /** Names; the first is left or above. */
  readonly shown: readonly [string] | readonly [string, string];
  /** The one of them that is typed into. */
  readonly front: string;
  readonly direction: SplitDirection;
}

export function onlyPane(name: string): TerminalPanes {
  return { shown: [name], front: name, direction: "beside" };
}

/** Brings one in sight: where it is already, else in place of the one in front. */
export function brought(panes: TerminalPanes, name: string): TerminalPanes {
  if (panes.shown.some((one) => one === name)) return { ...panes, front: name };
  const [first, second] = panes.shown;
  if (second === undefined) return { ...panes, shown: [name], front: name };
  return { ...panes, shown: panes.front === first ? [name, second] : [first, name], front: name };
}

/** The one in front stays where it is, and another one comes in sight, which is typed into then. */
export function split(panes: TerminalPanes, direction: SplitDirection, other: string): TerminalPanes {
  return { shown: [panes.front, other], front: other, direction };
}

/** The one in front has all the room. */
export function joined(panes: TerminalPanes): TerminalPanes {
  return { ...panes, shown: [panes.front] };
}

/**
 * One is gone. Where it was seen the other one gets its room, or else the one that stood beside it among all.
 * @param rest All that are left, in their order; at least one.
 * @param at Where among them it stood.
 */
export function without(
  panes: TerminalPanes,
  name: string,
  rest: readonly [string, ...string[]],
  at: number,
): TerminalPanes {
  if (!panes.shown.some((one) => one === name)) return panes;
  const left = panes.shown.find((one) => one !== name) ?? rest[Math.max(0, at - 1)] ?? rest[0];
  return { ...panes, shown: [left], front: left };
}
