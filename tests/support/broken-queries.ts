import { seeded } from "./random.ts";

const KEYS = [
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then", "toJSON"],
  ...["", "\0", "\uD800", "processs", "Process", "0", "length"],
];
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -0],
  ...["", "max", "16M", "16Q", "init", "a".repeat(100), "*".repeat(60), "/**", "\uD800", "__proto__"],
  ...[
    [],
    {},
    [[]],
    [{}],
    new Map([[1, 2]]),
    new Date(0),
    /x/,
    Symbol.iterator,
    10n,
    () => undefined,
    undefined,
  ],
];

/** Good ones, to begin from. */
const GOOD: readonly unknown[] = [
  { process: { comm: ["sh", "cat"], namespace: { net: "not-init", pid: "init" }, uidInside: 0 }, count: 2 },
  { process: { frozen: true, sharesWith: { process: { comm: "cat" }, kinds: ["pid", "net"] } } },
  { process: { parent: { comm: "sh", parent: { uid: 0 } }, forChildren: { pid: "dead" }, pidLevels: 2 } },
  {
    process: {
      capabilities: { has: "CAP_SYS_ADMIN", lacks: ["CAP_NET_ADMIN"], set: "bounding" },
      state: "Z",
    },
  },
  { process: { cgroup: "/demo/**", procMount: "other", innermostPid: { atLeast: 1, atMost: 3 } } },
  { none: { state: "Z", differsFrom: { process: {}, kinds: ["user"] } } },
  { namespace: { kind: ["pid", "user"], member: { comm: "sh" }, level: { atLeast: 1 }, pinned: "mount" } },
  { namespace: { kind: "user", uid_map: { inside: 0, outside: 1000, count: 1 }, setgroups: "deny" } },
  { namespace: { init: "alive", empty: true, members: 0, monotonic: { atLeast: 5 } }, count: { atMost: 3 } },
  { cgroup: { path: "/demo/*", "pids.max": { atMost: 20 }, "memory.max": "16M", throttled: true } },
  { cgroup: { "memory.events.oom_kill": { atLeast: 1 }, "cgroup.controllers": ["memory", "pids"] } },
  {
    not: { any: [{ mount: { point: "/1", option: ["ro"], of: { comm: "sh" } } }, { kernel: { log: "x" } }] },
  },
  { all: [{ device: { name: "veth*", peer: "other", up: true, of: {} } }, { kernel: { panicked: false } }] },
];

/** Data that is like a query, of words that mean something, and then broken; always the same for a seed. */
export function* brokenQueries(words: readonly string[], seed: number, rounds: number): Generator {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(all: readonly T[]): T | undefined => all[below(all.length)];
  const SORTS = ["process", "namespace", "cgroup", "mount", "device", "kernel", "none"];
  const SMALL: readonly unknown[] = [
    "sh",
    "cat",
    "init",
    "not-init",
    "own",
    "pid",
    "net",
    "/demo",
    "/",
    "S",
    0,
    1,
    5,
    true,
    false,
  ];

  const value = (depth: number): unknown => {
    const dice = below(10);
    if (dice < 4 || depth <= 0) return pick(SMALL);
    if (dice === 4) return pick(VALUES);
    if (dice === 5) return Array.from({ length: below(4) }, () => value(depth - 1));
    if (dice === 6) return { atLeast: below(4) };
    return Object.fromEntries(
      Array.from({ length: 1 + below(2) }, () => [pick(words) ?? "", value(depth - 1)]),
    );
  };
  const query = (depth: number): Record<string, unknown> => {
    const dice = below(8);
    if (depth > 0 && dice === 0) return { not: query(depth - 1) };
    if (depth > 0 && dice === 1) return { all: [query(depth - 1), query(depth - 1)] };
    if (depth > 0 && dice === 2) return { any: Array.from({ length: 1 + below(3) }, () => query(depth - 1)) };
    const pattern = Object.fromEntries(Array.from({ length: below(3) }, () => [pick(words) ?? "", value(3)]));
    return { [pick(SORTS) ?? "process"]: pattern };
  };
  const breakOne = (data: unknown): unknown => {
    if (typeof data !== "object" || data === null || below(4) === 0) return pick(VALUES);
    const entries = Object.entries(data);
    const at = below(entries.length + 1);
    if (at === entries.length) entries.push([pick(KEYS) ?? "", pick(VALUES)]);
    else entries[at] = [entries[at]?.[0] ?? "", breakOne(entries[at]?.[1])];
    if (Array.isArray(data)) return entries.map(([, one]) => one);
    const broken: Record<string, unknown> = {};
    // As JSON and YAML do it: a key that an object inherits is one of its own.
    for (const [key, one] of entries)
      Object.defineProperty(broken, key, {
        value: one,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return broken;
  };
  for (let round = 0; round < rounds; round++) {
    let data: unknown = below(3) > 0 ? pick(GOOD) : query(below(4));
    for (let i = below(3); i > 0; i--) data = breakOne(data);
    yield data;
  }
}

/** Data that is too much of something. */
export function excessiveQueries(): ReadonlyMap<string, unknown> {
  const nested = (times: number, wrap: (inner: unknown) => unknown, inner: unknown): unknown => {
    let data = inner;
    for (let i = 0; i < times; i++) data = wrap(data);
    return data;
  };
  const circle: Record<string, unknown> = {};
  circle["not"] = circle;
  const process = { process: { comm: "sh" } };
  return new Map<string, unknown>([
    ["not, 100,000 deep", nested(100_000, (inner) => ({ not: inner }), process)],
    ["all, 100,000 deep", nested(100_000, (inner) => ({ all: [inner] }), process)],
    ["parent, 100,000 deep", { process: nested(100_000, (inner) => ({ parent: inner }), {}) }],
    ["a circle", circle],
    ["doubled thirty times", nested(30, (inner) => ({ all: [inner, inner] }), process)],
    [
      "three ways, thirty times",
      nested(30, (inner) => ({ all: [inner], any: [inner], not: inner }), process),
    ],
    ["a list of a million", { any: Array.from({ length: 1_000_000 }, () => process) }],
    [
      "an object of 100,000",
      { process: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])) },
    ],
    ["text of five megabytes", { process: { comm: "x".repeat(5_000_000) } }],
    ["a word of five megabytes", { ["x".repeat(5_000_000)]: {} }],
    ["inherited words", JSON.parse('{"process":{"comm":"sh","constructor":1}}')],
    ["__proto__", JSON.parse('{"process":{"comm":"sh"},"__proto__":{"count":1}}')],
  ]);
}
