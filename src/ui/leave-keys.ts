/** The keys that lead out of the terminal, and into it from anywhere on the page; as printed on them. */
export const LEAVE_KEYS = ["Ctrl", "Shift", "Enter"] as const;

/** No browser and no program in a terminal makes use of it. */
export function isLeaveKey(event: KeyboardEvent): boolean {
  return event.ctrlKey && event.shiftKey && !event.altKey && !event.metaKey && event.code === "Enter";
}
