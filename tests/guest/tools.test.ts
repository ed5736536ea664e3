import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(startMachine, (started) => started.dispose());

/** What a lesson's tool is asked, and what it must answer. */
const ANSWERS: readonly (readonly [script: string, answer: string])[] = [
  [`echo '{"a": [1, 2]}' | jq '.a | add'`, "3\n"],
  ["printf 'b 2\\na 1\\n' | sort | awk '{ print $2, $1 }' | sed 's/ /-/'", "1-a\n2-b\n"],
  ["printf 'one two\\nthree four\\n' | column -t", "one    two\nthree  four\n"],
  ["mkdir -p /tmp/t/d && echo kept >/tmp/t/d/f && tar -czC /tmp/t d | tar -xzO d/f", "kept\n"],
  ["touch /tmp/found-by-find; find /tmp -maxdepth 1 -name 'found-by*' | grep -o 'by-find'", "by-find\n"],
  ["strace -e trace=openat cat /etc/hostname 2>&1 | grep -c '^openat(.*\"/etc/hostname\"'", "1\n"],
  ["findmnt -no FSTYPE /sys/fs/cgroup", "cgroup2\n"],
  ["lsblk -anbo NAME,SIZE | grep ram0 | tr -s ' '", "ram0 67108864\n"],
  ["unshare --uts sh -c 'hostname inside; hostname'; hostname", "inside\nvivarium\n"],
  [
    "unshare --uts sleep 60 >/dev/null & until lsns -t uts -no NPROCS,COMMAND | grep -o '1 sleep 60'; do sleep 0.1; done; kill $!",
    "1 sleep 60\n",
  ],
  [
    "unshare --uts sh -c 'hostname inside; exec sleep 60' >/dev/null & until nsenter -t $! -u hostname | grep inside; do sleep 0.1; done; kill $!",
    "inside\n",
  ],
  ["setpriv --reuid 1000 --clear-groups id -u", "1000\n"],
  ["capsh --drop=cap_sys_admin -- -c 'mount -t tmpfs none /mnt 2>/dev/null || echo refused'", "refused\n"],
  ["prlimit --nofile=64:64 bash -c 'ulimit -n'", "64\n"],
  ["taskset -p $$ | sed 's/.*: //'", "1\n"],
  ["nice -n 7 nice", "7\n"],
  ["sysctl -n kernel.ostype", "Linux\n"],
  ["ps -o comm= -p 1", "init\n"],
  [
    "sleep 61 & until pgrep -fx 'sleep 61' | grep -x $! >/dev/null; do sleep 0.1; done; echo found; kill $!",
    "found\n",
  ],
  ["top -bn1 | awk '$1 == 1 { print $NF }'", "init\n"],
  ["free -m | awk '/^Mem:/ { print ($2 > 100 && $2 < 128) }'", "1\n"],
  ["pstree -A 1 | head -n 1 | grep -o '^init'", "init\n"],
  ["ip -br addr show lo | awk '{ print $1, $3 }'", "lo 127.0.0.1/8\n"],
  ["ping -c 1 127.0.0.1 | grep -o '1 received'", "1 received\n"],
  ["crun list | grep -o ^NAME", "NAME\n"],
];

test.each(ANSWERS)("%s", async (script, answer) => {
  expect(await sh(machine(), script)).toBe(answer);
});

test("learner has a range of subordinate user and group ids, outside everyone's own", async () => {
  expect(await sh(machine(), "grep -h ^learner: /etc/subuid /etc/subgid", { user: "learner" })).toBe(
    "learner:100000:65536\nlearner:100000:65536\n",
  );
  expect(await sh(machine(), "cut -d: -f3 /etc/passwd | sort -n | tail -n 1")).toBe("65534\n");
});
