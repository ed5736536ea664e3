import type { IsolationEvent, KernelEvent } from "./events.ts";
import { OF_CGROUPS } from "./explain-cgroup.ts";
import { OF_NAMESPACES } from "./explain-namespace.ts";
import { OF_PROCESSES } from "./explain-process.ts";
import type { Observation } from "./observation.ts";
import { Scene } from "./scene.ts";
import { say, type Sentences } from "./sentences.ts";
import { code } from "./words.ts";

const OF_KERNEL: Sentences<KernelEvent> = {
  "kernel-panicked": ({ text }) => {
    const [line = ""] = text.split("\n");
    const said = line === "" ? "" : `: ${code(line)}`;
    return `The kernel panicked${said}. Everything in this machine has stopped, whatever isolated it.`;
  },
  "kernel-restarted": () => "The machine was started again: this is another kernel.",
  "kernel-rewound": () => "The machine is back at an earlier moment.",
};

const SENTENCES: Sentences<IsolationEvent> = {
  ...OF_PROCESSES,
  ...OF_NAMESPACES,
  ...OF_CGROUPS,
  ...OF_KERNEL,
};

/** As {@link explain}, for who has a scene already. */
export function explainIn(scene: Scene, event: IsolationEvent): string {
  return say(SENTENCES, event, scene);
}

/** One event as a sentence for a learner, with the kernel's own terms. Code is between backticks. */
export function explain(event: IsolationEvent, before: Observation, after: Observation): string {
  return explainIn(new Scene(before, after), event);
}
