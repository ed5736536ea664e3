import type { Change } from "./change.ts";
import { namespaceRef } from "./diff-namespaces.ts";
import type { MountRef, NamespaceEvent } from "./events.ts";
import type { Mount } from "./mount.ts";

function mountRef({ id, point, type, source, root }: Mount): MountRef {
  return { id, point, type, source, root };
}

/**
 * Mounts that came or went in namespaces that were there before: a new one starts with a copy of its maker's. No mount
 * namespace is without mounts, so an empty list was not read yet.
 */
export function diffMounts({ namespaces, before, after }: Change): NamespaceEvent[] {
  return namespaces.kept.flatMap(({ was, is }): NamespaceEvent[] => {
    if (was.kind !== "mnt" || is.kind !== "mnt" || was.mounts.length === 0 || is.mounts.length === 0) {
      return [];
    }
    const namespace = namespaceRef(is);
    // Numbers of mounts are given out again: the same one elsewhere is another.
    const key = (mount: Mount): string => `${mount.id} ${mount.device} ${mount.root} ${mount.point}`;
    const old = new Set(was.mounts.map(key));
    const now = new Set(is.mounts.map(key));
    const added = before.missing.length > 0 ? [] : is.mounts.filter((mount) => !old.has(key(mount)));
    const removed =
      before.missing.length + after.missing.length > 0
        ? []
        : was.mounts.filter((mount) => !now.has(key(mount)));
    return [
      ...added.map((mount): NamespaceEvent => ({ kind: "mount-added", namespace, mount: mountRef(mount) })),
      ...removed.map((mount): NamespaceEvent => ({
        kind: "mount-removed",
        namespace,
        mount: mountRef(mount),
      })),
    ];
  });
}
