import { fullMemory } from "./explain-cgroup.ts";
import { processNames, signalOf } from "./explain-process.ts";
import type { Process } from "./process.ts";
import type { Scene } from "./scene.ts";
import { type Story, type Untold } from "./story.ts";
import { type Death, deathsIn } from "./tell-deaths.ts";
import { code } from "./words.ts";

const SIGKILL = 9;

function memoryOf({ details }: Process): number {
  const memory = details?.memory;
  return memory === undefined ? 0 : memory.anonymous + memory.file + memory.shared;
}

/** The OOM killer's work: whom it killed, and whose limit was full. */
export function tellOomKills(scene: Scene, untold: Untold): Story[] {
  return untold.of("cgroup-oom-kill").flatMap((event): Story[] => {
    const could = ({ event: { exitStatus }, was }: { event: Death; was: Process }): boolean =>
      was.cgroup === event.cgroup.path && (exitStatus === undefined || signalOf(exitStatus) === SIGKILL);
    // It takes the largest: `oom_badness`.
    const victims = [...deathsIn(scene, untold).values()]
      .filter(could)
      .toSorted((a, b) => memoryOf(b.was) - memoryOf(a.was))
      .slice(0, event.kills);
    // It came and went between two observations: the event speaks for itself.
    if (victims.length === 0) return [];
    const full = untold
      .of("cgroup-memory")
      .filter(({ file, cgroup }) => file === "memory.max" && cgroup.path === event.full?.path);
    const who = processNames(victims.map((one) => one.event.process));
    const where = event.cgroup.path === event.full?.path ? "" : ` in ${code(event.cgroup.path)}`;
    return [
      untold.tell(
        [event, ...full, ...victims.map((one) => one.event)],
        `The OOM killer killed ${who}${where} with SIGKILL: ${fullMemory(event.full)}.`,
      ),
    ];
  });
}

/** A cgroup that was frozen or thawed, with all below it and all in it. */
export function tellFreezing(scene: Scene, untold: Untold): Story[] {
  const stories: Story[] = [];
  for (const [cgroupKind, processKind, done] of [
    ["cgroup-frozen", "process-frozen", "is frozen: $ stand still"],
    ["cgroup-thawed", "process-thawed", "is thawed: $ go on"],
  ] as const) {
    // Parents come before their children, which they take along.
    for (const event of untold.of(cgroupKind)) {
      if (!untold.rest().includes(event)) continue;
      const { path } = event.cgroup;
      const isIn = (other: string | undefined): boolean =>
        other !== undefined && (path === "/" || other === path || other.startsWith(`${path}/`));
      const below = untold.of(cgroupKind).filter(({ cgroup }) => isIn(cgroup.path));
      const who = untold.of(processKind).filter(({ process }) => isIn(scene.process(process.pid)?.cgroup));
      const names = who.length === 0 ? "all in it" : processNames(who.map(({ process }) => process));
      const verb = who.length === 1 ? done.replace("stand", "stands").replace("go ", "goes ") : done;
      stories.push(untold.tell([...below, ...who], `${code(path)} ${verb.replace("$", () => names)}.`));
    }
  }
  return stories;
}
