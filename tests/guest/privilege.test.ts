import { describe, expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { runContainer } from "../support/crun.ts";
import { sh, shared } from "../support/guest.ts";
import { LEARNER } from "../support/shell.ts";

const machine = shared(startMachine, (started) => started.dispose());

/** In a folder of the script's own. */
const run = (script: string): Promise<string> =>
  sh(machine(), `set -eu; cd "$(mktemp -d)"; chmod 755 .\n${script}`);

describe("capabilities", () => {
  test("cap_chown is what chown needs, and root without it is as anyone", async () => {
    const out = await run(`
      touch file
      capsh --drop=cap_chown -- -c 'chown 5 file' 2>&1 || true
      stat -c %u file
      setpriv --bounding-set=-chown --inh-caps=-chown chown 5 file 2>&1 || true
      stat -c %u file
      capsh --drop=cap_net_raw -- -c 'chown 5 file'
      stat -c %u file
    `);
    const refused = "chown: changing ownership of 'file': Operation not permitted\n0\n";
    expect(out).toBe(`${refused}${refused}5\n`);
  });

  test("what is dropped from the bounding set stays away, over exec and set-uid", async () => {
    const out = await run(`
      touch file
      capsh --drop=cap_chown -- -c '
        getpcaps $$
        setpriv --reuid 1000 --clear-groups su -c "id -u; chown 5 file"' 2>&1 || true
      stat -c %u file
    `);
    expect(out).toMatch(
      /^\d+: =ep cap_chown-ep\n0\nchown: changing ownership of 'file': Operation not permitted\n0\n$/,
    );
  });

  test("an ambient capability is one power without the others", async () => {
    const out = await run(`
      touch file
      ${LEARNER} chown 5 file 2>&1 || true
      ${LEARNER} --inh-caps=+chown --ambient-caps=+chown bash -c 'id -u; chown 5 file; cat /etc/shadow 2>&1 || true'
      stat -c %u file
    `);
    expect(out).toBe(
      "chown: changing ownership of 'file': Operation not permitted\n" +
        "1000\ncat: /etc/shadow: Permission denied\n5\n",
    );
  });

  test("a file's capability is given to whoever runs it, and not on a nosuid mount", async () => {
    const out = await run(`
      touch file
      cp /bin/chown given
      ${LEARNER} ./given 5 file 2>&1 || true
      setcap cap_chown+ep given
      getcap given
      ${LEARNER} ./given 5 file
      stat -c %u file
      unshare --mount bash -c 'mount --bind . . && mount -o remount,bind,nosuid . && cd "$PWD" && ${LEARNER} ./given 6 file' 2>&1 || true
      stat -c %u file
    `);
    const refused = "./given: changing ownership of 'file': Operation not permitted\n";
    expect(out).toBe(`${refused}given cap_chown=ep\n5\n${refused}5\n`);
  });

  test("cap_net_raw is what ping needs where ping_group_range lets nobody in", async () => {
    const out = await run(`
      range=/proc/sys/net/ipv4/ping_group_range
      before=$(cat $range)
      trap 'echo "$before" >$range' EXIT
      ping="ping -c1 -W2 127.0.0.1"
      received() { "$@" 2>&1 | grep -o -e '1 received' -e 'Operation not permitted' | head -1; }
      received ${LEARNER} $ping
      echo '1 0' >$range
      received ${LEARNER} $ping
      received capsh --drop=cap_net_raw -- -c "$ping"
      received $ping
    `);
    expect(out).toBe("1 received\nOperation not permitted\nOperation not permitted\n1 received\n");
  });

  test("cap_sys_admin is what mount needs: not without it, and not learner", async () => {
    const out = await run(`
      try() { unshare --mount bash -c "$1 2>&1 | head -1; findmnt -no FSTYPE /mnt || echo nothing"; }
      try 'capsh --drop=cap_sys_admin -- -c "mount -t tmpfs none /mnt"'
      try 'su learner -c "mount -t tmpfs none /mnt"'
      try 'mount -t tmpfs none /mnt'
    `);
    expect(out).toBe(
      "mount: /mnt: permission denied.\nnothing\n" +
        "mount: /mnt: must be superuser to use mount.\nnothing\ntmpfs\n",
    );
  });
});

test("setpriv --reuid is another user for good: root's files are closed, and the way back", async () => {
  const out = await run(`
    ${LEARNER} bash -c '
      id -u; id -G
      touch /home/learner/own && stat -c %U /home/learner/own
      cat /etc/shadow || true
      setpriv --reuid 0 true || true' 2>&1
  `);
  expect(out).toBe(
    "1000\n1000\nlearner\ncat: /etc/shadow: Permission denied\n" +
      "setpriv: setresuid failed: Operation not permitted\n",
  );
});

test("no_new_privs: set-uid and file capabilities do nothing, now and for every child", async () => {
  const out = await run(`
    touch file
    cp /bin/chown given
    setcap cap_chown+ep given
    try='su -c "id -u" 2>&1 || true; ./given 5 file 2>&1 || true; stat -c %u file; chown 0 file 2>/dev/null || true'
    ${LEARNER} --no-new-privs bash -c "bash -c 'grep NoNewPrivs /proc/self/status'; $try"
    ${LEARNER} bash -c "grep NoNewPrivs /proc/self/status; $try"
  `);
  expect(out).toBe(
    "NoNewPrivs:\t1\nsu: cannot set groups: Operation not permitted\n" +
      "./given: changing ownership of 'file': Operation not permitted\n0\n" +
      "NoNewPrivs:\t0\n0\n5\n",
  );
});

describe("seccomp, by crun", () => {
  const filter = (action: object): { linux: object } => ({
    linux: {
      seccomp: {
        defaultAction: "SCMP_ACT_ALLOW",
        architectures: ["SCMP_ARCH_X86"],
        syscalls: [{ names: ["mkdir", "mkdirat"], ...action }],
      },
    },
  });
  const script =
    "mkdir /tmp/folder; echo $?; touch /tmp/file; cd /tmp; echo *; grep Seccomp: /proc/self/status";

  test("one call is refused with the error asked for, the others work", async () => {
    const change = filter({ action: "SCMP_ACT_ERRNO", errnoRet: 1 });
    expect(await run(runContainer(script, change))).toBe(
      "mkdir: can't create directory '/tmp/folder': Operation not permitted\n1\nfile\nSeccomp:\t2\n",
    );
  });

  test("or kills who makes it", async () => {
    const change = filter({ action: "SCMP_ACT_KILL_PROCESS" });
    // 128 + SIGSYS
    expect(await run(runContainer(script, change))).toMatch(/Bad system call.*\n159\nfile\nSeccomp:\t2\n$/);
  });

  test("without a filter every call works", async () => {
    expect(await run(runContainer(script))).toBe("0\nfile folder\nSeccomp:\t0\n");
  });
});

describe("strace", () => {
  test("sees the calls of what it starts, with their errors, and of its children with -f", async () => {
    const out = await run(`
      strace -f -o trace -e trace=mkdir,rmdir,openat bash -c 'mkdir folder; mkdir folder; rmdir folder' 2>/dev/null
      grep -o -E '(mkdir|rmdir)\\(.*' trace
      strace -o trace -e trace=mkdir,rmdir bash -c 'mkdir folder; rmdir folder; :'
      grep -c -E '(mkdir|rmdir)\\(' trace || true
    `);
    expect(out).toMatch(
      /^mkdir\("folder", 0777\) += 0\nmkdir\("folder", 0777\) += -1 EEXIST \(File exists\)\nrmdir\("folder"\) += 0\n0\n$/,
    );
  });

  test("of another process is root's; learner may trace learner's own", async () => {
    const out = await run(`
      chmod 777 .
      root="setpriv --reuid 0"
      learner="${LEARNER}"
      attach() {
        $2 sleep 300 & target=$!
        end=$((SECONDS + 30))
        until [ "$(</proc/$target/comm)" = sleep ]; do [ $SECONDS -lt $end ]; done
        $1 strace -o trace -p $target 2>errors & tracer=$!
        until grep -o -e attached -e 'not permitted' errors; do [ $SECONDS -lt $end ]; done
        if grep -q "TracerPid:.$tracer$" /proc/$target/status; then echo traced; fi
        kill $target
        wait $tracer || true
        if [ -e trace ]; then grep -o 'killed by SIGTERM' trace || true; fi
        rm -f trace errors
      }
      attach "$root" "$learner"
      attach "$learner" "$learner"
      attach "$learner" "$root"
    `);
    const traced = "attached\ntraced\nkilled by SIGTERM\n";
    expect(out).toBe(`${traced}${traced}not permitted\n`);
  });
});
