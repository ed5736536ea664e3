/** What each word of a query wishes for, as a picture of it says it: short, and true or not of one thing by itself. */
import type { NamespaceKind } from "./namespace.ts";
import type { Birthplace, PartnerPattern, ProcessPattern } from "./process-pattern.ts";
import { CGROUP_FILE_NAMES, CGROUP_FILES } from "./cgroup-files.ts";
import type { CgroupPattern, FilePattern } from "./query-cgroup.ts";
import type { KernelPattern } from "./query-kernel.ts";
import type { MountPattern } from "./query-mount.ts";
import type { MapPattern, NamespacePattern } from "./query-namespace.ts";
import type { DevicePattern } from "./query-network.ts";
import { amountText, many, type Membership, orCode, sizeText } from "./query-values.ts";
import { code, counted, KIND_NAMES, list } from "./words.ts";

/** A part of a pattern that can be so by itself. */
export interface Wish<Pattern> {
  readonly words: string;
  /** The pattern with nothing in it but this. */
  readonly only: Pattern;
  /** In whose namespace of which kind it lives, when it is about that. */
  readonly place?: { readonly kind: NamespaceKind; readonly membership: Membership } | undefined;
}

/** A sentence for each word of a pattern; undefined for what the title says already. */
type Phrases<Pattern> = {
  readonly [Name in keyof Pattern]-?: ((value: NonNullable<Pattern[Name]>) => string) | undefined;
};

/** As `KIND_NAMES`, as the beginning of a line. */
const CAPITAL_NAMES: Readonly<Record<NamespaceKind, string>> = {
  ...KIND_NAMES,
  cgroup: "Cgroup",
  mnt: "Mount",
  net: "Network",
  time: "Time",
  user: "User",
};

function wishesOf<Pattern extends object>(phrases: Phrases<Pattern>, pattern: Pattern): Wish<Pattern>[] {
  return (Object.keys(phrases) as (keyof Pattern)[]).flatMap((name) => {
    const value = pattern[name];
    const words = value === undefined || value === null ? undefined : phrases[name]?.(value);
    // One word alone is a pattern of its own.
    return words === undefined ? [] : [{ words, only: { [name]: value } as unknown as Pattern }];
  });
}

function kindsText(kinds: readonly NamespaceKind[]): string {
  return `${list(kinds.map((kind) => KIND_NAMES[kind]))} namespace${kinds.length === 1 ? "" : "s"}`;
}

function membershipText(kind: NamespaceKind, wanted: Membership): string {
  const name = `${KIND_NAMES[kind]} namespace`;
  return wanted === "init" ? `init's ${name}` : `${name} of its own`;
}

function bornText(kind: "pid" | "time", wanted: Birthplace): string {
  const name = `${KIND_NAMES[kind]} namespace`;
  if (wanted === "own") return `its children are born into its own ${name}`;
  const where = wanted === "dead" ? `a dead ${name}` : `another ${name}`;
  return `its next child is born into ${where}`;
}

function partnerText({ process, kinds }: PartnerPattern, isShared: boolean): string {
  const who = processText(process);
  return isShared
    ? `shares its ${kindsText(kinds)} with ${who}`
    : `has another ${kindsText(kinds)} than ${who}`;
}

/** "process `sleep`", "process `bash` (user 1000)" */
function processText(pattern: ProcessPattern): string {
  const more = processWishes(pattern).map(({ words }) => words);
  return `${processTitle(pattern)}${more.length === 0 ? "" : ` (${more.join(", ")})`}`;
}

export function processTitle({ comm }: ProcessPattern): string {
  return comm === undefined ? "process" : `process ${orCode(comm)}`;
}

const PROCESS: Phrases<ProcessPattern> = {
  comm: undefined,
  commandLine: (wanted) => `its command line has ${list(many(wanted).map(code))}`,
  parent: (wanted) => `its parent is a ${processText(wanted)}`,
  uid: (wanted) => `user ${wanted}`,
  uidInside: (wanted) => `user ${wanted} inside`,
  // One kind at a time, below.
  namespace: undefined,
  sharesWith: (wanted) => partnerText(wanted, true),
  differsFrom: (wanted) => partnerText(wanted, false),
  forChildren: (wanted) =>
    list(
      (["pid", "time"] as const).flatMap((kind) => {
        const where = wanted[kind];
        return where === undefined ? [] : [bornText(kind, where)];
      }),
    ),
  pidLevels: (wanted) => `has ${counted(wanted, "number")}, one in each PID namespace around it`,
  innermostPid: (wanted) => `number ${amountText(wanted)} inside`,
  procMount: (wanted) =>
    wanted === "own"
      ? "its `/proc` lists its own PID namespace"
      : "its `/proc` lists another PID namespace's processes",
  cgroup: (wanted) => `in the cgroup ${code(wanted)}`,
  root: (wanted) => `its root directory is ${code(wanted)}`,
  cwd: (wanted) => `its working directory is ${code(wanted)}`,
  capabilities: ({ has = [], lacks = [], set = "effective" }) =>
    [
      ...(many(has).length === 0 ? [] : [`has ${list(many(has).map(code))}`]),
      ...(many(lacks).length === 0 ? [] : [`lacks ${list(many(lacks).map(code))}`]),
    ].join(" and ") + ` (${set})`,
  noNewPrivileges: (wanted) => (wanted ? "`no_new_privs` is set" : "`no_new_privs` is not set"),
  seccomp: (wanted) => `seccomp mode ${code(wanted)}`,
  frozen: (wanted) => (wanted ? "frozen" : "not frozen"),
  state: (wanted) => (wanted === "Z" ? "a zombie" : `state ${wanted}`),
};

export function processWishes(pattern: ProcessPattern): Wish<ProcessPattern>[] {
  const kinds = Object.entries(pattern.namespace ?? {}) as [NamespaceKind, Membership | undefined][];
  const memberships = kinds.flatMap(([kind, wanted]): Wish<ProcessPattern>[] => {
    if (wanted === undefined) return [];
    const only: ProcessPattern = { namespace: { [kind]: wanted } };
    return [{ words: membershipText(kind, wanted), only, place: { kind, membership: wanted } }];
  });
  return [...memberships, ...wishesOf(PROCESS, pattern)];
}

function mapText(name: string, wanted: MapPattern): string {
  if (typeof wanted === "boolean") return wanted ? `${code(name)} is written` : `${code(name)} is empty`;
  const { inside, outside, count } = wanted;
  const noun = name === "uid_map" ? "user" : "group";
  const said =
    inside === undefined || outside === undefined
      ? [
          ...(inside === undefined ? [] : [`${noun} ${inside} has a number outside`]),
          ...(outside === undefined ? [] : [`${noun} ${outside} of outside has a number`]),
        ]
      : [`${noun} ${inside} is ${outside} outside`];
  return `${code(name)}: ${list([...said, ...(count === undefined ? [] : [`for ${counted(count, "number")}`])])}`;
}

function ownsText(wanted: Membership): string {
  return wanted === "init" ? "init's user namespace owns it" : "another user namespace than init's owns it";
}

const NAMESPACE: Phrases<NamespacePattern> = {
  kind: undefined,
  member: (wanted) => `a ${processText(wanted)} lives in it`,
  initial: (wanted) => (wanted ? "the machine's first" : "not the machine's first"),
  owner: ownsText,
  level: (wanted) => `level ${amountText(wanted)}`,
  members: (wanted) => `processes in it: ${amountText(wanted)}`,
  empty: (wanted) => (wanted ? "nobody lives in it" : "somebody lives in it"),
  pinned: (wanted) => {
    if (wanted === false) return "nothing keeps it";
    if (wanted === "mount") return "a mount of its file keeps it";
    return wanted === "file" ? "an open file keeps it" : "a mount or an open file keeps it";
  },
  hostName: (wanted) => `host name ${code(wanted)}`,
  uid_map: (wanted) => mapText("uid_map", wanted),
  gid_map: (wanted) => mapText("gid_map", wanted),
  setgroups: (wanted) => `\`setgroups\` is ${code(wanted)}`,
  init: (wanted) => `its PID 1 is ${wanted}`,
  monotonic: (wanted) => `its monotonic clock is shifted by ${amountText(wanted)} s`,
  boottime: (wanted) => `its boottime clock is shifted by ${amountText(wanted)} s`,
  root: (wanted) => `shows ${code(wanted)} as \`/\``,
};

export function namespaceTitle({ kind }: NamespacePattern): string {
  if (kind === undefined) return "namespace";
  const names = many(kind).map((one, i) => (i === 0 ? CAPITAL_NAMES[one] : KIND_NAMES[one]));
  return `${list(names, "or")} namespace`;
}

export function namespaceWishes(pattern: NamespacePattern): Wish<NamespacePattern>[] {
  return wishesOf(NAMESPACE, pattern);
}

const CGROUP: Phrases<CgroupPattern> = {
  path: undefined,
  ...(Object.fromEntries(
    CGROUP_FILE_NAMES.map((name) => [
      name,
      (wanted: FilePattern): string => {
        const isBytes = CGROUP_FILES[name].unit === "bytes";
        const text = wanted === "max" ? "`max`" : isBytes ? sizeText(wanted) : amountText(wanted, String);
        return `${code(name)} ${text}`;
      },
    ]),
  ) as Record<(typeof CGROUP_FILE_NAMES)[number], (wanted: FilePattern) => string>),
  "cgroup.controllers": (wanted) => `has ${list(many(wanted).map(code))} in \`cgroup.controllers\``,
  "cgroup.subtree_control": (wanted) => `has ${list(many(wanted).map(code))} in \`cgroup.subtree_control\``,
  throttled: (wanted) => (wanted ? "throttled" : "not throttled"),
  owner: (wanted) => `belongs to user ${wanted}`,
};

export function cgroupTitle({ path }: CgroupPattern): string {
  return path === undefined ? "cgroup" : `cgroup ${code(path)}`;
}

export function cgroupWishes(pattern: CgroupPattern): Wish<CgroupPattern>[] {
  return wishesOf(CGROUP, pattern);
}

function placePhrases(kind: "mnt" | "net"): {
  readonly namespace: (wanted: Membership) => string;
  readonly of: (wanted: ProcessPattern) => string;
} {
  const name = `${KIND_NAMES[kind]} namespace`;
  return {
    namespace: (wanted) => (wanted === "init" ? `in init's ${name}` : `in another ${name} than init's`),
    of: (wanted) => `in the ${name} of a ${processText(wanted)}`,
  };
}

const MOUNT: Phrases<MountPattern> = {
  point: undefined,
  ...placePhrases("mnt"),
  type: (wanted) => `type ${orCode(wanted)}`,
  source: (wanted) => `its source is ${code(wanted)}`,
  root: (wanted) => `shows the directory ${code(wanted)}`,
  propagation: (wanted) => `propagation: ${wanted}`,
  readonly: (wanted) => (wanted ? "read-only" : "may be written to"),
  option: (wanted) => `with ${list(many(wanted).map(code))}`,
};

export function mountTitle({ point }: MountPattern): string {
  return point === undefined ? "mount" : `mount on ${code(point)}`;
}

export function mountWishes(pattern: MountPattern): Wish<MountPattern>[] {
  return wishesOf(MOUNT, pattern);
}

const DEVICE: Phrases<DevicePattern> = {
  name: undefined,
  kind: (wanted) => (wanted === "" ? "a card or `lo`" : `kind ${code(wanted)}`),
  ...placePhrases("net"),
  address: (wanted) => `address ${code(wanted)}`,
  peer: (wanted) =>
    wanted === "own"
      ? "its other end is in the same network namespace"
      : "its other end is in another network namespace",
  up: (wanted) => (wanted ? "up" : "down"),
  master: (wanted) => `a port of ${code(wanted)}`,
  loopback: (wanted) => (wanted ? "a loopback device" : "no loopback device"),
};

export function deviceTitle({ name }: DevicePattern): string {
  return name === undefined ? "network device" : `network device ${code(name)}`;
}

export function deviceWishes(pattern: DevicePattern): Wish<DevicePattern>[] {
  return wishesOf(DEVICE, pattern);
}

const KERNEL: Phrases<KernelPattern> = {
  panicked: (wanted) => (wanted ? "has panicked" : "has not panicked"),
  log: (wanted) => `its log says ${code(wanted)}`,
};

export function kernelWishes(pattern: KernelPattern): Wish<KernelPattern>[] {
  return wishesOf(KERNEL, pattern);
}
