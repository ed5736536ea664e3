import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { IN_TEST_GROUP, numbers } from "../support/cgroup-shell.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(startMachine, (started) => started.dispose());

/** What each dd says of itself: its own clock, so that starting it is not what is measured. */
const IO = `${IN_TEST_GROUP}
disk=/dev/ram0 number=$(cat /sys/block/ram0/dev)
seconds() { grep -o '[0-9.]* s,'; }
reads() { (enter $1 dd if=$disk of=/dev/null bs=$2 count=$3 iflag=direct) 2>&1 | seconds; }
writes() { (enter $1 dd if=/dev/zero of=$disk bs=$2 count=$3 oflag=direct) 2>&1 | seconds; }
dd if=/dev/zero of=$disk bs=1M count=4 oflag=direct status=none
mkdir a b
`;

const run = async (script: string): Promise<number[]> => numbers(await sh(machine(), IO + script));

/** As long as the limit says, less what the first slices let through, and not much longer. */
function expectSeconds(seconds: number | undefined, expected: number): void {
  expect(seconds).toBeGreaterThan(expected * 0.87);
  expect(seconds).toBeLessThan(expected * 1.3 + 0.4);
}

// images/kernel/patches: without its patch, io.max within 300 s of boot ends in a kernel BUG.
test("io.max rbps holds in the first minutes of uptime, and the wait is the group's own pressure", async () => {
  const [uptime, without, limited, stalled, neighbour, quiet] = await run(`
    cut -d. -f1 /proc/uptime
    reads a 64K 48
    echo "$number rbps=1048576" >a/io.max
    reads a 64K 48
    stalled a/io.pressure some
    reads b 64K 48
    stalled b/io.pressure some
  `);
  expect(uptime).toBeLessThan(290);
  expect(without).toBeLessThan(0.7);
  expect(limited).toBeGreaterThan(2.7);
  expect(limited).toBeLessThan(3.5);
  expect(stalled).toBeGreaterThan(2_500_000);
  expect(stalled).toBeLessThan(3_500_000);
  expect(neighbour).toBeLessThan(0.7);
  expect(quiet).toBeLessThan(200_000);
});

test("io.max wbps, riops and wiops: each limits what it names and nothing else", async () => {
  const [write, read, fewReads, bigReads, fewWrites, unlimited] = await run(`
    echo "$number wbps=2097152" >a/io.max
    writes a 64K 48
    reads a 64K 48
    echo "$number wbps=max riops=20" >a/io.max
    reads a 4K 30
    reads a 512K 4
    echo "$number riops=max wiops=20" >a/io.max
    writes a 4K 30
    echo "$number wiops=max" >a/io.max
    writes a 4K 30
  `);
  expectSeconds(write, 1.5);
  expect(read).toBeLessThan(0.7);
  expectSeconds(fewReads, 1.5);
  expect(bigReads).toBeLessThan(0.7);
  expectSeconds(fewWrites, 1.5);
  expect(unlimited).toBeLessThan(0.7);
});

test("io.max of a parent holds for its children together", async () => {
  const [first = 0, second = 0] = await run(`
    echo +io >a/cgroup.subtree_control && mkdir a/one a/two
    echo "$number rbps=1048576" >a/io.max
    reads a/one 64K 16 & reads a/two 64K 16 & wait
  `);
  expectSeconds(Math.max(first, second), 2);
  expect(Math.min(first, second)).toBeGreaterThan(1);
});

test("lifting io.max frees a read that would have waited for minutes", async () => {
  const [seconds] = await run(`
    echo "$number rbps=2048" >a/io.max
    reads a 64K 16 &
    waited() { [ "$(stalled a/io.pressure some)" -ge 800000 ]; }
    within waited
    echo "$number rbps=max" >a/io.max
    wait
  `);
  expect(seconds).toBeGreaterThan(0.8);
  expect(seconds).toBeLessThan(3);
});

test("io.max holds buffered writes too: they are written back in the name of the writer's group", async () => {
  const [limited, free] = await run(`
    mke2fs -q -t ext4 -b 4096 /dev/ram1 4096
    mount /dev/ram1 /mnt
    saves() { (enter $1 dd if=/dev/zero of=$(mktemp -p /mnt) bs=64K count=32 conv=fsync) 2>&1 | seconds; }
    saves b >/dev/null
    echo "$(cat /sys/block/ram1/dev) wbps=1048576" >a/io.max
    saves a
    saves b
    umount /mnt
  `);
  expect(limited).toBeGreaterThan(1.8);
  expect(limited).toBeLessThan(4);
  expect(free).toBeLessThan(1.5);
});

test("io.stat counts the bytes and the requests of each group on the device, exactly", async () => {
  const out = await sh(
    machine(),
    `${IO}
    cat a/io.stat
    reads a 64K 3 >/dev/null; writes a 4K 7 >/dev/null; reads b 16K 2 >/dev/null
    cat a/io.stat b/io.stat
  `,
  );
  expect(out).toBe(
    "1:0 rbytes=196608 wbytes=28672 rios=3 wios=7 dbytes=0 dios=0\n" +
      "1:0 rbytes=32768 wbytes=0 rios=2 wios=0 dbytes=0 dios=0\n",
  );
});
