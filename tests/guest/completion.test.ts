/** TAB in a real terminal. What it completes is run, so that a test sees the command and not only its letters. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";
import { sitDown } from "../support/typing.ts";

const machine = shared(startMachine, (started) => started.dispose());

const PROMPT = /[$#] $/;

test("the first TAB of a shell completes, whatever it is pressed on", async () => {
  const cases: [string, RegExp, string, RegExp][] = [
    // util-linux's own completion.
    [
      "unshare --mount-p\t",
      /--mount-proc $/,
      "--fork --pid sh -c 'echo pid $$ of $(ps -e | wc -l)'\n",
      /\npid 1 of [45]\n/,
    ],
    ["man unsh\t", /man unshare $/, "| head -1\n", /\nUNSHARE\(1\) .*UNSHARE\(1\)\n/],
    // bash-completion's: it needs the library.
    ["ip netn\t", /ip netns $/, "add first; ls /run/netns\n", /\nfirst\n/],
    // Options from --help; names of files.
    ["chroot --u\t", /--userspec=$/, "1000 / id -u\n", /\n1000\n/],
    ["cat /proc/sys/kernel/ostyp\t", /ostype $/, "\n", /\nLinux\n/],
  ];
  for (const [keys, completed, rest, effect] of cases) {
    const { terminal, expectAfter } = await sitDown(machine());
    await expectAfter(keys, completed);
    await expectAfter(rest, effect);
    terminal.dispose();
  }
});

test("the commands of the lessons complete one after the other", async () => {
  const { terminal, expectAfter } = await sitDown(machine());
  const cases: [string, RegExp, string, RegExp][] = [
    [
      "unshare --mou\t",
      /--mount +--mount-proc[^]*unshare --mount$/,
      " readlink /proc/self/ns/mnt\n",
      /\nmnt:\[\d+\]\n/,
    ],
    ["nsenter --targ\t", /--target $/, "1 --uts hostname\n", /\nvivarium\n/],
    ["lsns --typ\t", /--type $/, "pid --noheadings --output ns\n", /\n\d+\n/],
    ["setpriv --no-n\t", /--no-new-privs $/, "grep NoNewPrivs /proc/self/status\n", /\nNoNewPrivs:\t?\s*1\n/],
    ["man 7 pid_n\t", /man 7 pid_namespaces $/, "| head -1\n", /\npid_namespaces\(7\) /],
    ["findmnt --nohea\t", /--noheadings $/, "--output FSTYPE /proc\n", /\nproc\n/],
    ["su - learn\t", /su - learner $/, "-c 'id -un'\n", /\nlearner\n/],
    ["ip link set l\t", /set lo $/, "up && echo is $?\n", /\nis 0\n/],
    ["kill -CON\t", /-CONT $/, "$$; echo alive\n", /\nalive\n/],
    ["sysctl -n kernel.ostyp\t", /kernel\.ostype $/, "\n", /\nLinux\n/],
    ["ss --numer\t", /--numeric $/, "-t --listening | head -1 | cut -c 1-5\n", /\nState\n/],
    ["jq --ta\t", /--tab $/, "--null-input 1+1\n", /\n[^\n]*2/],
    ["cd /sys/fs/cgroup/learn\t", /learner\/$/, "; stat -c %U .\n", /\nlearner\n/],
    ["cat cgroup.subtree_c\t", /cgroup\.subtree_control $/, "| wc -l\n", /\n[01]\n/],
  ];
  for (const [keys, completed, rest, effect] of cases) {
    await expectAfter(keys, completed);
    await expectAfter(rest, effect);
    await expectAfter("\n", PROMPT);
  }
  terminal.dispose();
});

test("a first TAB is cheap where the library is not needed", async () => {
  for (const [keys, completed] of [
    ["unshare --mount-p\t", /--mount-proc $/],
    ["man unsh\t", /man unshare $/],
    ["cat /proc/sys/kernel/ostyp\t", /ostype $/],
  ] as const) {
    const { terminal, expectAfter } = await sitDown(machine());
    const before = (await machine().stats()).instructions;
    await expectAfter(keys, completed);
    const cost = (await machine().stats()).instructions - before;
    expect(cost).toBeGreaterThan(100_000);
    // 1 to 4 M as measured; reading the library alone takes 13 M.
    expect(cost).toBeLessThan(10_000_000);
    terminal.dispose();
  }
});

test("the library that is kept defines what every completion here calls", async () => {
  const out = await sh(
    machine(),
    `bash -ic '
       _read_completion_library
       for file in /usr/share/bash-completion/completions/*; do . "$file" || echo "not read: $file"; done
       for call in $(complete | grep -o -- "-F [^ ]*" | cut -c 4- | sort -u); do
         declare -F "$call" >/dev/null || echo "not there: $call"
       done
       declare -F | wc -l' 2>&1 | grep -v 'job control\\|terminal process group'`,
  );
  expect(out).toMatch(/^\d+\n$/);
  expect(Number(out)).toBeGreaterThan(60);
});
