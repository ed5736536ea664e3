/**
 * What makes a box a container, and what it lacks. Only what is shared and what not decides: no name of a runtime, of a
 * program or of a cgroup does.
 */
import type { Badge, BoxNamespace, BoxRole } from "./box.ts";
import type { Cgroup } from "./cgroup.ts";
import type { Combination, Membership } from "./membership.ts";
import type { Mount } from "./mount.ts";
import type { NamespaceKind } from "./namespace.ts";
import type { Process } from "./process.ts";

/** What is known of a box when its role is decided. */
export interface Candidate {
  readonly own: readonly BoxNamespace[];
  readonly inside: Combination;
  /** Those who live in it and in nothing smaller. */
  readonly residents: readonly Process[];
  /** The role of what encloses it, and what that has of its own. */
  readonly around: { readonly role: BoxRole; readonly own: readonly BoxNamespace[] };
}

function hasOwn(own: readonly BoxNamespace[], kind: NamespaceKind): boolean {
  return own.some((one) => one.kind === kind);
}

/**
 * A container lists its own processes and has its own view of files: PID and mount namespaces. The former may be shared
 * by several, as in a pod; then the pod's box holds it.
 */
export function roleOf({ own, residents, around }: Candidate): BoxRole {
  if (residents.length === 0) return "shared";
  const sharesPod = around.role === "shared" || around.role === "part";
  const hasPid = hasOwn(own, "pid") || (sharesPod && hasOwn(around.own, "pid"));
  return hasPid && hasOwn(own, "mnt") ? "container" : "part";
}

/** The mount that is seen at `/`: the last one that lies there. */
function rootMount(mounts: readonly Mount[]): Mount | undefined {
  return mounts.findLast(({ point }) => point === "/");
}

function mountsOf(membership: Membership, inode: number | undefined): readonly Mount[] {
  const found = inode === undefined ? undefined : membership.namespace("mnt", inode);
  return found?.kind === "mnt" ? found.mounts : [];
}

/** Whether its files are the machine's own, though its list of mounts is not. */
function hasMachineRoot(inside: Combination, residents: readonly Process[], membership: Membership): boolean {
  const own = rootMount(mountsOf(membership, inside.mnt));
  const machine = rootMount(mountsOf(membership, membership.outermost.mnt));
  if (own === undefined || machine === undefined) return false;
  const isSame = own.device === machine.device && own.root === machine.root;
  return isSame && residents.some(({ details }) => details?.root === undefined || details.root === "/");
}

/** Cgroups from `path` up, without the root, which has no limits. */
function cgroupsAbove(path: string, cgroups: ReadonlyMap<string, Cgroup>): Cgroup[] {
  const found: Cgroup[] = [];
  for (let at = path; at.length > 1; at = at.slice(0, at.lastIndexOf("/"))) {
    const one = cgroups.get(at);
    if (one !== undefined) found.push(one);
  }
  return found;
}

function isLimited({ cpu, memory, pids, io }: Cgroup): boolean {
  const limits = [cpu?.max, memory?.max, memory?.high, pids?.max];
  for (const { max } of io ?? []) limits.push(max.rbps, max.wbps, max.riops, max.wiops);
  return limits.some((limit) => limit !== undefined && limit !== "max");
}

function isUnlimited(residents: readonly Process[], cgroups: ReadonlyMap<string, Cgroup>): boolean {
  return (
    cgroups.size > 0 &&
    residents.some(
      ({ cgroup }) => cgroup !== undefined && !cgroupsAbove(cgroup, cgroups).some((one) => isLimited(one)),
    )
  );
}

/** Somebody who lists processes in it would see those of a PID namespace that is not its own. */
function readsOuterProc(residents: readonly Process[]): boolean {
  return residents.some(
    ({ procMount, namespaces }) =>
      procMount !== undefined && namespaces.pid !== undefined && procMount !== namespaces.pid,
  );
}

/** What a box lacks, or what in it surprises. */
export function badgesOf(
  role: BoxRole,
  { own, inside, residents }: Candidate,
  membership: Membership,
  cgroups: ReadonlyMap<string, Cgroup>,
): Badge[] {
  const badges: Badge[] = [];
  if (readsOuterProc(residents)) badges.push("outer-proc");
  if (role !== "container") return badges;
  const sharesMachines = (kind: NamespaceKind): boolean => inside[kind] === membership.outermost[kind];
  const hasRootOutside = sharesMachines("user");
  if (hasRootOutside) badges.push("no-user");
  if (sharesMachines("net")) badges.push("no-net");
  if (hasMachineRoot(inside, residents, membership)) badges.push("machine-root");
  if (isUnlimited(residents, cgroups)) badges.push("no-limits");
  const powers = membership.process(1)?.details?.capabilities.effective;
  if (
    hasRootOutside &&
    powers !== undefined &&
    residents.some(({ details }) => details?.capabilities.effective === powers)
  )
    badges.push("all-capabilities");
  if (residents.some(({ details }) => details?.seccomp === "off")) badges.push("seccomp-off");
  if (sharesMachines("uts")) badges.push("no-uts");
  if (sharesMachines("ipc") && !hasOwn(own, "ipc")) badges.push("no-ipc");
  return badges;
}
