import type { IsolationEvent, ProcessRef } from "./events.ts";
import { numbersOf } from "./explain-process.ts";
import { namespaceKey, OVERFLOW_ID } from "./ids.ts";
import { type NamespaceKind, NAMESPACE_KINDS } from "./namespace.ts";
import { innermostPid, type Process } from "./process.ts";
import type { Scene } from "./scene.ts";
import { type EventOf, grouped, type Story, type Untold } from "./story.ts";
import { code, mapped, namespacesOf, processName, shortList } from "./words.ts";

type Made = EventOf<"namespace-made">;

/** PID 1 of the new PID namespace among these; undefined when there is none, or nobody has been born in it. */
function firstProcess(scene: Scene, made: readonly Made[]): Process | undefined {
  for (const { namespace } of made) {
    const known = scene.namespace(namespace);
    if (known?.kind !== "pid" || known.init === undefined) continue;
    return scene.now(known.init);
  }
  return undefined;
}

/** "a new PID namespace", "new mount and PID namespaces" */
function newNamespaces(kinds: readonly NamespaceKind[]): string {
  return `new ${namespacesOf(kinds)}`.replace(/^new an? /, "a new ");
}

/** What follows from it, to be joined to the sentence by semicolons. */
function consequences(scene: Scene, made: readonly Made[], first: Process | undefined): string[] {
  const said: string[] = [];
  for (const { namespace } of made) {
    const known = scene.namespace(namespace);
    if (known?.kind === "pid") {
      said.push(
        first === undefined
          ? "its next child will be PID 1 in it"
          : `${code(first.comm)} is ${numbersOf([first.pid, innermostPid(first)])}`,
      );
    } else if (known?.kind === "user") {
      said.push(
        known.uidMap.length === 0
          ? `its \`uid_map\` is empty, so every user is ${OVERFLOW_ID} inside`
          : mapped("user", known.uidMap),
      );
    }
  }
  return said;
}

/** What else happened to its maker and its first process by the same call, or on the way to it. */
function alongWith(
  untold: Untold,
  made: readonly Made[],
  who: readonly (ProcessRef | Process)[],
): IsolationEvent[] {
  const keys = new Set(made.map(({ namespace }) => namespaceKey(namespace)));
  const isOne = ({ pid }: ProcessRef): boolean => who.some((one) => one.pid === pid);
  const userToo = made.some(({ namespace }) => namespace.kind === "user");
  return untold.rest().filter((event) => {
    if (event.kind === "process-entered" || event.kind === "process-children") {
      return keys.has(namespaceKey(event.to));
    }
    if (event.kind === "process-born" || event.kind === "process-became") return isOne(event.process);
    return event.kind === "process-capabilities" && userToo && isOne(event.process);
  });
}

/** The cgroup that was made for the first process, with what it took to put it there. */
function ownCgroup(untold: Untold, first: Process | undefined): IsolationEvent[] {
  const path = first?.cgroup;
  if (first === undefined || path === undefined || path === "/") return [];
  const made = untold
    .of("cgroup-made")
    .filter(({ cgroup }) => path === cgroup.path || path.startsWith(`${cgroup.path}/`));
  const moved = untold.of("process-moved").filter((one) => one.process.pid === first.pid && one.to === path);
  return made.length === 0 ? [] : [...made, ...moved];
}

/** Whether the maker is only known as the parent of who was born there: it lives in none of them, nor do its children. */
function isOnlyParent(scene: Scene, made: readonly Made[], by: ProcessRef): boolean {
  const process = scene.now(by.pid);
  return made.every(
    ({ namespace: { kind, inode } }) =>
      process?.namespaces[kind] !== inode &&
      (kind === "pid" || kind === "time" ? process?.forChildren[kind] !== inode : true),
  );
}

function tellMaker(scene: Scene, untold: Untold, made: readonly Made[], by: ProcessRef): Story {
  const first = firstProcess(scene, made);
  const who = first === undefined ? [by] : [by, first];
  const along = alongWith(untold, made, who);
  const cgroup = ownCgroup(untold, first);
  const became = along.find(
    (event): event is EventOf<"process-became"> =>
      event.kind === "process-became" && event.process.pid === by.pid,
  );
  const kinds: NamespaceKind[] = NAMESPACE_KINDS.filter((kind) =>
    made.some(({ namespace }) => namespace.kind === kind),
  );
  const gained = along.some((event) => event.kind === "process-capabilities" && event.gained.length > 0);
  const maker = became === undefined ? processName(by) : processName({ pid: by.pid, comm: became.was });
  const then = became === undefined ? "" : ` and became ${code(by.comm)}`;
  const born = first !== undefined && isOnlyParent(scene, made, by);
  const sentence = [
    born
      ? `${processName(first)}, a child of ${processName(by)}, was born in ${newNamespaces(kinds)}`
      : `${maker} made ${namespacesOf(kinds)}${then}`,
    ...consequences(scene, made, first),
    ...(gained ? ["it has all capabilities, but only over what that user namespace rules"] : []),
    ...(cgroup.length > 0 ? [`its cgroup is ${code(first?.cgroup ?? "")}`] : []),
  ].join("; ");
  return untold.tell(
    [...made, ...along, ...cgroup],
    `${sentence}.`,
    who.map(({ pid }) => pid),
  );
}

/** Those that nobody in sight has made: kept by a mount of their file, or about to be lived in. */
function tellMakerless(untold: Untold, event: Made): Story[] {
  const pins = untold
    .of("namespace-pinned")
    .filter(({ namespace }) => namespaceKey(namespace) === namespaceKey(event.namespace));
  const paths = pins.flatMap(({ pin }) => (pin.by === "mount" ? [code(pin.path)] : []));
  if (paths.length === 0) return [];
  const one = namespacesOf([event.namespace.kind]);
  return [
    untold.tell(
      [event, ...pins],
      `${one.charAt(0).toUpperCase()}${one.slice(1)} was made; the mount of its file at ${shortList(paths)} keeps it though nobody lives in it.`,
    ),
  ];
}

/** One sentence for all that one process made: `unshare` with five letters, or the start of a container. */
export function tellNewNamespaces(scene: Scene, untold: Untold): Story[] {
  const made = untold.of("namespace-made");
  const byMaker = grouped(
    made.filter(({ by }) => by !== undefined),
    ({ by }) => by?.pid,
  );
  const stories: Story[] = [];
  for (const group of byMaker.values()) {
    const by = group[0]?.by;
    if (by !== undefined) stories.push(tellMaker(scene, untold, group, by));
  }
  for (const event of made) if (event.by === undefined) stories.push(...tellMakerless(untold, event));
  return stories;
}
