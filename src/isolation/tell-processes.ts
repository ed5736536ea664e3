import { explainIn } from "./explain.ts";
import { processNames, untilReaped } from "./explain-process.ts";
import type { Scene } from "./scene.ts";
import { type EventOf, grouped, type Story, type Untold } from "./story.ts";
import { code, processName } from "./words.ts";

type Alike = EventOf<"process-born" | "process-ended" | "process-zombie" | "process-moved">;

/** One event speaks for itself; of several alike, `together` speaks. */
function tellGroup(
  scene: Scene,
  untold: Untold,
  group: readonly Alike[],
  together: (who: string) => string,
): Story[] {
  const [first, second] = group;
  if (first === undefined) return [];
  const who = processNames(group.map(({ process }) => process));
  return [untold.tell(group, second === undefined ? explainIn(scene, first) : together(who))];
}

/** Births by parent, deaths at once, zombies by who should ask for them, moves by where from and to. */
export function tellProcesses(scene: Scene, untold: Untold): Story[] {
  const stories: Story[] = [];
  const isDeeper = ({ pids, parent }: EventOf<"process-born">): boolean =>
    parent !== undefined && pids.length > (scene.process(parent.pid)?.pids.length ?? 0);
  // Who is born into another PID namespace has a sentence alone: it has two numbers to tell.
  const births = untold.of("process-born").filter((one) => !isDeeper(one));
  for (const group of grouped(births, ({ parent }) => parent?.pid).values()) {
    const parent = group[0]?.parent;
    const started = (who: string): string =>
      parent === undefined ? `${who} started.` : `${processName(parent)} started ${who}.`;
    stories.push(...tellGroup(scene, untold, group, started));
  }
  const ended = untold.of("process-ended");
  const wasZombie = ({ process }: EventOf<"process-ended">): boolean =>
    scene.earlier(process.pid)?.state === "Z";
  const alive = ended.filter((one) => !wasZombie(one));
  stories.push(...tellGroup(scene, untold, alive, (who) => `${who} ended.`));
  stories.push(...tellGroup(scene, untold, ended.filter(wasZombie), (who) => `The zombies ${who} are gone.`));
  for (const group of grouped(
    untold.of("process-zombie"),
    ({ process }) => scene.now(process.pid)?.ppid,
  ).values()) {
    const pid = group[0]?.process.pid ?? 0;
    const until = untilReaped(scene, pid, "them");
    stories.push(...tellGroup(scene, untold, group, (who) => `${who} ended, and are zombies ${until}.`));
  }
  for (const group of grouped(untold.of("process-moved"), ({ from, to }) => `${from}\n${to}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const moved = (who: string): string =>
      `${who} moved from cgroup ${code(first.from)} to ${code(first.to)}.`;
    stories.push(...tellGroup(scene, untold, group, moved));
  }
  return stories;
}
