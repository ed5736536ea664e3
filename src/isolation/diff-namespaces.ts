import type { Change } from "./change.ts";
import { type NamespaceEvent, type ProcessRef, processRef } from "./events.ts";
import type { NamespaceRef } from "./ids.ts";
import type { IdRange, Namespace, Pin } from "./namespace.ts";
import type { Process } from "./process.ts";

/** The ref of a namespace, without all that it holds. */
export function namespaceRef({ kind, inode, generation }: NamespaceRef): NamespaceRef {
  return { kind, inode, generation };
}

/**
 * Who made a namespace. A process that lives outside and lets its children be born in it called `unshare(2)`; one
 * that was there before and is in it now did as well. Of a namespace that only newcomers live in, it was the eldest,
 * unless that one is PID 1 of a new PID namespace: then its parent cloned it into all of them at once.
 */
function makerOf({ after, processes }: Change, namespace: Namespace): ProcessRef | undefined {
  const { kind, inode } = namespace;
  const living = after.processes.filter((one) => !one.kernelThread);
  if (kind === "pid" || kind === "time") {
    const outside = living.find((one) => one.forChildren[kind] === inode && one.namespaces[kind] !== inode);
    if (outside !== undefined) return processRef(outside);
  }
  const members = living.filter((one) => one.namespaces[kind] === inode);
  const entered = members.find((one) => processes.kept.some(({ is }) => is === one));
  if (entered !== undefined) return processRef(entered);
  const eldest = members.reduce<Process | undefined>(
    (best, one) =>
      best === undefined || (one.details?.startedAt ?? 0) < (best.details?.startedAt ?? 0) ? one : best,
    undefined,
  );
  if (eldest === undefined) return undefined;
  const parent = living.find((one) => one.pid === eldest.ppid);
  const cloned = parent !== undefined && parent.pids.length < eldest.pids.length && eldest.pids.at(-1) === 1;
  // Its parent is in the same PID namespace as before: it unshared this one itself, or was cloned into it.
  if (kind !== "pid" && !cloned) return processRef(eldest);
  // Whoever's parent has died is init's child; init makes no namespaces.
  return parent === undefined || parent.pid === 1 ? undefined : processRef(parent);
}

function pinKey(pin: Pin): string {
  return pin.by === "mount" ? `${pin.mountNamespace}:${pin.path}` : `${pin.pid}/${pin.fd}`;
}

function pinEvents({ before, after }: Change, was: Namespace, is: Namespace): NamespaceEvent[] {
  const namespace = namespaceRef(is);
  const livedIn = (processes: readonly Process[]): boolean =>
    processes.some((one) => one.namespaces[is.kind] === is.inode);
  // An open file matters where nobody lives; `lsns` opens dozens for a moment.
  const counts = (pin: Pin, processes: readonly Process[]): boolean =>
    pin.by === "mount" || !livedIn(processes);
  const old = new Set(was.pins.map(pinKey));
  const now = new Set(is.pins.map(pinKey));
  return [
    ...is.pins
      .filter((pin) => !old.has(pinKey(pin)) && counts(pin, after.processes))
      .map((pin): NamespaceEvent => ({ kind: "namespace-pinned", namespace, pin })),
    ...was.pins
      .filter((pin) => !now.has(pinKey(pin)) && counts(pin, before.processes))
      .map((pin): NamespaceEvent => ({ kind: "namespace-unpinned", namespace, pin })),
  ];
}

function sameRanges(a: readonly IdRange[], b: readonly IdRange[]): boolean {
  const text = (ranges: readonly IdRange[]): string =>
    ranges.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join();
  return text(a) === text(b);
}

function ownEvents(was: Namespace, is: Namespace): NamespaceEvent[] {
  const namespace = namespaceRef(is);
  if (was.kind === "user" && is.kind === "user") {
    const events: NamespaceEvent[] = [];
    if (!sameRanges(was.uidMap, is.uidMap)) {
      events.push({ kind: "namespace-mapped", namespace, map: "uid_map", ranges: is.uidMap });
    }
    if (was.setgroups !== is.setgroups) {
      events.push({ kind: "namespace-setgroups", namespace, to: is.setgroups });
    }
    if (!sameRanges(was.gidMap, is.gidMap)) {
      events.push({ kind: "namespace-mapped", namespace, map: "gid_map", ranges: is.gidMap });
    }
    return events;
  }
  if (was.kind === "uts" && is.kind === "uts" && was.hostName !== is.hostName) {
    return [{ kind: "host-name-changed", namespace, from: was.hostName, to: is.hostName }];
  }
  if (was.kind === "pid" && is.kind === "pid" && was.init !== undefined && is.init === undefined) {
    return [{ kind: "namespace-init-died", namespace, init: was.init }];
  }
  return [];
}

/** Namespaces that were made, held, written to, or let go. */
export function diffNamespaces(change: Change): NamespaceEvent[] {
  const { made, gone, kept } = change.namespaces;
  return [
    ...made.flatMap((is): NamespaceEvent[] => [
      { kind: "namespace-made", namespace: namespaceRef(is), by: makerOf(change, is) },
      ...is.pins
        .filter((pin) => pin.by === "mount")
        .map((pin): NamespaceEvent => ({ kind: "namespace-pinned", namespace: namespaceRef(is), pin })),
    ]),
    ...kept.flatMap(({ was, is }) => [...ownEvents(was, is), ...pinEvents(change, was, is)]),
    ...gone.map((was): NamespaceEvent => ({ kind: "namespace-gone", namespace: namespaceRef(was) })),
  ];
}
