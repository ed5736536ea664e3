import { describe, expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";
import { LEARNER } from "../support/shell.ts";

// Each kind of namespaces(7) by what it isolates, and by what it leaves common. PID and user namespaces have files of
// their own.
const machine = shared(startMachine, (started) => started.dispose());

const run = (script: string): Promise<string> => sh(machine(), `set -eu\n${script}`);

/** bash: keeps a process in new namespaces; it is there when this ends, and dies with the script. */
const hold = (options: string): string => `
  exec {held}< <(exec unshare ${options} bash -c 'echo; exec sleep 300')
  holder=$!
  trap 'kill $holder' EXIT
  read -rt 30 -u $held
`;

test("every kind can be unshared at once, and differs; without unshare it does not", async () => {
  const look = "readlink /proc/self/ns/{cgroup,ipc,mnt,net,pid,time,user,uts}";
  const out = await run(`
    ${look}
    bash -c '${look}; :'
    unshare --user --map-root-user --pid --fork --mount-proc --uts --ipc --net --cgroup --time \\
      bash -c '${look}; echo $$ $UID'
  `);
  const lines = out.trimEnd().split("\n");
  const outside = lines.slice(0, 8);
  const inside = lines.slice(16, 24);
  expect(lines.slice(8, 16)).toEqual(outside);
  expect(new Set([...outside, ...inside]).size).toBe(16);
  expect(inside.map((line) => line.split(":")[0])).toEqual(outside.map((line) => line.split(":")[0]));
  expect(lines.slice(24)).toEqual(["1 0"]);
});

describe("uts", () => {
  test("a host name set inside stays inside", async () => {
    const out = await run("hostname; unshare --uts bash -c 'hostname inside; hostname'; hostname");
    expect(out).toBe("vivarium\ninside\nvivarium\n");
  });

  test("without a namespace it is everyone's", async () => {
    const out = await run("bash -c 'hostname leaked; :'; hostname; hostname vivarium; hostname");
    expect(out).toBe("leaked\nvivarium\n");
  });
});

describe("mount", () => {
  test("a mount made inside is private by default", async () => {
    const out = await run(`
      unshare --mount bash -c 'mount -t tmpfs inside /mnt; findmnt -nro TARGET,FSTYPE,PROPAGATION /mnt'
      findmnt /mnt || echo "not outside"
    `);
    expect(out).toBe("/mnt tmpfs private\nnot outside\n");
  });

  test("all of init's mounts are shared, so with --propagation unchanged it leaks", async () => {
    const out = await run(`
      findmnt -rno PROPAGATION
      unshare --mount --propagation unchanged mount -t tmpfs inside /mnt
      findmnt -nro SOURCE,PROPAGATION /mnt
      umount /mnt
    `);
    expect(out).toMatch(/^(shared\n){9,}inside shared\n$/);
  });

  const whatPasses = (propagation: string): Promise<string> =>
    run(`
      ${hold(`--mount --propagation ${propagation}`)}
      mount -t tmpfs outer /mnt
      nsenter --target $holder --mount bash -c '
        findmnt -no PROPAGATION /
        findmnt -no SOURCE /mnt || echo "nothing came in"
        mount -t tmpfs inner /srv'
      findmnt -no SOURCE /srv || echo "nothing got out"
      umount /mnt
    `);

  test("a slave receives mounts and passes none on", async () => {
    expect(await whatPasses("slave")).toBe("private,slave\nouter\nnothing got out\n");
  });

  test("a private one neither receives nor passes on", async () => {
    expect(await whatPasses("private")).toBe("private\nnothing came in\nnothing got out\n");
  });
});

describe("network", () => {
  test("has a loopback of its own, which is down, and no other device", async () => {
    const out = await run(`
      cd /proc/sys/net/ipv4/conf
      unshare --net bash -c '
        cd /proc/sys/net/ipv4/conf; echo *
        ping -c1 -W2 127.0.0.1 2>&1 || true
        ip link set lo up
        ping -qc1 -W2 127.0.0.1'
      echo *
    `);
    expect(out).toMatch(
      /^all default lo\nping: connect: Network is unreachable\n.* 1 received, .*\nall default eth0 lo\n$/s,
    );
  });

  test("a server outside is on another 127.0.0.1", async () => {
    const out = await run(`
      nc -l -p 7001 </dev/null & server=$!
      trap 'kill $server 2>/dev/null || true' EXIT
      end=$((SECONDS + 30))
      until ss -Hltn | grep -q :7001; do [ $SECONDS -lt $end ]; done
      connect='(exec 3<>/dev/tcp/127.0.0.1/7001) 2>&1 && echo connected || true'
      unshare --net bash -c "ip link set lo up; $connect"
      eval "$connect"
    `);
    expect(out).toMatch(/^bash: connect: Connection refused\n.*\nconnected\n$/);
  });

  test("ip netns names one, runs in it, and takes the name away", async () => {
    const out = await run(`
      ip netns add blue
      ip netns list
      findmnt -nro FSTYPE /run/netns/blue | uniq
      ip netns exec blue bash -c 'ip link add inner type dummy; cd /sys/class/net; echo *'
      (cd /sys/class/net; echo *)
      ip netns delete blue
      ip netns list
      ip netns exec blue true 2>&1 || true
    `);
    expect(out).toBe(
      'blue\nnsfs\ninner lo\neth0 lo\nCannot open network namespace "blue": No such file or directory\n',
    );
  });
});

describe("ipc", () => {
  test("a POSIX message queue is in the namespace that its mount was made in", async () => {
    const out = await run(`
      touch /dev/mqueue/outer
      cd /dev/mqueue
      unshare --ipc --mount bash -c '
        echo *
        mount -t mqueue none /mnt
        cd /mnt; touch inner; echo *'
      echo *
      rm outer
    `);
    expect(out).toBe("outer\ninner\nouter\n");
  });

  test("System V objects are seen on their own side only", async () => {
    const out = await run(`
      ipcmk --queue --shmem 4096 --semaphore 3 >/dev/null
      ipcs
      unshare --ipc bash -c 'echo ==; ipcs; ipcmk --queue >/dev/null; echo ==; ipcs'
      ipcrm --all
      echo ==
      ipcs
    `);
    const objects = out.split("==").map((listing) => listing.match(/^0x/gm)?.length ?? 0);
    expect(objects).toEqual([3, 0, 1, 0]);
  });

  test("limits are its own, and /dev/shm is not its matter", async () => {
    const out = await run(`
      echo shared >/dev/shm/file
      unshare --ipc bash -c 'echo 7 >/proc/sys/kernel/shmmni; cat /proc/sys/kernel/shmmni /dev/shm/file'
      cat /proc/sys/kernel/shmmni
      rm /dev/shm/file
    `);
    expect(out).toBe("7\nshared\n4096\n");
  });
});

describe("time", () => {
  const DAY = 86_400;
  const look = "cut -d. -f1 /proc/uptime; date +%s";

  test("a child's uptime is a day ahead, its wall clock is not", async () => {
    const out = await run(`${look}; unshare --time --boottime ${DAY} --fork bash -c '${look}; :'`);
    const [uptime = 0, date = 0, uptimeInside = 0, dateInside = 0] = out.split("\n").map(Number);
    expect(uptimeInside - uptime).toBeGreaterThanOrEqual(DAY);
    expect(uptimeInside - uptime).toBeLessThan(DAY + 60);
    expect(dateInside - date).toBeGreaterThanOrEqual(0);
    expect(dateInside - date).toBeLessThan(60);
  });

  // The closing ":" keeps bash from becoming its last command instead of forking.
  test("whoever unshares stays in the old one: only children go in", async () => {
    const out = await run(`
      unshare --time --boottime ${DAY} bash -c 'read -r own rest </proc/uptime; echo $own; cut -d. -f1 /proc/uptime; :'
    `);
    const [own = 0, child = 0] = out.split("\n").map(Number);
    expect(own).toBeLessThan(DAY);
    expect(child - own).toBeGreaterThan(DAY - 60);
    expect(child - own).toBeLessThan(DAY + 60);
  });

  test("offsets are fixed once somebody is inside", async () => {
    const out = await run(`
      unshare --time bash -c '
        echo boottime 100 0 >/proc/self/timens_offsets
        /bin/true
        (echo boottime 200 0 >/proc/self/timens_offsets) 2>&1 || true
        grep boottime /proc/$$/timens_offsets'
    `);
    expect(out).toMatch(/Permission denied\nboottime +100 +0\n$/);
  });
});

describe("cgroup", () => {
  const inGroup = (script: string): string => `
    mkdir /sys/fs/cgroup/of-test
    trap 'rmdir /sys/fs/cgroup/of-test' EXIT
    (echo $BASHPID >/sys/fs/cgroup/of-test/cgroup.procs; ${script})
  `;

  test("its own group is the root, and all else lies above", async () => {
    const out = await run(
      inGroup(`
        ps -o cgroup= -p $BASHPID
        unshare --cgroup bash -c 'ps -o cgroup= -p $$; cat /proc/self/cgroup /proc/1/cgroup'
      `),
    );
    // ps leaves out the root.
    expect(out.replaceAll(/ +$/gm, "")).toBe("0::/of-test\n-\n0::/\n0::/..\n");
  });

  test("a cgroup2 mounted inside begins at that group", async () => {
    // cgroup.events is in every group but the real root.
    const look = `mount -t cgroup2 none /mnt; cd /mnt; for name in learner cgroup.events cgroup.procs; do
      [ -e $name ] && echo $name; done`;
    expect(await run(inGroup(`unshare --cgroup --mount bash -c '${look}'`))).toBe(
      "cgroup.events\ncgroup.procs\n",
    );
    expect(await run(inGroup(`unshare --mount bash -c '${look}'`))).toBe("learner\ncgroup.procs\n");
  });
});

describe("lsns and nsenter", () => {
  test("lsns lists init's eight kinds, and a new namespace with its members", async () => {
    const out = await run(`
      lsns --noheadings --task 1 --output TYPE
      ${hold("--uts")}
      lsns --noheadings --raw --type uts --output NPROCS,PID,COMMAND
      echo $holder
    `);
    const lines = out.trimEnd().split("\n");
    const kinds = lines.slice(0, 8).map((line) => line.trim());
    expect(kinds.toSorted()).toEqual(["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]);
    const holder = lines.at(-1) ?? "";
    expect(lines.slice(8, -1)).toEqual([expect.stringMatching(/^\d\d 1 init$/), `1 ${holder} sleep\\x20300`]);
  });

  test("nsenter goes in by a process, for root and not for learner", async () => {
    const out = await run(`
      ${hold("--uts")}
      nsenter --target $holder --uts bash -c 'hostname entered; hostname'
      hostname
      ${LEARNER} nsenter --target $holder --uts hostname 2>&1 || true
    `);
    expect(out).toMatch(
      /^entered\nvivarium\nnsenter: cannot open \/proc\/\d+\/ns\/uts: Permission denied\n$/,
    );
  });

  test("a bind mount keeps a namespace without a process; without the mount it is gone", async () => {
    const out = await run(`
      touch /run/pinned
      unshare --uts=/run/pinned hostname pinned
      lsns --noheadings --type uts --output COMMAND
      nsenter --uts=/run/pinned hostname
      umount /run/pinned
      nsenter --uts=/run/pinned hostname 2>&1 || true
      rm /run/pinned
    `);
    expect(out).toBe("init\npinned\nnsenter: reassociate to namespace 'ns/uts' failed: Invalid argument\n");
  });
});
