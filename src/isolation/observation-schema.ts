/**
 * An observation as it is read from a file: what the X-ray saves as JSON. Whoever wrote it is not trusted, so all has its
 * bounds; what it does not know is left out. It is for who compiles lessons: the page and the worker have no use for it.
 */
import * as v from "valibot";
import { RAM_USES } from "./kernel-facts.ts";
import type { Observation } from "./observation.ts";

/** Characters of one text: a path may be so long. */
const LONGEST = 4096;
const MOST_PROCESSES = 20_000;
const MOST_NAMESPACES = 5000;
/** Of anything that one thing has several of. */
const MOST = 5000;

const Num = v.pipe(v.number("must be a number"), v.finite("must be a finite number"));
const Count = v.pipe(Num, v.integer("must be a whole number"), v.minValue(0, "must be 0 or more"));
const Text = v.pipe(
  v.string("must be text"),
  v.maxLength(LONGEST, `must be no longer than ${LONGEST} characters`),
);
const Flag = v.boolean("must be true or false");
const Mask = v.pipe(
  v.string("must be text"),
  v.regex(/^[0-9a-f]{16}$/, "must be sixteen hexadecimal digits"),
);
const LimitSchema = v.union([Count, v.literal("max")], "must be a number or `max`");

/* @__NO_SIDE_EFFECTS__ */
function listOf<const Item extends v.GenericSchema>(
  item: Item,
  most = MOST,
): v.SchemaWithPipe<
  readonly [v.ArraySchema<Item, string>, v.MaxLengthAction<v.InferOutput<Item>[], number, string>]
> {
  return v.pipe(v.array(item, "must be a list"), v.maxLength(most, `must be no longer than ${most}`));
}

/** What was not read is not in the file. */
/* @__NO_SIDE_EFFECTS__ */
function maybe<const Item extends v.GenericSchema>(item: Item): v.OptionalSchema<Item, () => undefined> {
  return v.optional(item, () => undefined);
}

const IdsSchema = v.object({ real: Count, effective: Count, saved: Count, fs: Count });

const ProcessDetailsSchema = v.object({
  startedAt: Num,
  commandLine: maybe(listOf(Text)),
  threads: listOf(v.object({ tids: listOf(Count), comm: Text, state: Text }), MOST_PROCESSES),
  uids: IdsSchema,
  gids: IdsSchema,
  groups: listOf(Count, 70_000),
  capabilities: v.object({
    inheritable: Mask,
    permitted: Mask,
    effective: Mask,
    bounding: Mask,
    ambient: Mask,
  }),
  noNewPrivileges: Flag,
  seccomp: v.picklist(["off", "strict", "filter"], "must be `off`, `strict` or `filter`"),
  seccompFilters: Count,
  root: maybe(Text),
  cwd: maybe(Text),
  group: Count,
  session: Count,
  terminal: maybe(v.object({ name: Text, foreground: maybe(Count) })),
  tracer: maybe(Count),
  memory: maybe(v.object({ virtual: Num, anonymous: Num, file: Num, shared: Num, swapped: Num })),
  cpuTime: Num,
  oomScoreAdjust: Num,
  frozen: Flag,
  exitStatus: maybe(Num),
});

const ProcessSchema = v.object({
  pid: Count,
  ppid: Count,
  state: Text,
  uid: Count,
  pids: listOf(Count, 64),
  comm: Text,
  kernelThread: Flag,
  cgroup: maybe(Text),
  namespaces: v.object({
    cgroup: v.exactOptional(Count),
    ipc: v.exactOptional(Count),
    mnt: v.exactOptional(Count),
    net: v.exactOptional(Count),
    pid: v.exactOptional(Count),
    time: v.exactOptional(Count),
    user: v.exactOptional(Count),
    uts: v.exactOptional(Count),
  }),
  forChildren: v.object({ pid: v.exactOptional(Count), time: v.exactOptional(Count) }),
  procMount: maybe(Count),
  details: maybe(ProcessDetailsSchema),
});

const MountSchema = v.object({
  id: Num,
  parent: Num,
  device: Text,
  root: Text,
  point: Text,
  options: listOf(Text),
  propagation: v.object({ shared: maybe(Num), master: maybe(Num), unbindable: Flag }),
  type: Text,
  source: Text,
  superOptions: listOf(Text),
  layers: maybe(v.object({ upper: maybe(Text), lower: listOf(Text) })),
});

const TrafficSchema = v.object({ packets: Num, bytes: Num });

const DeviceSchema = v.object({
  index: Count,
  name: Text,
  kind: Text,
  up: Flag,
  state: Text,
  loopback: Flag,
  mtu: Num,
  mac: Text,
  addresses: listOf(
    v.object({
      family: v.picklist(["inet", "inet6"], "must be `inet` or `inet6`"),
      local: Text,
      prefixLength: Count,
      scope: v.picklist(["global", "link", "host", "site", "nowhere"], "must be a scope of addresses"),
    }),
  ),
  link: maybe(v.object({ namespace: Count, index: Count, name: Text })),
  master: maybe(Text),
  received: maybe(TrafficSchema),
  sent: maybe(TrafficSchema),
});

const NAMESPACE = {
  inode: Count,
  generation: Count,
  initial: Flag,
  owner: maybe(Count),
  creator: maybe(Count),
  pins: listOf(
    v.variant(
      "by",
      [
        v.object({ by: v.literal("mount"), path: Text, mountNamespace: Count }),
        v.object({ by: v.literal("file"), pid: Count, fd: Count }),
      ],
      "must be by `mount` or by `file`",
    ),
  ),
};
const RangeSchema = v.object({ inside: Count, outside: Count, count: Count });
const OffsetSchema = v.object({ seconds: Num, nanoseconds: Num });

const NamespaceSchema = v.variant(
  "kind",
  [
    v.object({
      ...NAMESPACE,
      kind: v.literal("user"),
      parent: maybe(Count),
      level: Count,
      uidMap: listOf(RangeSchema),
      gidMap: listOf(RangeSchema),
      setgroups: v.picklist(["allow", "deny"], "must be `allow` or `deny`"),
    }),
    v.object({
      ...NAMESPACE,
      kind: v.literal("pid"),
      parent: maybe(Count),
      level: Count,
      init: maybe(Count),
      dead: Flag,
    }),
    v.object({ ...NAMESPACE, kind: v.literal("mnt"), mounts: listOf(MountSchema) }),
    v.object({ ...NAMESPACE, kind: v.literal("net"), devices: listOf(DeviceSchema) }),
    v.object({ ...NAMESPACE, kind: v.literal("uts"), hostName: Text, domainName: Text }),
    v.object({ ...NAMESPACE, kind: v.literal("time"), monotonic: OffsetSchema, boottime: OffsetSchema }),
    v.object({
      ...NAMESPACE,
      kind: v.literal("ipc"),
      semaphores: Num,
      messageQueues: Num,
      sharedMemory: Num,
    }),
    v.object({ ...NAMESPACE, kind: v.literal("cgroup"), root: maybe(Text) }),
  ],
  "must be a kind of namespaces",
);

const StallSchema = v.object({ total: Num, averages: v.tuple([Num, Num, Num], "must be three numbers") });
const PressureSchema = v.object({ some: StallSchema, full: StallSchema, averagesAge: Num });
const MemoryEventsSchema = v.object({
  low: Num,
  high: Num,
  max: Num,
  oom: Num,
  oomKill: Num,
  oomGroupKill: Num,
});
const ControllerSchema = v.picklist(["cpu", "io", "memory", "pids"], "must be a controller");

const CgroupSchema = v.object({
  path: Text,
  inode: Count,
  owner: v.object({ uid: Count, gid: Count }),
  controllers: listOf(ControllerSchema),
  subtreeControl: listOf(ControllerSchema),
  populated: Flag,
  freeze: Flag,
  frozen: Flag,
  maxDepth: LimitSchema,
  maxDescendants: LimitSchema,
  descendants: Num,
  dyingDescendants: Num,
  usage: v.object({ usage: Num, user: Num, system: Num }),
  cpu: maybe(
    v.object({
      weight: Num,
      idle: Flag,
      max: LimitSchema,
      period: Num,
      burst: Num,
      periods: Num,
      throttledPeriods: Num,
      throttled: Num,
      bursts: Num,
      burstTime: Num,
      throttledNow: Flag,
    }),
  ),
  memory: maybe(
    v.object({
      current: Num,
      peak: Num,
      min: LimitSchema,
      low: LimitSchema,
      high: LimitSchema,
      max: LimitSchema,
      oomGroup: Flag,
      events: MemoryEventsSchema,
      localEvents: MemoryEventsSchema,
      stat: v.object({
        anon: Num,
        file: Num,
        kernel: Num,
        kernelStack: Num,
        pageTables: Num,
        sock: Num,
        shmem: Num,
        fileMapped: Num,
        fileDirty: Num,
        inactiveAnon: Num,
        activeAnon: Num,
        inactiveFile: Num,
        activeFile: Num,
        slabReclaimable: Num,
        slabUnreclaimable: Num,
        pageFaults: Num,
        majorFaults: Num,
      }),
      swap: v.object({
        current: Num,
        high: LimitSchema,
        max: LimitSchema,
        events: v.object({ high: Num, max: Num, fail: Num }),
      }),
    }),
  ),
  pids: maybe(v.object({ current: Num, peak: Num, max: LimitSchema, refused: Num })),
  io: maybe(
    listOf(
      v.object({
        device: Text,
        name: Text,
        max: v.object({ rbps: LimitSchema, wbps: LimitSchema, riops: LimitSchema, wiops: LimitSchema }),
        stat: v.object({
          readBytes: Num,
          writtenBytes: Num,
          reads: Num,
          writes: Num,
          discardedBytes: Num,
          discards: Num,
        }),
        waiting: Num,
      }),
    ),
  ),
  pressure: maybe(v.object({ cpu: PressureSchema, io: PressureSchema, memory: PressureSchema })),
  deviceFilter: Flag,
});

const KernelSchema = v.object({
  version: Text,
  bootId: maybe(Text),
  uptime: Num,
  load: v.tuple([Num, Num, Num], "must be three numbers"),
  threads: Num,
  running: Num,
  contextSwitches: Num,
  cpu: v.object({ user: Num, system: Num, idle: Num, waiting: Num }),
  memory: v.object({
    total: Num,
    free: Num,
    file: Num,
    anonymous: Num,
    shared: Num,
    slab: Num,
    swapTotal: Num,
    swapFree: Num,
  }),
  pressure: v.object({ cpu: Num, io: Num, memory: Num }),
  panic: maybe(Text),
  tainted: Num,
  log: listOf(Text),
});

const MachineSchema = v.object({
  ram: Num,
  instructionsPerSecond: maybe(Num),
  halted: maybe(Num),
  interrupts: v.record(Text, Num),
  ramUse: maybe(
    v.object({
      kernel: Num,
      slab: Num,
      pageTables: Num,
      anonymous: Num,
      file: Num,
      other: Num,
      free: Num,
    } satisfies Record<(typeof RAM_USES)[number], unknown>),
  ),
  ramMap: listOf(v.pipe(Count, v.maxValue(RAM_USES.length - 1, "must be a use of RAM")), 65_536),
  chunksInFlight: Num,
  frames: v.object({ sent: Num, received: Num, waiting: Num }),
});

/** What was seen of a guest at one moment, from a file. Messages complete "It …". */
export const ObservationSchema: v.GenericSchema<unknown, Observation> = v.object({
  source: v.picklist(["agent", "memory"], "must be `agent` or `memory`"),
  time: Num,
  midKernel: Flag,
  processes: listOf(ProcessSchema, MOST_PROCESSES),
  namespaces: listOf(NamespaceSchema, MOST_NAMESPACES),
  cgroups: listOf(CgroupSchema),
  kernel: maybe(KernelSchema),
  machine: maybe(MachineSchema),
  slowAge: Num,
  missing: listOf(v.object({ what: Text, count: Count })),
  fallback: maybe(Text),
});
