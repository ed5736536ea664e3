import type { Namespace, Process } from "../../../src/isolation/index.ts";
import type { Facts } from "./facts.ts";

interface Listed {
  readonly ns: number;
  readonly type: string;
  readonly pns: number | null;
  readonly ons: number | null;
}

/** What must be said of namespaces: what `lsns` says of all, and `/proc/PID` of those that a process lives in. */
export function saidNamespaces(facts: Facts): Map<string, Record<string, unknown>> {
  const { namespaces } = JSON.parse(facts.text("lsns")) as { namespaces: Listed[] };
  return new Map(
    namespaces.map(({ ns, type, pns, ons }) => [
      `${type} ${ns}`,
      {
        kind: type,
        inode: ns,
        // The first ones have none, which is said as 0.
        ...(ons === null || ons === 0 ? {} : { owner: ons }),
        ...(type === "pid" || type === "user" ? { parent: pns === 0 || pns === null ? undefined : pns } : {}),
      },
    ]),
  );
}

function ranges(facts: Facts, file: string): { inside: number; outside: number; count: number }[] {
  return facts.lines(file).map((line) => {
    const [inside = -1, outside = -1, count = -1] = line.trim().split(/\s+/).map(Number);
    return { inside, outside, count };
  });
}

function offset(text = ""): { seconds: number; nanoseconds: number } {
  const [seconds = -1, nanoseconds = -1] = text.split(" ").map(Number);
  return { seconds, nanoseconds };
}

/** What must be said of the user and time namespaces of a process. */
export function saidOfOwn(facts: Facts, { pid }: Process): Partial<Record<Namespace["kind"], object>> {
  const offsets = facts.table(`/proc/${pid}/timens_offsets`);
  return {
    user: {
      uidMap: ranges(facts, `/proc/${pid}/uid_map`),
      gidMap: ranges(facts, `/proc/${pid}/gid_map`),
      setgroups: facts.text(`/proc/${pid}/setgroups`),
    },
    time: { monotonic: offset(offsets["monotonic"]), boottime: offset(offsets["boottime"]) },
  };
}
