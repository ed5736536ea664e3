import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { inTestGroup, numbers } from "../support/cgroup-shell.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(startMachine, (started) => started.dispose());

const SUBTREE = "/sys/fs/cgroup/learner";
const asLearner = (script: string): Promise<string> => sh(machine(), script, { user: "learner" });
const inSubtree = (script: string): Promise<string> =>
  asLearner(`${inTestGroup(SUBTREE)}\nmkdir a b\n${script}`);

test("learner starts inside a subtree of their own, root at the top", async () => {
  expect(await asLearner("id; cat /proc/self/cgroup")).toBe(
    "uid=1000(learner) gid=1000(learner) groups=1000(learner)\n0::/learner/login\n",
  );
  expect(await sh(machine(), "cat /proc/self/cgroup")).toBe("0::/\n");
});

test("learner divides the subtree: makes groups, gives them controllers, moves themselves, and removes them", async () => {
  const out = await inSubtree(`
    cat a/cgroup.controllers
    move a
    cat /proc/self/cgroup
    mkdir a/deeper && rmdir a/deeper && echo made and removed
    cd .. && echo $$ >login/cgroup.procs
  `);
  expect(out).toBe("cpu io memory pids\n0::/learner/test/a\nmade and removed\n");
});

test("limits that learner sets hold: pids, memory and cpu", async () => {
  const out = await inSubtree(`
    echo 3 >a/pids.max
    (enter a busybox sh -c 'for i in 1 2 3 4 5; do sleep 60 & done') 2>/dev/null || true
    wc -l <a/cgroup.procs
    echo 8M >b/memory.max
    (enter b tail /dev/zero) & hungry=$!
    ended $hungry
    cat b/memory.peak
    (hog b) &
    echo "20000 100000" >b/cpu.max
    shares 2 b
  `);
  const [tasks, signal, peak, share] = numbers(out);
  expect(tasks).toBe(2);
  expect(signal).toBe(9);
  expect(peak).toBeGreaterThan(7.5 * 1024 * 1024);
  expect(peak).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(share).toBeGreaterThan(120);
  expect(share).toBeLessThan(290);
});

test("a limit that root sets on the subtree holds for all that learner makes of it", async () => {
  const before = await sh(machine(), `cat ${SUBTREE}/cpu.max; echo "20000 100000" >${SUBTREE}/cpu.max`);
  expect(before).toBe("max 100000\n");
  const out = await inSubtree(`
    echo max >a/cpu.max
    (hog a) & (hog b) &
    shares 2.5 a b
  `);
  await sh(machine(), `echo max >${SUBTREE}/cpu.max`);
  const [a = 0, b = 0] = numbers(out);
  expect(a + b).toBeGreaterThan(120);
  expect(a + b).toBeLessThan(290);
});

test("the subtree's own limits, the groups outside and other people's tasks are out of learner's reach", async () => {
  await sh(
    machine(),
    "mkdir /sys/fs/cgroup/others; sleep 60 >/dev/null & echo $! >/sys/fs/cgroup/others/cgroup.procs",
  );
  const out = await asLearner(`
    cd /sys/fs/cgroup
    try() { bash -c "$1" 2>&1 | sed 's/.*: //'; }
    try 'echo $$ >cgroup.procs'
    try 'echo $$ >others/cgroup.procs'
    try 'echo 1 >learner/cpu.weight'
    try 'echo max >learner/memory.max'
    try 'echo -io >cgroup.subtree_control'
    try 'mkdir mine'
    try 'rmdir others'
    try 'mv learner mine'
    try "echo $(cat others/cgroup.procs) >learner/cgroup.procs"
    try 'echo 1 >others/cgroup.kill'
    ls -d mine 2>&1
    cat /proc/self/cgroup; wc -l <others/cgroup.procs
  `);
  expect(out.split("\n")).toEqual([
    ...Array.from({ length: 10 }, () => "Permission denied"),
    "ls: cannot access 'mine': No such file or directory",
    "0::/learner/login",
    "1",
    "",
  ]);
});
