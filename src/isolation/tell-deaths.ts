import type { ProcessEvent } from "./events.ts";
import { goneNamespaces } from "./explain-namespace.ts";
import { processNames } from "./explain-process.ts";
import { namespaceOf, type NamespaceRef } from "./ids.ts";
import type { Process } from "./process.ts";
import type { Scene } from "./scene.ts";
import { type EventOf, grouped, type Story, type Untold } from "./story.ts";
import { processName } from "./words.ts";

export type Death = EventOf<"process-ended" | "process-zombie">;

/** Who died between the two, by what they were before; zombies that were cleared away had died already. */
export function deathsIn(scene: Scene, untold: Untold): Map<number, { event: Death; was: Process }> {
  const deaths = new Map<number, { event: Death; was: Process }>();
  for (const event of untold.of("process-ended", "process-zombie")) {
    const was = scene.earlier(event.process.pid);
    if (was !== undefined && was.state !== "Z") deaths.set(was.pid, { event, was });
  }
  return deaths;
}

/** Whether `inode` is the PID namespace `below`, or one above it. */
function isAtOrAbove(scene: Scene, inode: number, below: number | undefined): boolean {
  let next = below;
  // Deeper than the kernel allows (32 levels, `kernel/pid_namespace.c`) is no chain of parents.
  for (let level = 0; level <= 32 && next !== undefined; level++) {
    if (next === inode) return true;
    next = namespaceOf(scene.before, "pid", next)?.parent;
  }
  return false;
}

type Gone = EventOf<"namespace-gone">;

function livedIn(scene: Scene, { kind, inode }: NamespaceRef): Process[] {
  return scene.before.processes.filter((one) => one.namespaces[kind] === inode && one.state !== "Z");
}

/** Namespaces that went because these died, and nobody else was in them. */
function goneWith(scene: Scene, untold: Untold, deaths: Map<number, unknown>, pids: Set<number>): Gone[] {
  return untold.of("namespace-gone").filter(({ namespace }) => {
    const members = livedIn(scene, namespace);
    return members.some(({ pid }) => pids.has(pid)) && members.every(({ pid }) => deaths.has(pid));
  });
}

/** PID 1 of a PID namespace died, and the kernel killed all in it: `zap_pid_ns_processes`. */
function tellLostPidNamespaces(scene: Scene, untold: Untold): Story[] {
  const deaths = deathsIn(scene, untold);
  const ends = untold
    .of("namespace-gone", "namespace-init-died")
    .filter(({ namespace }) => namespace.kind === "pid")
    // The outermost first: those below it went with it.
    .toSorted((a, b) => levelOf(scene, a.namespace) - levelOf(scene, b.namespace));
  const stories: Story[] = [];
  for (const end of ends) {
    if (!untold.rest().includes(end)) continue;
    const { inode } = end.namespace;
    const init = namespaceOf(scene.before, "pid", inode)?.init;
    const first = init === undefined ? undefined : scene.earlier(init);
    if (first === undefined) continue;
    const victims = [...deaths.values()].filter(({ was }) => isAtOrAbove(scene, inode, was.namespaces.pid));
    const pids = new Set(victims.map(({ was }) => was.pid));
    const gone = goneWith(scene, untold, deaths, pids);
    const parents = gone.flatMap(({ namespace }) => livedIn(scene, namespace)).map(({ pid }) => pid);
    const events: (ProcessEvent | Gone | typeof end)[] = [...new Set([...pids, ...parents])].flatMap(
      (pid) => deaths.get(pid)?.event ?? [],
    );
    const others = victims.filter(({ was }) => was.pid !== first.pid).map(({ was }) => was);
    const killed = others.length === 0 ? "" : `, so the kernel killed all in it: ${processNames(others)}`;
    const refs = gone.map(({ namespace }) => namespace);
    const rest =
      refs.length > 0
        ? goneNamespaces(refs)
        : "its PID namespace is still held, but nobody can be born in it";
    stories.push(
      untold.tell(
        [...events, ...gone, end],
        `${processName(first)}, PID 1 of its PID namespace, died${killed}; ${rest}.`,
        [first.pid],
      ),
    );
  }
  return stories;
}

function levelOf(scene: Scene, { inode }: NamespaceRef): number {
  return namespaceOf(scene.before, "pid", inode)?.level ?? 0;
}

/** The last one in a namespace ended, and it is gone. */
function tellLastOnes(scene: Scene, untold: Untold): Story[] {
  const deaths = deathsIn(scene, untold);
  const gone = untold.of("namespace-gone").map((event) => ({
    event,
    members: livedIn(scene, event.namespace).map(({ pid }) => pid),
  }));
  const whole = gone.filter(({ members }) => members.length > 0 && members.every((pid) => deaths.has(pid)));
  return [...grouped(whole, ({ members }) => members.join()).values()].map((group) => {
    const last = (group[0]?.members ?? []).flatMap((pid) => deaths.get(pid) ?? []);
    const refs = group.map(({ event }) => event.namespace);
    const who = processNames(last.map(({ event }) => event.process));
    const rest = goneNamespaces(refs).replace(/^its/, last.length === 1 ? "its" : "their");
    return untold.tell(
      [...last.map(({ event }) => event), ...group.map(({ event }) => event)],
      `${who} ended; ${rest}.`,
    );
  });
}

/** Deaths that took namespaces along. */
export function tellDeaths(scene: Scene, untold: Untold): Story[] {
  return [...tellLostPidNamespaces(scene, untold), ...tellLastOnes(scene, untold)];
}
