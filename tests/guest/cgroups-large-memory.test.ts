import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { IN_TEST_GROUP, numbers } from "../support/cgroup-shell.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(
  () => startMachine({ memory: 512 }),
  (started) => started.dispose(),
);

const MIB = 1024 * 1024;

// images/kernel/patches: without its patch so large a protection counts for little, and the neighbour is spared instead.
test("memory.low of hundreds of MiB lessens the pressure on what lies above it, in favour of no one's neighbour", async () => {
  const out = await sh(
    machine(),
    `${IN_TEST_GROUP}
      mke2fs -q /dev/ram1 4096
      mount /dev/ram1 /mnt
      trap 'umount /mnt; leave' EXIT
      mkdir a b
      echo 260M >a/memory.low
      # Cached pages that are clean and cost nothing else: those of a file that is one hole.
      truncate -s 300M /mnt/large
      truncate -s 60M /mnt/small
      (enter a cat /mnt/large >/dev/null)
      (enter b cat /mnt/small >/dev/null)
      before=($(<a/memory.current) $(<b/memory.current))
      echo 30M >memory.reclaim
      echo $((before[0] - $(<a/memory.current))) $((before[1] - $(<b/memory.current)))
    `,
    { timeoutMs: 100_000 },
  );
  const [protectedLost = 0, neighbourLost = 0] = numbers(out);
  // 40 MiB of the one and 60 MiB of the other are free to be taken.
  expect(protectedLost).toBeLessThan(neighbourLost);
  expect(neighbourLost).toBeGreaterThan(12 * MIB);
  expect(protectedLost + neighbourLost).toBeGreaterThan(29 * MIB);
  expect(protectedLost + neighbourLost).toBeLessThan(60 * MIB);
});
