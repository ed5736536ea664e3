/** Keeps file pages that nobody needs at the first prompt out of a snapshot. */
import type { Machine } from "../machine/index.ts";
import { runScript } from "./guest-script.ts";

const SCRIPT_MS = 120_000;
/** In KiB, for the file system that the root is on. */
const READ_AHEAD = "/sys/class/bdi/9p-*/read_ahead_kb";

/**
 * From now on, what opens a file gets into memory the pages that it uses, and no others.
 * @returns the command for a shell of root that ends this, and needs no page for it
 */
export async function readNoAhead(machine: Machine): Promise<string> {
  const script = `cat ${READ_AHEAD}; echo 0 >${READ_AHEAD}`;
  const before = await runScript(machine, "switching read-ahead off", script, SCRIPT_MS);
  return `echo ${before.trim()} >${READ_AHEAD}`;
}

/** Takes every page that can be read again out of memory, mapped or not. What goes on running brings back what it needs. */
export async function emptyPageCache(machine: Machine): Promise<void> {
  // The program that does it holds on to its own pages: it runs from a copy in memory, which is gone afterwards.
  const script = `set -e
mkdir /run/lean
cp -L "$(command -v busybox)" $(ldd "$(command -v busybox)" | grep -o '/[^ ]*') /run/lean
sync
exec /run/lean/ld-linux.so.2 --library-path /run/lean /run/lean/busybox sh -c '
rm -r /run/lean
for round in 1 2 3; do
  for process in /proc/[0-9]*; do echo 1 >$process/clear_refs; done
  echo 3 >/proc/sys/vm/drop_caches
  # It fails when there is less than was asked for: always.
  echo 1G >/sys/fs/cgroup/memory.reclaim
done 2>/dev/null
true'`;
  await runScript(machine, "emptying the page cache", script, SCRIPT_MS);
}
