import type { Machine } from "../machine/index.ts";

/** A container whose disk is asked for: its `costKey` and a process that lives in it, by the machine's pid. */
export interface DiskQuestion {
  readonly key: string;
  readonly pid: number;
}

const TIMEOUT_MS = 5000;
/** More containers than these are not asked for at once: each is a walk through its files. */
const MOST = 12;

/**
 * What was written, not what is shared. A machine's own files lie in file systems in its memory, whose statfs tells no size,
 * so it is all of these together. Of a container it is the upper layer of its root; one without an overlay, on files of
 * its own, has all of them for itself, and one on the machine's files none.
 */
const SCRIPT = `
root() { awk '$5 == "/" { line = $0 } END { print line }' /proc/$1/mountinfo; }
echo machine $(awk '/^Shmem:/ { print $2 }' /proc/meminfo)
here=$(root 1)
for pid do
  line=$(root $pid) || continue
  upper=$(expr "$line" : '.*[ ,]upperdir=\\([^, ]*\\)')
  at=$(readlink /proc/$pid/root)
  if [ -z "$line" ]; then continue
  elif [ "\${line#*-}" = "\${here#*-}" ] && [ "$at" = / ]; then echo $pid 0
  elif [ -n "$upper" ] && [ "\${line#*-}" != "\${here#*-}" ]; then echo $pid $(du -skx "$upper" | cut -f1)
  else echo $pid $(du -skx /proc/$pid/root/ | cut -f1)
  fi
done 2>/dev/null
`;

/** Bytes of disk that a machine and containers of it have for themselves. */
export interface DiskUse {
  readonly machine: number | undefined;
  /** By {@link DiskQuestion.key}; those that could not be told are not there. */
  readonly containers: ReadonlyMap<string, number>;
}

/**
 * Asks the guest: how much a file system holds is told by programs in it, not by a look from outside.
 * @throws CodedError as `Machine.exec`
 */
export async function askDiskUse(
  machine: Pick<Machine, "exec">,
  asked: readonly DiskQuestion[],
  signal: AbortSignal,
): Promise<DiskUse> {
  const some = asked.slice(0, MOST);
  const { stdout } = await machine.exec({
    argv: ["sh", "-c", SCRIPT, "sh", ...some.map(({ pid }) => String(pid))],
    timeoutMs: TIMEOUT_MS,
    outputLimit: 65_536,
    signal,
  });
  return parseDiskUse(new TextDecoder().decode(stdout), some);
}

/** Lines of a name and a number of KiB. */
export function parseDiskUse(text: string, asked: readonly DiskQuestion[]): DiskUse {
  const told = new Map<string, number>();
  for (const [, name = "", kib = ""] of text.matchAll(/^(machine|\d{1,10}) (\d{1,12})$/gm)) {
    told.set(name, Number(kib) * 1024);
  }
  const containers = asked.flatMap(({ key, pid }): [string, number][] => {
    const bytes = told.get(String(pid));
    return bytes === undefined ? [] : [[key, bytes]];
  });
  return { machine: told.get("machine"), containers: new Map(containers) };
}
