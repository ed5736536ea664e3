import type { Reading } from "./reading.ts";

/** `struct list_head` and `struct hlist_node`: two pointers of 4 bytes, the way on and the way back. */
const BACK = 4;

interface ListKind {
  /** Offset of the `list_head` in what hangs on the list. */
  readonly link: number;
  /** What it is a list of, in the plural. */
  readonly what: string;
  readonly most: number;
}

/** Follows a list from its head to `end`. Each way back is checked: a list that is torn ends where it is. */
function walk(reading: Reading, head: number, end: number, { link, what, most }: ListKind): number[] {
  const { memory, trouble } = reading;
  const found: number[] = [];
  let before = head;
  for (let at = memory.u32(head); at !== end; at = memory.u32(at)) {
    if (memory.u32(at + BACK) !== before) {
      trouble.note(`a list of ${what} that is torn`);
      return found;
    }
    if (found.length === most || !reading.step()) {
      trouble.note(`a list of ${what} that does not end`);
      return found;
    }
    found.push(at - link);
    before = at;
  }
  return found;
}

/**
 * What hangs on a `list_head`.
 *
 * @returns addresses of the structures, in order
 */
export function listOf(reading: Reading, head: number, kind: ListKind): number[] {
  return walk(reading, head, head, kind);
}

/** The same of an `hlist_head`, which ends with NULL; what leads to a node is the pointer before it. */
export function hlistOf(reading: Reading, head: number, kind: ListKind): number[] {
  return walk(reading, head, 0, kind);
}

/** Structures that point each to the next one, up to NULL. `next` is the pointer's offset. */
export function chainOf(reading: Reading, first: number, { link: next, what, most }: ListKind): number[] {
  const found: number[] = [];
  for (let at = first; at !== 0; at = reading.memory.u32(at + next)) {
    if (found.length === most || !reading.step()) {
      reading.trouble.note(`a chain of ${what} that does not end`);
      return found;
    }
    found.push(at);
  }
  return found;
}
