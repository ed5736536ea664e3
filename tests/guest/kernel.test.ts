import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(startMachine, (started) => started.dispose());

const run = (script: string): Promise<string> => sh(machine(), script);

// images/kernel/patches: without its patch, io.max within 300 s of boot ends in a kernel BUG.
test("io.max holds in the first minutes of uptime: 3 MiB at 1 MiB/s take about 3 s", async () => {
  const out = await run(`
    set -e
    test "$(cut -d. -f1 /proc/uptime)" -lt 290
    mkdir /sys/fs/cgroup/io-test
    device=$(cat /sys/block/ram0/dev)
    dd if=/dev/zero of=/dev/ram0 bs=1M count=4 status=none
    echo "$device rbps=1048576" >/sys/fs/cgroup/io-test/io.max
    (echo $BASHPID >/sys/fs/cgroup/io-test/cgroup.procs
     # dd's own clock: starting dd is not what is measured.
     dd if=/dev/ram0 of=/dev/null bs=64K count=48 iflag=direct 2>&1 | grep -o '[0-9.]* s,')
    rmdir /sys/fs/cgroup/io-test
  `);
  expect(Number.parseFloat(out)).toBeGreaterThan(2.7);
  expect(Number.parseFloat(out)).toBeLessThan(3.5);
});

test("without a limit the same reads take no time", async () => {
  const out = await run(
    "dd if=/dev/ram0 of=/dev/null bs=64K count=48 iflag=direct 2>&1 | grep -o '[0-9.]* s,'",
  );
  expect(Number.parseFloat(out)).toBeLessThan(1);
});

// images/kernel/patches: without its patch memory.high does not throttle and the task grows without bounds.
test("memory.high throttles: a hungry task stays below 12 MiB for 5 s and lives", async () => {
  const out = await run(`
    set -e
    mkdir /sys/fs/cgroup/high-test
    echo 8M >/sys/fs/cgroup/high-test/memory.high
    (echo $BASHPID >/sys/fs/cgroup/high-test/cgroup.procs; exec tail /dev/zero) &
    hungry=$!
    end=$(($(cut -d. -f1 /proc/uptime) + 5))
    most=0
    while [ "$(cut -d. -f1 /proc/uptime)" -lt "$end" ]; do
      now=$(cat /sys/fs/cgroup/high-test/memory.current)
      [ "$now" -gt "$most" ] && most=$now
      sleep 0.1
    done
    kill -0 $hungry && echo "lives $most"
    kill -9 $hungry; wait $hungry || true
    rmdir /sys/fs/cgroup/high-test
  `);
  const most = Number(/lives (\d+)/.exec(out)?.[1]);
  expect(most).toBeGreaterThan(7.5 * 1024 * 1024);
  expect(most).toBeLessThan(12 * 1024 * 1024);
});

test("controllers that lessons need are there, and the learner's subtree is the learner's", async () => {
  const controllers = (await run("cat /sys/fs/cgroup/cgroup.controllers")).trim().split(" ");
  expect(controllers).toEqual(expect.arrayContaining(["cpu", "io", "memory", "pids"]));
  expect(await run("stat -c %U /sys/fs/cgroup/learner /sys/fs/cgroup/learner/cgroup.procs")).toBe(
    "learner\nlearner\n",
  );
});

test("the tools of the lessons are there and run", async () => {
  const out = await run(`
    set -e
    for tool in unshare nsenter lsns findmnt setpriv ip ss nft iptables ip6tables crun jq strace nano vi less capsh \
      ps top pgrep free awk sed grep find tar gzip ping bridge sysctl taskset prlimit; do
      command -v $tool >/dev/null || { echo "missing: $tool" >&2; exit 1; }
    done
    lsns >/dev/null; nft list ruleset; iptables -L >/dev/null; ip6tables -L >/dev/null; crun --version >/dev/null
    strace -f -e trace=none true; capsh --print >/dev/null; ss -a >/dev/null; echo '{"a":1}' | jq -e .a >/dev/null
    ip link set lo up; ping -c1 -W2 127.0.0.1 >/dev/null
    echo all
  `);
  expect(out).toMatch(/all\n$/);
});
