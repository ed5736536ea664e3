/**
 * Nested boxes that follow the truth. A box is a set of processes with the same namespaces, in as far as these differ
 * from what encloses them; PID and user namespaces nest as the kernel nests them, everything else by what is shared.
 */
import {
  type Box,
  type BoxNamespace,
  type BoxRole,
  type Keeper,
  type MachineBox,
  processKey,
  type ProcessNode,
  walkBoxes,
} from "./box.ts";
import type { Cgroup } from "./cgroup.ts";
import { badgesOf, roleOf } from "./containers.ts";
import { type Combination, Membership, namespaceName, TELLING } from "./membership.ts";
import { type Namespace, NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from "./namespace.ts";
import type { Observation } from "./observation.ts";
import type { Process } from "./process.ts";

/** All processes with one and the same combination. */
interface Group {
  readonly combination: Combination;
  readonly processes: Process[];
}

interface Enclosing {
  readonly role: BoxRole;
  readonly own: readonly BoxNamespace[];
  readonly combination: Combination;
}

const byAge = (a: Process, b: Process): number =>
  (a.details?.startedAt ?? 0) - (b.details?.startedAt ?? 0) || a.pid - b.pid;

function groupsOf(membership: Membership): Group[] {
  const groups = new Map<string, Group>();
  for (const process of [...membership.processes].toSorted(byAge)) {
    const combination = membership.combinationOf(process);
    const name = NAMESPACE_KINDS.map((kind) => combination[kind] ?? 0).join();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { combination, processes: [process] });
    else group.processes.push(process);
  }
  return [...groups.values()];
}

/** A forest by parents; whoever has its parent elsewhere, or is in a circle of parents, is a root. */
function forestOf(processes: readonly Process[]): ProcessNode[] {
  const nodes = new Map<number, { readonly node: ProcessNode; readonly children: ProcessNode[] }>();
  for (const process of processes) {
    const children: ProcessNode[] = [];
    nodes.set(process.pid, { node: { key: processKey(process), process, children }, children });
  }
  const circular = inCircles(processes);
  const roots: ProcessNode[] = [];
  for (const process of processes) {
    const own = nodes.get(process.pid)?.node;
    if (own === undefined) continue;
    const parent = circular.has(process.pid) ? undefined : nodes.get(process.ppid);
    (parent?.children ?? roots).push(own);
  }
  return roots;
}

/** Who is its own ancestor, as only torn readings show it. */
function inCircles(processes: readonly Process[]): Set<number> {
  const parents = new Map(processes.map(({ pid, ppid }) => [pid, ppid]));
  const found = new Set<number>();
  /** On whose way up each was met first. */
  const met = new Map<number, number>();
  for (const { pid } of processes) {
    let at = pid;
    while (parents.has(at) && !met.has(at)) {
      met.set(at, pid);
      at = parents.get(at) ?? 0;
    }
    if (met.get(at) !== pid) continue;
    // It came back to where it has been on this very way.
    for (let one = at; !found.has(one); one = parents.get(one) ?? 0) found.add(one);
  }
  return found;
}

class Builder {
  readonly #membership: Membership;
  readonly #cgroups: ReadonlyMap<string, Cgroup>;
  readonly #keys = new Set<string>();

  constructor(membership: Membership, cgroups: readonly Cgroup[]) {
    this.#membership = membership;
    this.#cgroups = new Map(cgroups.map((one) => [one.path, one]));
  }

  /** What a combination has that `around` has not; of kinds that nest, all levels between the two. */
  #elements(combination: Combination, around: Combination): Set<string> {
    const found = new Set<string>();
    for (const kind of TELLING) {
      const inode = combination[kind];
      if (inode === undefined || inode === around[kind]) continue;
      for (const level of this.#membership.lineOf(kind, inode)) {
        if (level === around[kind]) break;
        found.add(namespaceName(kind, level));
      }
    }
    return found;
  }

  /** The boxes of all groups that do not live in `around` itself. */
  boxesIn(groups: readonly Group[], around: Enclosing): Box[] {
    const open = groups.map((group) => ({
      group,
      elements: this.#elements(group.combination, around.combination),
    }));
    return clusters(open).map((cluster) => this.#box(cluster, around));
  }

  #box(cluster: Cluster, around: Enclosing): Box {
    const launch = this.#launchIn(cluster);
    if (launch !== undefined) {
      const box = this.#box(this.#clusterOf(launch.launched, around), around);
      const launchers = forestOf(launch.launchers);
      return { ...box, launchers, bornOf: this.#parentOutside(launch.launchers) };
    }
    const common = this.#deepest(cluster.common, around.combination);
    const anchor = this.#anchorOf(cluster.groups, common);
    const combination = anchor?.combination ?? { ...around.combination, ...common };
    const isResident = (group: Group): boolean => this.#elements(group.combination, combination).size === 0;
    const residents = cluster.groups.filter(isResident).flatMap(({ processes }) => processes);
    const own = TELLING.filter((kind) => combination[kind] !== around.combination[kind]).flatMap((kind) =>
      this.#namespaceOf(kind, combination[kind]),
    );
    const candidate = { own, inside: combination, residents, around };
    const role = roleOf(candidate);
    const key = this.#keyOf(own);
    const boxes = this.boxesIn(
      cluster.groups.filter((group) => !isResident(group)),
      { role, own, combination },
    );
    return {
      key,
      role,
      own,
      shared: NAMESPACE_KINDS.filter((kind) => combination[kind] === around.combination[kind]),
      inside: combination,
      processes: forestOf(residents),
      launchers: [],
      boxes,
      bornOf: this.#parentOutside(residents),
      kept: [],
      badges: badgesOf(role, candidate, this.#membership, this.#cgroups),
    };
  }

  /** Whether the ones of a cluster wait outside for a PID namespace of their making, in which all the others live. */
  #launchIn({ groups, common }: Cluster): { launchers: Process[]; launched: Group[] } | undefined {
    const isOutside = ({ combination }: Group): boolean =>
      TELLING.every((kind) => {
        const inode = combination[kind];
        return inode === this.#membership.outermost[kind] || common.has(namespaceName(kind, inode ?? 0));
      });
    const launchers = groups.filter(isOutside).flatMap(({ processes }) => processes);
    const launched = groups.filter((group) => !isOutside(group));
    const made = launchers[0]?.forChildren.pid;
    if (made === undefined || launched.length === 0) return undefined;
    const isMade = launchers.every(
      ({ forChildren, namespaces }) => forChildren.pid === made && namespaces.pid !== made,
    );
    const isAll = launched.every(({ combination: { pid } }) =>
      pid === undefined ? false : this.#membership.lineOf("pid", pid).includes(made),
    );
    return isMade && isAll ? { launchers, launched } : undefined;
  }

  #clusterOf(groups: readonly Group[], around: Enclosing): Cluster {
    const open = groups.map((group) => ({
      group,
      elements: this.#elements(group.combination, around.combination),
    }));
    return { groups, common: commonOf(open) };
  }

  /** Of each kind the innermost of what all have in common. */
  #deepest(common: ReadonlySet<string>, around: Combination): Combination {
    const found: Partial<Record<NamespaceKind, NamespaceId>> = {};
    for (const name of common) {
      const kind = name.slice(0, name.indexOf(":")) as NamespaceKind;
      const inode = Number(name.slice(kind.length + 1));
      const before = found[kind];
      const isDeeper =
        before === undefined ||
        before === around[kind] ||
        this.#membership.lineOf(kind, inode).includes(before);
      if (isDeeper) found[kind] = inode;
    }
    return found;
  }

  /**
   * The group of PID 1, if all the others come from it: then the box is theirs, and what others have made in it lies
   * inside. Not so in a pod that shares its PID namespace, where each container was brought from outside.
   */
  #anchorOf(groups: readonly Group[], common: Combination): Group | undefined {
    if (common.pid === undefined) return undefined;
    const init = this.#membership.initOf(common.pid);
    const anchor = groups.find(
      ({ combination, processes }) =>
        combination.pid === common.pid && processes.some(({ pid }) => pid === init),
    );
    if (anchor === undefined) return undefined;
    const inside = new Set(anchor.processes.map(({ pid }) => pid));
    const comesFromAnchor = (group: Group): boolean =>
      group === anchor ||
      group.combination.pid !== common.pid ||
      group.processes.every((process) => this.#descends(process, inside));
    return groups.every(comesFromAnchor) ? anchor : undefined;
  }

  #descends(process: Process, from: ReadonlySet<number>): boolean {
    const seen = new Set<number>();
    let at: Process | undefined = process;
    while (at !== undefined && !seen.has(at.pid)) {
      if (from.has(at.pid)) return true;
      seen.add(at.pid);
      at = this.#membership.process(at.ppid);
    }
    return false;
  }

  #parentOutside(residents: readonly Process[]): Process | undefined {
    const inside = new Set(residents.map(({ pid }) => pid));
    const first = residents.find(({ ppid }) => !inside.has(ppid));
    return first === undefined ? undefined : this.#membership.process(first.ppid);
  }

  #namespaceOf(kind: NamespaceKind, inode: NamespaceId | undefined): BoxNamespace[] {
    if (inode === undefined) return [];
    const namespace = this.#membership.namespace(kind, inode);
    return [{ kind, inode, generation: namespace?.generation ?? 0, namespace }];
  }

  #keyOf(own: readonly BoxNamespace[]): string {
    const names = own.map(({ kind, inode, generation }) => `${kind}:${inode}.${generation}`);
    for (let length = 1; length <= names.length; length++) {
      const key = names.slice(0, length).join("+");
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      return key;
    }
    const key = `${names.join("+")}#${this.#keys.size}`;
    this.#keys.add(key);
    return key;
  }

  /** A box for a namespace in which nobody lives. */
  kept(one: Namespace, around: Combination, keepers: readonly Keeper[]): Box {
    const own = this.#namespaceOf(one.kind, one.inode);
    return {
      key: this.#keyOf(own),
      role: "kept",
      own,
      shared: [],
      inside: { ...around, [one.kind]: one.inode },
      processes: [],
      launchers: [],
      boxes: [],
      bornOf: undefined,
      kept: keepers,
      badges: [],
    };
  }
}

interface Cluster {
  readonly groups: readonly Group[];
  /** What all of them have. */
  readonly common: ReadonlySet<string>;
}

interface OpenGroup {
  readonly group: Group;
  readonly elements: ReadonlySet<string>;
}

/** Splits groups into those that have something in common; where only neighbours have, the most telling kind decides. */
function clusters(open: readonly OpenGroup[]): Cluster[] {
  const found: Cluster[] = [];
  let rest = [...open];
  while (rest.length > 0) {
    const joined = connected(rest);
    const others = rest.filter((one) => !joined.includes(one));
    const common = commonOf(joined);
    const chosen = common.size > 0 || joined.length === 1 ? joined : sharersOfMostTelling(joined);
    found.push({ groups: chosen.map(({ group }) => group), common: commonOf(chosen) });
    rest = [...joined.filter((one) => !chosen.includes(one)), ...others];
  }
  return found;
}

/** The first one, with all that are joined to it by something shared, directly or over others. */
function connected(open: readonly OpenGroup[]): OpenGroup[] {
  const [first] = open;
  if (first === undefined) return [];
  const joined = new Set([first]);
  const reached = new Set(first.elements);
  for (let grew = true; grew;) {
    grew = false;
    for (const one of open) {
      if (joined.has(one) || ![...one.elements].some((element) => reached.has(element))) continue;
      joined.add(one);
      for (const element of one.elements) reached.add(element);
      grew = true;
    }
  }
  return open.filter((one) => joined.has(one));
}

function commonOf(open: readonly OpenGroup[]): Set<string> {
  const [first, ...others] = open;
  return new Set(
    [...(first?.elements ?? [])].filter((element) => others.every(({ elements }) => elements.has(element))),
  );
}

function sharersOfMostTelling(open: readonly OpenGroup[]): OpenGroup[] {
  for (const kind of TELLING) {
    const names = new Set(
      open.flatMap(({ elements }) => [...elements]).filter((name) => name.startsWith(`${kind}:`)),
    );
    for (const name of names) {
      const sharers = open.filter(({ elements }) => elements.has(name));
      if (sharers.length > 1) return sharers;
    }
  }
  return [...open];
}

/** Namespaces that no process is in, each with what keeps it. */
function unlivedIn(
  observation: Observation,
  membership: Membership,
): { one: Namespace; keepers: Keeper[] }[] {
  const lived = new Set<string>();
  for (const process of observation.processes) {
    const combination = process.kernelThread ? process.namespaces : membership.combinationOf(process);
    for (const kind of NAMESPACE_KINDS) {
      const inode = combination[kind];
      if (inode === undefined) continue;
      lived.add(namespaceName(kind, inode));
      for (const level of membership.lineOf(kind, inode)) lived.add(namespaceName(kind, level));
    }
  }
  return observation.namespaces
    .filter((one) => !one.initial && !lived.has(namespaceName(one.kind, one.inode)))
    .map((one) => ({ one, keepers: keepersOf(one, observation) }));
}

function keepersOf(one: Namespace, { processes, namespaces }: Observation): Keeper[] {
  const keepers: Keeper[] = [...one.pins];
  if (one.kind === "pid" || one.kind === "time")
    for (const { pid, comm, forChildren } of processes)
      if (forChildren[one.kind] === one.inode) keepers.push({ by: "next-child", pid, comm });
  if (one.kind === "user") {
    const count = namespaces.filter(({ owner }) => owner === one.inode).length;
    if (count > 0) keepers.push({ by: "owned", count });
  }
  return keepers;
}

/** Puts a box for a kept namespace where it belongs: beside who will use it, else in what owns it, else in the machine. */
function addKept(
  machine: MachineBox,
  observation: Observation,
  membership: Membership,
  builder: Builder,
): MachineBox {
  const added = new Map<string, Box[]>();
  for (const { one, keepers } of unlivedIn(observation, membership)) {
    const next = keepers.find(({ by }) => by === "next-child");
    const user = next?.by === "next-child" ? membership.process(next.pid) : undefined;
    const place = placeOf(machine, one, user);
    const box = builder.kept(one, place.inside, keepers);
    added.set(place.key, [...(added.get(place.key) ?? []), box]);
  }
  const withKept = <B extends Box>(box: B): B => ({
    ...box,
    boxes: [...box.boxes.map(withKept), ...(added.get(box.key) ?? [])],
  });
  return added.size === 0 ? machine : withKept(machine);
}

function placeOf(machine: MachineBox, one: Namespace, user: Process | undefined): Box {
  let place: Box = machine;
  for (const box of walkBoxes(machine)) {
    const holdsUser =
      user !== undefined && [...box.processes, ...box.launchers].some((node) => contains(node, user));
    const owns =
      user === undefined && box.own.some(({ kind, inode }) => kind === "user" && inode === one.owner);
    if (holdsUser || owns) place = box;
  }
  return place;
}

function contains(node: ProcessNode, process: Process): boolean {
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.process === process) return true;
    open.push(...at.children);
  }
  return false;
}

/** The machine as nested boxes. Keys are unique within the machine, and stay as long as what they stand for. */
export function boxesOf(observation: Observation): MachineBox {
  const membership = new Membership(observation);
  const builder = new Builder(membership, observation.cgroups);
  const groups = groupsOf(membership);
  const around: Enclosing = { role: "machine", own: [], combination: membership.outermost };
  const isOutermost = ({ combination }: Group): boolean =>
    NAMESPACE_KINDS.every((kind) => combination[kind] === membership.outermost[kind]);
  const machine: MachineBox = {
    key: "machine",
    role: "machine",
    own: TELLING.flatMap((kind) => {
      const inode = membership.outermost[kind];
      if (inode === undefined) return [];
      const namespace = membership.namespace(kind, inode);
      return [{ kind, inode, generation: namespace?.generation ?? 0, namespace }];
    }),
    shared: [],
    inside: membership.outermost,
    launchers: [],
    processes: forestOf(groups.filter(isOutermost).flatMap(({ processes }) => processes)),
    boxes: builder.boxesIn(
      groups.filter((group) => !isOutermost(group)),
      around,
    ),
    bornOf: undefined,
    kept: [],
    badges: [],
    kernelThreads: observation.processes.filter(({ kernelThread }) => kernelThread),
  };
  return addKept(machine, observation, membership, builder);
}
