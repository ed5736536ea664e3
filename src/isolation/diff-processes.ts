import type { Change } from "./change.ts";
import { capabilityNames } from "./capabilities.ts";
import { type ProcessEvent, processRef } from "./events.ts";
import type { NamespaceRef } from "./ids.ts";
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** By number, which is unique within one kernel at one moment. */
type Generations = ReadonlyMap<NamespaceId, number>;

function generationsOf({ namespaces }: Observation): Generations {
  return new Map(namespaces.map(({ inode, generation }) => [inode, generation]));
}

function refTo(generations: Generations, kind: NamespaceKind, inode: NamespaceId): NamespaceRef {
  return { kind, inode, generation: generations.get(inode) ?? 0 };
}

const STOPPED = new Set(["T", "t"]);
const ENDED = new Set(["Z", "X"]);

function lifeEvents(was: Process, is: Process): ProcessEvent[] {
  const process = processRef(is);
  if (ENDED.has(is.state)) {
    return ENDED.has(was.state)
      ? []
      : [{ kind: "process-zombie", process, exitStatus: is.details?.exitStatus }];
  }
  const events: ProcessEvent[] = [];
  if (was.comm !== is.comm) events.push({ kind: "process-became", process, was: was.comm });
  if (STOPPED.has(was.state) !== STOPPED.has(is.state)) {
    events.push({ kind: STOPPED.has(is.state) ? "process-stopped" : "process-continued", process });
  }
  return events;
}

function placeEvents(before: Generations, after: Generations, was: Process, is: Process): ProcessEvent[] {
  const process = processRef(is);
  const events: ProcessEvent[] = [];
  for (const kind of NAMESPACE_KINDS) {
    const from = was.namespaces[kind];
    const to = is.namespaces[kind];
    if (from === undefined || to === undefined) continue;
    const old = before.get(from);
    const now = after.get(to);
    const otherOfSameNumber = old !== undefined && now !== undefined && old !== now;
    if (from !== to || otherOfSameNumber) {
      events.push({
        kind: "process-entered",
        process,
        from: refTo(before, kind, from),
        to: refTo(after, kind, to),
      });
    }
  }
  for (const kind of ["pid", "time"] as const) {
    const to = is.forChildren[kind];
    if (was.forChildren[kind] === undefined || to === undefined || to === was.forChildren[kind]) continue;
    if (to === is.namespaces[kind]) continue;
    events.push({ kind: "process-children", process, to: refTo(after, kind, to) });
  }
  if (was.cgroup !== undefined && is.cgroup !== undefined && was.cgroup !== is.cgroup) {
    events.push({ kind: "process-moved", process, from: was.cgroup, to: is.cgroup });
  }
  return events;
}

function privilegeEvents(was: Process, is: Process): ProcessEvent[] {
  const process = processRef(is);
  const events: ProcessEvent[] = [];
  if (was.uid !== is.uid) events.push({ kind: "process-user", process, from: was.uid, to: is.uid });
  const [had, has] = [was.details, is.details];
  if (had === undefined || has === undefined) return events;
  const old = capabilityNames(had.capabilities.effective);
  const now = capabilityNames(has.capabilities.effective);
  const gained = now.filter((name) => !old.includes(name));
  const lost = old.filter((name) => !now.includes(name));
  if (gained.length + lost.length > 0) events.push({ kind: "process-capabilities", process, gained, lost });
  // It is never taken back: prctl(2), PR_SET_NO_NEW_PRIVS.
  if (!had.noNewPrivileges && has.noNewPrivileges) {
    events.push({ kind: "process-no-new-privileges", process });
  }
  if (had.seccomp !== has.seccomp || had.seccompFilters < has.seccompFilters) {
    events.push({ kind: "process-seccomp", process, to: has.seccomp, filters: has.seccompFilters });
  }
  if (had.root !== undefined && has.root !== undefined && had.root !== has.root) {
    events.push({ kind: "process-root", process, from: had.root, to: has.root });
  }
  if (had.frozen !== has.frozen) {
    events.push({ kind: has.frozen ? "process-frozen" : "process-thawed", process });
  }
  return events;
}

/** What processes did, and what was done to them. */
export function diffProcesses(change: Change): ProcessEvent[] {
  const { made, gone, kept } = change.processes;
  const before = generationsOf(change.before);
  const after = generationsOf(change.after);
  const here = new Map(change.after.processes.map((one) => [one.pid, one]));
  return [
    ...made.map((is): ProcessEvent => {
      const parent = here.get(is.ppid);
      return {
        kind: "process-born",
        process: processRef(is),
        pids: is.pids,
        parent: parent === undefined ? undefined : processRef(parent),
      };
    }),
    ...kept.flatMap(({ was, is }): ProcessEvent[] =>
      ENDED.has(is.state)
        ? // The dead have given back what they had: that they own nothing says nothing about what they did.
          lifeEvents(was, is)
        : [...lifeEvents(was, is), ...placeEvents(before, after, was, is), ...privilegeEvents(was, is)],
    ),
    ...gone.map((was): ProcessEvent => ({
      kind: "process-ended",
      process: processRef(was),
      exitStatus: was.details?.exitStatus,
    })),
  ];
}
