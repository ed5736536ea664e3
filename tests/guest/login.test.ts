/** Who one is after a login and after su: user, surroundings, cgroup. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";
import { sitDown } from "../support/typing.ts";

const machine = shared(startMachine, (started) => started.dispose());

test("the learner's terminal is a login inside the delegated subtree", async () => {
  const { terminal, expectAfter } = await sitDown(machine(), { user: "learner" });
  await expectAfter("cat /proc/self/cgroup\n", /\n0::\/learner\/login\n/);
  await expectAfter(
    'stat -c "%a %U" "$XDG_RUNTIME_DIR"; echo "$XDG_RUNTIME_DIR"\n',
    /\n700 learner\n\/run\/user\/1000\n/,
  );
  await expectAfter(
    'echo "$HOME $PWD $(umask) $(id -nG)"\n',
    /\n\/home\/learner \/home\/learner 0022 learner\n/,
  );
  // What a delegation is for: a group of one's own, and a process moved into it.
  await expectAfter("mkdir /sys/fs/cgroup/learner/mine && echo made\n", /\nmade\n/);
  await expectAfter(
    "echo $$ >/sys/fs/cgroup/learner/mine/cgroup.procs; cat /proc/self/cgroup\n",
    /\n0::\/learner\/mine\n/,
  );
  terminal.dispose();
});

test("su changes who one is and leaves the cgroup alone, as where no session is opened", async () => {
  const { terminal, expectAfter } = await sitDown(machine());
  await expectAfter("su - learner\n", /learner@vivarium:~\$ $/);
  await expectAfter("id -un; cat /proc/self/cgroup; pwd\n", /\nlearner\n0::\/\n\/home\/learner\n/);
  // Moving in from the root group is root's to do (cgroups(7), "Delegation containment").
  await expectAfter(
    "echo $$ >/sys/fs/cgroup/learner/cgroup.procs; echo as $(id -un)\n",
    /Permission denied[^]*as learner\n/,
  );
  const shell = /pid (\d+) here/.exec(await expectAfter('echo "pid $$ here"\n', /\npid \d+ here/))?.[1];
  await sh(
    machine(),
    `mkdir -p /sys/fs/cgroup/learner/su && echo ${shell} >/sys/fs/cgroup/learner/su/cgroup.procs`,
  );
  await expectAfter("cat /proc/self/cgroup\n", /\n0::\/learner\/su\n/);
  terminal.dispose();
});

test("the learner becomes root without a password, and the prompt tells", async () => {
  const { terminal, expectAfter } = await sitDown(machine(), { user: "learner" });
  await expectAfter("su -\n", /root@vivarium:~# $/);
  await expectAfter('echo "$(id -u) $HOME [$XDG_RUNTIME_DIR]"\n', /\n0 \/root \[\]\n/);
  await expectAfter("exit\n", /learner@vivarium:~\$ $/);
  await expectAfter("su -c 'id -u'\n", /\n0\n/);
  terminal.dispose();
});

test("the learner's subordinate ids are there to be mapped", async () => {
  const script = "unshare --user --map-root-user --map-auto cat /proc/self/uid_map /proc/self/gid_map";
  const lines = (await sh(machine(), script, { user: "learner" })).trim().split("\n");
  const maps = lines.map((line) => line.trim().split(/\s+/).map(Number));
  for (const [mine, others] of [maps.slice(0, 2), maps.slice(2)]) {
    expect(mine).toEqual([0, 1000, 1]);
    expect(others?.slice(0, 2)).toEqual([1, 100_000]);
    expect(others?.[2]).toBeGreaterThanOrEqual(65_535);
    expect(others?.[2]).toBeLessThanOrEqual(65_536);
  }
});
