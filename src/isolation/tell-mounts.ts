import { mountedThing } from "./explain-namespace.ts";
import { namespaceKey } from "./ids.ts";
import type { Scene } from "./scene.ts";
import { type EventOf, grouped, type Story, type Untold } from "./story.ts";
import { code, counted, shortList } from "./words.ts";

/** More than so many in one namespace are told together. */
const FEW = 3;

type MountEvent = EventOf<"mount-added" | "mount-removed">;

/** The same mount in several namespaces: it propagated from one to its peers. */
function tellPropagated(scene: Scene, untold: Untold): Story[] {
  const same = grouped(
    untold.of("mount-added", "mount-removed"),
    ({ kind, mount: { point, type, source, root } }) => [kind, point, type, source, root].join("\n"),
  );
  return [...same.values()].flatMap((group): Story[] => {
    const first = group.find(({ namespace }) => scene.isInitial(namespace)) ?? group[0];
    if (first === undefined || group.length < 2) return [];
    const done = first.kind === "mount-added" ? "mounted on" : "unmounted from";
    const others = counted(group.length - 1, "other");
    return [
      untold.tell(
        group,
        `${mountedThing(first.mount)} was ${done} ${code(first.mount.point)} in ${scene.nameOf(first.namespace)}, and so in ${others}: mount propagation.`,
      ),
    ];
  });
}

function tellMany(scene: Scene, untold: Untold): Story[] {
  const inOne = grouped(
    untold.of("mount-added", "mount-removed"),
    ({ kind, namespace }) => `${kind} ${namespaceKey(namespace)}`,
  );
  return [...inOne.values()].flatMap((group: MountEvent[]): Story[] => {
    const [first] = group;
    if (first === undefined || group.length <= FEW) return [];
    const points = shortList(group.map(({ mount }) => code(mount.point)));
    const done = first.kind === "mount-added" ? "made" : "undone";
    return [
      untold.tell(
        group,
        `${group.length} mounts were ${done} in ${scene.nameOf(first.namespace)}: ${points}.`,
      ),
    ];
  });
}

/** Mounts that came or went together. */
export function tellMounts(scene: Scene, untold: Untold): Story[] {
  return [...tellPropagated(scene, untold), ...tellMany(scene, untold)];
}
