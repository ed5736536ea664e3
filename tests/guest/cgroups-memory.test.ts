import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { IN_TEST_GROUP, numbers } from "../support/cgroup-shell.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(startMachine, (started) => started.dispose());

const MIB = 1024 * 1024;

/** `hold GROUP SIZE`: a line so long that tail must keep it whole; prints how long it was, 0 when tail was killed. */
const MEMORY = `${IN_TEST_GROUP}
hold() { { head -c $2 /dev/zero | (enter $1 tail -n 1) | wc -c; } 2>/dev/null || true; }
mkdir a b
`;

const run = (script: string): Promise<string> => sh(machine(), MEMORY + script, { timeoutMs: 100_000 });

test("memory.max: what wants more is killed and never had more; what wants less lives, and so does a neighbour", async () => {
  const out = await run(`
    echo 4M >a/memory.max
    (enter a tail /dev/zero) || echo died of $(($? - 128))
    cat a/memory.peak
    hold a 3m
    hold a 5m
    hold b 5m
  `);
  const [signal, peak, fits, over, neighbour] = numbers(out);
  expect(signal).toBe(9);
  expect(peak).toBeGreaterThan(3.8 * MIB);
  expect(peak).toBeLessThanOrEqual(4 * MIB);
  expect([fits, over, neighbour]).toEqual([3 * MIB, 0, 5 * MIB]);
});

// images/kernel/patches: without its patch memory.high does not throttle and the task grows without bounds.
test("memory.high: a hungry task stays below 12 MiB for 5 s and lives, under pressure of its own group only", async () => {
  const out = await run(`
    echo 8M >a/memory.high
    (enter a tail /dev/zero) & hungry=$!
    (enter b sleep 60) &
    within at_least 7 a/memory.current
    sleep 5
    kill -0 $hungry
    cat a/memory.peak
    stalled a/memory.pressure some; stalled b/memory.pressure some
    kill -9 $hungry
    (enter b tail /dev/zero) & hungry=$!
    within at_least 24 b/memory.current
    kill -9 $hungry
  `);
  const [peak, stalled, neighbour] = numbers(out);
  expect(peak).toBeGreaterThan(7.5 * MIB);
  expect(peak).toBeLessThan(12 * MIB);
  expect(stalled).toBeGreaterThan(1_000_000);
  expect(stalled).toBeLessThan(8_000_000);
  expect(neighbour).toBeLessThan(50_000);
});

test("memory.oom.group: the whole group dies with the one that ran out of memory; without it only that one", async () => {
  const out = await run(`
    echo 4M >a/memory.max
    for together in 0 1; do
      echo $together >a/memory.oom.group
      (enter a sleep 60) & first=$!
      (enter a sleep 60) & second=$!
      (enter b sleep 60) & other=$!
      within tasks a 2
      within tasks b 1
      (enter a tail /dev/zero) || echo together=$together: hungry $(($? - 128))
      if [ $together = 1 ]; then
        within empty a
        wait $first || echo first $(($? - 128))
        wait $second || echo second $(($? - 128))
      else
        kill -0 $first && kill -0 $second && echo first and second live
      fi
      kill -0 $other && echo neighbour lives
      echo 1 | tee a/cgroup.kill >b/cgroup.kill
      within empty .
    done
  `);
  expect(out.split("\n")).toEqual([
    "together=0: hungry 9",
    "first and second live",
    "neighbour lives",
    "together=1: hungry 9",
    "first 9",
    "second 9",
    "neighbour lives",
    "",
  ]);
});

/** Cached pages that are clean and cost nothing else: those of a file that is one hole. */
const CACHE = `
mke2fs -q /dev/ram1 4096
mount /dev/ram1 /mnt
trap 'umount /mnt; leave' EXIT
truncate -s 16M /mnt/small /mnt/other
truncate -s 67M /mnt/large
cache() { (enter $1 cat /mnt/$2 >/dev/null); }
# reclaim SIZE GROUP: as far as there is something to take.
reclaim() { echo $1 >$2/memory.reclaim 2>/dev/null || true; }
`;

test("memory.low: reclaim takes from the neighbour first; without it from both", async () => {
  const out = await run(`${CACHE}
    for low in 0 20M; do
      echo $low >a/memory.low
      cache a small; cache b other
      before=($(<a/memory.current) $(<b/memory.current))
      reclaim 8M .
      echo $((before[0] - $(<a/memory.current))) $((before[1] - $(<b/memory.current)))
    done
  `);
  const [both = 0, alike = 0, kept, taken] = numbers(out);
  expect(both).toBeGreaterThan(1 * MIB);
  expect(alike).toBeGreaterThan(1 * MIB);
  expect(both + alike).toBeGreaterThan(7.5 * MIB);
  expect(kept).toBeLessThan(0.3 * MIB);
  expect(taken).toBeGreaterThan(7 * MIB);
  expect(taken).toBeLessThan(16 * MIB);
});

// images/kernel/patches: without its patch a protection of 1 GiB protects less than one of 512 MiB.
test("memory.min: nothing is reclaimed however large the protection is; without it, what was asked for", async () => {
  const out = await run(`${CACHE}
    for min in 0 512M 1G 2G max; do
      echo $min >memory.min
      cache a large
      before=$(<a/memory.current)
      reclaim 20M /sys/fs/cgroup
      echo $((before - $(<a/memory.current)))
    done
  `);
  const [unprotected, ...protectedBy] = numbers(out);
  expect(unprotected).toBeGreaterThan(18 * MIB);
  expect(unprotected).toBeLessThan(67 * MIB);
  for (const lost of protectedBy) expect(lost).toBeLessThan(0.3 * MIB);
});

test("what a process wrote to a tmpfs stays charged to its group until it is removed, whoever reads it", async () => {
  const out = await run(`
    (enter a dd if=/dev/zero of=/dev/shm/file bs=1M count=6 status=none)
    within empty a
    cat a/memory.current
    (enter b cat /dev/shm/file >/dev/null)
    cat b/memory.current
    rm /dev/shm/file
    cat a/memory.current
  `);
  const [outlived, reader, removed] = numbers(out);
  expect(outlived).toBeGreaterThanOrEqual(6 * MIB);
  expect(outlived).toBeLessThan(7 * MIB);
  expect(reader).toBeLessThan(1 * MIB);
  expect(removed).toBeLessThan(1 * MIB);
});

test("swap: what does not fit into memory.max goes there, as far as memory.swap.max lets it, and swapoff brings it back", async () => {
  const out = await run(`
    mkswap /dev/ram0 12288 >/dev/null
    swapon /dev/ram0
    trap 'leave; swapoff -a' EXIT
    echo 4M >a/memory.max
    for most in 0 2M; do
      echo $most >a/memory.swap.max
      hold a 8m
    done
    echo 6M >a/memory.swap.max
    mkfifo /tmp/line
    (enter a tail -n 1 </tmp/line | wc -c >/tmp/length) & holder=$!
    exec 3>/tmp/line
    head -c 8m /dev/zero >&3
    within at_least 4 a/memory.swap.current
    cat a/memory.swap.current a/memory.current
    echo max >a/memory.max
    swapoff -a
    cat a/memory.swap.current a/memory.current
    exec 3>&-
    wait $holder
    cat /tmp/length
  `);
  const [none, tooLittle, swapped, resident, afterwards, back, length] = numbers(out);
  expect([none, tooLittle]).toEqual([0, 0]);
  expect(swapped).toBeGreaterThan(4 * MIB);
  expect(swapped).toBeLessThanOrEqual(6 * MIB);
  expect(resident).toBeLessThanOrEqual(4 * MIB);
  expect(afterwards).toBe(0);
  expect(back).toBeGreaterThan(8 * MIB);
  // tail's line, tail itself, and copies in the swap cache.
  expect(back).toBeLessThan(12 * MIB);
  expect(length).toBe(8 * MIB);
});
