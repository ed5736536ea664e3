import type { NamespaceId, NamespaceKind } from "./namespace.ts";
import { type Observation, toldByAgent } from "./observation.ts";
import type { Process } from "./process.ts";

/** Columns of the namespace inodes in a line of the agent's table; see `images/agent/processes.h`. */
const COLUMNS = [
  "cgroup",
  "ipc",
  "mnt",
  "net",
  "pid",
  "pid_for_children",
  "time",
  "time_for_children",
  "user",
  "uts",
] as const;
const FIELDS_BEFORE_COMM = 5 + COLUMNS.length + 2;
const KTHREADD = 2;

/** Undoes the octal and backslash escapes of `/proc/PID/status` and the agent. */
function unescapeText(text: string): string {
  return text.replaceAll(
    /\\(?:([0-7]{3})|(n)|(\\))/g,
    (_, octal: string | undefined, newline: string | undefined) =>
      octal !== undefined
        ? String.fromCharCode(Number.parseInt(octal, 8))
        : newline !== undefined
          ? "\n"
          : "\\",
  );
}

function parseLine(line: string): Process | undefined {
  const fields = line.split(" ");
  if (fields.length <= FIELDS_BEFORE_COMM) return undefined;
  const numbers = (text: string | undefined): number =>
    text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  const pid = numbers(fields[0]);
  const ppid = numbers(fields[1]);
  const uid = numbers(fields[3]);
  const pids = (fields[4] ?? "").split(",").map((text) => numbers(text));
  const inodes = COLUMNS.map((_, i) => numbers(fields[5 + i]));
  const procMount = numbers(fields[5 + COLUMNS.length]);
  if ([pid, ppid, uid, ...pids, ...inodes, procMount].some(Number.isNaN)) return undefined;

  const namespaces: Partial<Record<NamespaceKind, NamespaceId>> = {};
  const forChildren: Partial<Record<"pid" | "time", NamespaceId>> = {};
  COLUMNS.forEach((column, i) => {
    const inode = inodes[i] ?? 0;
    if (inode === 0) return;
    if (column === "pid_for_children") forChildren.pid = inode;
    else if (column === "time_for_children") forChildren.time = inode;
    else namespaces[column] = inode;
  });
  const cgroup = fields[FIELDS_BEFORE_COMM - 1] ?? "-";
  return {
    pid,
    ppid,
    state: fields[2] ?? "",
    uid,
    pids,
    comm: unescapeText(fields.slice(FIELDS_BEFORE_COMM).join(" ")),
    kernelThread: pid === KTHREADD || ppid === KTHREADD,
    cgroup: cgroup === "-" ? undefined : unescapeText(cgroup),
    namespaces,
    forChildren,
    procMount: procMount === 0 ? undefined : procMount,
    details: undefined,
  };
}

/**
 * Reads the agent's process table. Lines that make no sense are left out: the guest is not trusted.
 *
 * @param time When it was told, in ms since the Unix epoch.
 * @param fallback Why memory was not read instead.
 */
export function parseProcessTable(table: string, time: number, fallback?: string): Observation {
  const processes = table.split("\n").map(parseLine);
  return toldByAgent(
    processes.filter((process) => process !== undefined),
    time,
    fallback,
  );
}
