/** All that is known of a process, a box or a cgroup, in groups of names and values. Pure. */
import {
  type Box,
  CAPABILITY_NAMES,
  capabilityNames,
  type Cgroup,
  gidIn,
  type IdRange,
  type Namespace,
  NAMESPACE_KINDS,
  type NamespaceId,
  type NamespaceKind,
  type NamespaceNumbers,
  namespaceOf,
  type Observation,
  type Process,
  uidInside,
} from "../../isolation/index.ts";
import { byteLimit, bytes, duration, percent } from "./format.ts";
import type { Found } from "./find-target.ts";
import type { Say, Term } from "./words.ts";

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly term?: Term;
  readonly isCode?: boolean;
}

export interface FactGroup {
  readonly title: string;
  readonly facts: readonly Fact[];
}

export interface FactScene {
  readonly observation: Observation;
  readonly numbers: NamespaceNumbers;
  readonly say: Say;
}

/** "2 [4026532101], owner: user namespace 1" */
function namespaceWords(
  kind: NamespaceKind,
  inode: NamespaceId | undefined,
  { observation, numbers, say }: FactScene,
): string {
  if (inode === undefined) return say("xray.fact.unknown");
  const known: Namespace | undefined = namespaceOf(observation, kind, inode);
  const number = numbers.of({ kind, inode, generation: known?.generation ?? 0 });
  const name = `${number} [${inode}]`;
  if (known?.initial === true || number === 1) return say("xray.fact.namespace-init", { name });
  const owner = known?.owner;
  if (owner === undefined) return name;
  const generation = namespaceOf(observation, "user", owner)?.generation ?? 0;
  return say("xray.fact.namespace-owner", {
    name,
    number: numbers.of({ kind: "user", inode: owner, generation }),
  });
}

function mapWords(ranges: readonly IdRange[]): string {
  return ranges
    .map(({ inside, outside, count }) =>
      count === 1
        ? `${inside} → ${outside}`
        : `${inside}–${inside + count - 1} → ${outside}–${outside + count - 1}`,
    )
    .join(", ");
}

/** The names of the capabilities in a mask as `/proc` writes it, "all 41", or "none". */
export function capabilityWords(mask: string, say: Say): string {
  const names = capabilityNames(mask);
  if (names.length === 0) return say("xray.fact.none");
  if (names.length === CAPABILITY_NAMES.length) return say("xray.fact.all", { count: names.length });
  return names.map((name) => name.replace("cap_", "")).join(" ");
}

function processGroups(process: Process, scene: FactScene): FactGroup[] {
  const { say, observation } = scene;
  const { details } = process;
  const groups: FactGroup[] = [
    {
      title: say("xray.group.identity"),
      facts: [
        { name: say("xray.fact.pid-outside"), value: String(process.pid), term: "pid" },
        ...(process.pids.length > 1
          ? [
              {
                name: say("xray.fact.pid-inside"),
                value: process.pids.slice(1).join(" → "),
                term: "pid" as const,
              },
            ]
          : []),
        { name: say("xray.fact.parent"), value: String(process.ppid) },
        { name: say("xray.fact.state"), value: process.state },
        ...(details?.commandLine === undefined
          ? []
          : [{ name: say("xray.fact.command"), value: details.commandLine.join(" "), isCode: true }]),
        ...(details === undefined
          ? []
          : [
              {
                name: say("xray.fact.started"),
                value: say("xray.fact.after-boot", { time: duration(details.startedAt) }),
              },
              { name: say("xray.fact.threads"), value: String(details.threads.length + 1) },
              { name: say("xray.fact.cpu-time"), value: duration(details.cpuTime / 1000) },
            ]),
        ...(details?.terminal === undefined
          ? []
          : [{ name: say("xray.fact.terminal"), value: details.terminal.name, isCode: true }]),
      ],
    },
    {
      title: say("xray.group.namespaces"),
      facts: NAMESPACE_KINDS.map((kind) => ({
        name: kind,
        value: namespaceWords(kind, process.namespaces[kind], scene),
        term: kind,
      })),
    },
  ];
  const inside = uidInside(observation, process);
  const user = namespaceOf(observation, "user", process.namespaces.user);
  const credentials: Fact[] = [{ name: say("xray.fact.uid-outside"), value: String(process.uid) }];
  if (inside !== undefined)
    credentials.push({ name: say("xray.fact.uid-inside"), value: String(inside), term: "user" });
  if (details !== undefined) {
    credentials.push({ name: say("xray.fact.gid-outside"), value: String(details.gids.effective) });
    if (user !== undefined)
      credentials.push({
        name: say("xray.fact.gid-inside"),
        value: String(gidIn(user, details.gids.effective)),
      });
    if (details.groups.length > 0)
      credentials.push({ name: say("xray.fact.groups"), value: details.groups.join(" ") });
  }
  groups.push({ title: say("xray.group.credentials"), facts: credentials });
  if (details === undefined) return groups;
  const { capabilities, memory } = details;
  groups.push({
    title: say("xray.group.powers"),
    facts: [
      ...(["effective", "permitted", "bounding", "inheritable", "ambient"] as const).map((set) => ({
        name: say(`xray.fact.cap-${set}`),
        value: capabilityWords(capabilities[set], say),
      })),
      {
        name: "seccomp",
        value:
          details.seccomp === "filter"
            ? say("xray.fact.filters", { count: details.seccompFilters })
            : details.seccomp,
      },
      { name: "no_new_privs", value: say(details.noNewPrivileges ? "xray.fact.yes" : "xray.fact.no") },
    ],
  });
  const cgroup = observation.cgroups.find(({ path }) => path === process.cgroup);
  groups.push({
    title: say("xray.group.cgroup"),
    facts: [
      { name: say("xray.fact.path"), value: process.cgroup ?? say("xray.fact.unknown"), isCode: true },
      ...(cgroup === undefined ? [] : cgroupFactList(cgroup, say)),
    ],
  });
  groups.push({
    title: say("xray.group.memory"),
    facts:
      memory === undefined
        ? [{ name: say("xray.fact.memory"), value: say("xray.fact.none") }]
        : [
            { name: say("xray.fact.resident"), value: bytes(memory.anonymous + memory.file + memory.shared) },
            { name: say("xray.fact.anonymous"), value: bytes(memory.anonymous) },
            { name: say("xray.fact.file"), value: bytes(memory.file) },
            { name: say("xray.fact.virtual"), value: bytes(memory.virtual) },
            { name: "oom_score_adj", value: String(details.oomScoreAdjust) },
          ],
  });
  groups.push({
    title: say("xray.group.paths"),
    facts: [
      { name: say("xray.fact.root"), value: details.root ?? say("xray.fact.unknown"), isCode: true },
      { name: say("xray.fact.cwd"), value: details.cwd ?? say("xray.fact.unknown"), isCode: true },
      {
        name: say("xray.fact.proc"),
        value:
          process.procMount === undefined
            ? say("xray.fact.none")
            : namespaceWords("pid", process.procMount, scene),
        term: "proc",
      },
    ],
  });
  return groups;
}

/** Limits and counters of a cgroup, those of them that say something. */
function cgroupFactList(cgroup: Cgroup, say: Say): Fact[] {
  const { cpu, memory, pids, pressure } = cgroup;
  const facts: Fact[] = [];
  if (memory !== undefined)
    facts.push(
      { name: "memory.current", value: bytes(memory.current), term: "memory" },
      { name: "memory.peak", value: bytes(memory.peak) },
      { name: "memory.high", value: byteLimit(memory.high) },
      { name: "memory.max", value: byteLimit(memory.max) },
      {
        name: "memory.events",
        value: `high ${memory.events.high}, max ${memory.events.max}, oom ${memory.events.oom}, oom_kill ${memory.events.oomKill}`,
      },
    );
  if (cpu !== undefined)
    facts.push(
      {
        name: "cpu.max",
        value: cpu.max === "max" ? `max ${cpu.period}` : `${cpu.max} ${cpu.period}`,
        term: "cpu",
      },
      { name: "cpu.weight", value: String(cpu.weight) },
      {
        name: "cpu.stat",
        value: `nr_periods ${cpu.periods}, nr_throttled ${cpu.throttledPeriods}, throttled ${duration(cpu.throttled / 1000)}`,
      },
    );
  facts.push({ name: "usage", value: duration(cgroup.usage.usage / 1000) });
  if (pids !== undefined)
    facts.push({
      name: "pids",
      value: `${pids.current}, max ${pids.max}, refused ${pids.refused}`,
      term: "pids",
    });
  facts.push({ name: "frozen", value: say(cgroup.frozen ? "xray.fact.yes" : "xray.fact.no") });
  for (const kind of pressure === undefined ? [] : (["cpu", "memory", "io"] as const)) {
    const one = pressure?.[kind];
    if (one === undefined) continue;
    const [short] = one.some.averages;
    facts.push({
      name: `${kind}.pressure`,
      value: say("xray.fact.pressure", {
        total: duration(one.some.total / 1000),
        average: percent(short / 100),
        age: duration(one.averagesAge),
      }),
    });
  }
  return facts;
}

function boxGroups(box: Box, scene: FactScene): FactGroup[] {
  const { say } = scene;
  const groups: FactGroup[] = [
    {
      title: say("xray.group.own"),
      facts: box.own.map(({ kind, inode }) => ({
        name: kind,
        value: namespaceWords(kind, inode, scene),
        term: kind,
      })),
    },
  ];
  if (box.shared.length > 0)
    groups.push({
      title: say("xray.group.shared"),
      facts: box.shared.map((kind) => ({
        name: kind,
        value: namespaceWords(kind, box.inside[kind], scene),
        term: kind,
      })),
    });
  const inside: Fact[] = [];
  for (const { namespace } of box.own)
    if (namespace !== undefined) inside.push(...namespaceFacts(namespace, say));
  if (inside.length > 0) groups.push({ title: say("xray.group.inside"), facts: inside });
  if (box.badges.length > 0)
    groups.push({
      title: say("xray.group.lacks"),
      facts: box.badges.map((badge) => ({ name: "!", value: say(`xray.badge.${badge}`) })),
    });
  return groups;
}

/** What only this kind has. */
export function namespaceFacts(one: Namespace, say: Say): Fact[] {
  switch (one.kind) {
    case "user":
      return [
        { name: "uid_map", value: mapWords(one.uidMap) || say("xray.fact.none"), term: "user" },
        { name: "gid_map", value: mapWords(one.gidMap) || say("xray.fact.none") },
        { name: "setgroups", value: one.setgroups },
      ];
    case "pid":
      return [
        {
          name: say("xray.fact.init"),
          value: one.init === undefined ? say("xray.fact.dead") : String(one.init),
        },
      ];
    case "uts":
      return [{ name: say("xray.fact.host-name"), value: one.hostName, isCode: true }];
    case "net":
      return [
        {
          name: say("xray.fact.devices"),
          value: one.devices
            .map(({ name, addresses }) =>
              [name, ...addresses.map(({ local, prefixLength }) => `${local}/${prefixLength}`)].join(" "),
            )
            .join(", "),
          isCode: true,
        },
      ];
    case "mnt":
      return [{ name: say("xray.fact.mounts"), value: String(one.mounts.length), term: "mnt" }];
    case "ipc":
      return [
        {
          name: "System V",
          value: say("xray.fact.ipc", {
            semaphores: one.semaphores,
            queues: one.messageQueues,
            memory: one.sharedMemory,
          }),
        },
      ];
    case "cgroup":
      return [
        { name: say("xray.fact.cgroup-root"), value: one.root ?? say("xray.fact.unknown"), isCode: true },
      ];
    case "time":
      return [{ name: say("xray.fact.boottime"), value: `${one.boottime.seconds} s`, term: "time" }];
    default:
      return one satisfies never;
  }
}

export function factGroups(found: Found, scene: FactScene): FactGroup[] {
  switch (found.kind) {
    case "process":
      return processGroups(found.process, scene);
    case "box":
      return boxGroups(found.box, scene);
    case "cgroup":
      return [{ title: scene.say("xray.group.cgroup"), facts: cgroupFactList(found.cgroup, scene.say) }];
    default:
      return found satisfies never;
  }
}
