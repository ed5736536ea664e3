import { namespaceKey, namespaceOf, type NamespaceRef, sameNamespace } from "./ids.ts";
import type { Namespace } from "./namespace.ts";
import { initProcess, type Observation } from "./observation.ts";
import type { Process } from "./process.ts";
import { code, KIND_NAMES, processName } from "./words.ts";

/** Two observations as a story needs them: who is who, and how things are called. */
export class Scene {
  readonly before: Observation;
  readonly after: Observation;
  private readonly hadPid: ReadonlyMap<number, Process>;
  private readonly hasPid: ReadonlyMap<number, Process>;

  constructor(before: Observation, after: Observation) {
    this.before = before;
    this.after = after;
    this.hadPid = new Map(before.processes.map((one) => [one.pid, one]));
    this.hasPid = new Map(after.processes.map((one) => [one.pid, one]));
  }

  /** Who has, or else had, that number. */
  process(pid: number): Process | undefined {
    return this.now(pid) ?? this.earlier(pid);
  }

  now(pid: number): Process | undefined {
    return this.hasPid.get(pid);
  }

  earlier(pid: number): Process | undefined {
    return this.hadPid.get(pid);
  }

  namespace(ref: NamespaceRef): Namespace | undefined {
    const is = (one: Namespace): boolean => sameNamespace(one, ref);
    return this.after.namespaces.find(is) ?? this.before.namespaces.find(is);
  }

  isInitial(ref: NamespaceRef): boolean {
    const known = this.namespace(ref);
    if (known !== undefined) return known.initial;
    const init = initProcess(this.after) ?? initProcess(this.before);
    return init?.namespaces[ref.kind] === ref.inode;
  }

  /** Who lives in it, or else who did. */
  members(ref: NamespaceRef): Process[] {
    const live = ({ processes }: Observation): Process[] =>
      processes.filter(
        (one) => one.namespaces[ref.kind] === ref.inode && !one.kernelThread && one.state !== "Z",
      );
    const isOf = (observation: Observation): boolean =>
      observation.namespaces.length === 0 ||
      namespaceOf(observation, ref.kind, ref.inode)?.generation === ref.generation;
    const now = isOf(this.after) ? live(this.after) : [];
    return now.length > 0 || !isOf(this.before) ? now : live(this.before);
  }

  /**
   * "init's network namespace", "the network namespace of `sleep` (54)", "the network namespace at `/run/netns/blue`".
   *
   * @param but Who is no help in telling which one it is: whoever the sentence is about.
   */
  nameOf(ref: NamespaceRef, but?: number): string {
    const kind = `${KIND_NAMES[ref.kind]} namespace`;
    if (this.isInitial(ref)) return `init's ${kind}`;
    const known = this.namespace(ref);
    const members = this.members(ref).filter(({ pid }) => pid !== but);
    const first = known?.kind === "pid" ? members.find(({ pid }) => pid === known.init) : undefined;
    const member = first ?? members[0];
    if (member !== undefined) return `the ${kind} of ${processName(member)}`;
    const pin = known?.pins.find((one) => one.by === "mount");
    return pin?.by === "mount" ? `the ${kind} at ${code(pin.path)}` : `${kind} ${ref.inode}`;
  }
}

/** Without those that are there twice. */
export function distinctNamespaces(refs: readonly NamespaceRef[]): NamespaceRef[] {
  return [...new Map(refs.map((ref) => [namespaceKey(ref), ref])).values()];
}
