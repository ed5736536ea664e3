import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";
import { LEARNER } from "../support/shell.ts";

// What the kernel's options give that no other file of tests is about.
const machine = shared(startMachine, (started) => started.dispose());

/** In a folder of the script's own. */
const run = (script: string): Promise<string> =>
  sh(machine(), `set -eu; cd "$(mktemp -d)"; chmod 755 .\n${script}`);

test("the kernel runs with every option of its fragment, and tells so in /proc/config.gz", async () => {
  const fragment = await readFile(new URL("../../images/kernel/config", import.meta.url), "utf8");
  const options = (text: string): [string, string][] =>
    [...text.matchAll(/^(CONFIG_\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
  const running = new Map(options(await run("zcat /proc/config.gz")));
  const asked = options(fragment);
  expect(asked.length).toBeGreaterThan(200);
  expect(asked.filter(([name, value]) => (running.get(name) ?? "n") !== value)).toEqual([]);
  // Selected by CHECKPOINT_RESTORE, hence not in the fragment.
  expect(running.get("CONFIG_KCMP")).toBe("y");
});

describe("checkpoint and restore", () => {
  test("the next pid is chosen by writing the one before, within bounds, and not by learner", async () => {
    const out = await run(`
      unshare --pid --fork --mount-proc bash -c '
        last=/proc/sys/kernel/ns_last_pid
        echo 999 >$last; bash -c "echo \\$\\$"
        (echo 40000 >$last) 2>&1 | sed "s/.*: //"
        (echo -1 >$last) 2>&1 | sed "s/.*: //"
        ${LEARNER} bash -c "echo 2000 >$last" 2>&1 | sed "s/.*: //"
        [ $(bash -c "echo \\$\\$") -lt 1100 ] && echo "goes on"'
    `);
    expect(out).toBe("1000\nInvalid argument\nInvalid argument\nOperation not permitted\ngoes on\n");
  });

  test("children lists the living ones, and no others", async () => {
    const out = await run(`
      sleep 300 & first=$!
      sleep 300 & second=$!
      children() { read -r -a list </proc/$$/task/$$/children; echo \${list[*]}; }
      [ "$(children | cut -d' ' -f1,2)" = "$first $second" ] && echo both
      kill $first; wait $first || true
      [ "$(children | cut -d' ' -f1)" = $second ] && echo "one left"
      kill $second
    `);
    expect(out).toBe("both\none left\n");
  });

  test("map_files gives a program back whose file is deleted, with cap_checkpoint_restore only", async () => {
    const out = await run(`
      cp /bin/sleep program
      ${LEARNER} ./program 300 & running=$!
      trap 'kill $running' EXIT
      end=$((SECONDS + 30))
      until [ "$(</proc/$running/comm)" = program ]; do [ $SECONDS -lt $end ]; done
      rm program
      maps=(/proc/$running/map_files/*)
      readlink $maps
      ${LEARNER} cmp $maps /bin/sleep 2>&1 || true
      with="${LEARNER} --inh-caps=+checkpoint_restore --ambient-caps=+checkpoint_restore"
      $with cmp $maps /bin/sleep && echo same
      $with cmp $maps /bin/ls >/dev/null || echo "not another"
    `);
    expect(out).toMatch(
      /^\/tmp\/.*\/program \(deleted\)\ncmp: .*: Operation not permitted\nsame\nnot another\n$/,
    );
  });

  test("the next queue's id is chosen, once", async () => {
    const out = await run(`
      unshare --ipc bash -c '
        # By hand: sysctl(8) looks at the mode of the file, which says read-only, and gives up.
        echo 7 >/proc/sys/kernel/msg_next_id
        ipcmk --queue
        ipcmk --queue'
    `);
    expect(out).toBe("Message queue id: 7\nMessage queue id: 0\n");
  });
});

describe("IPC", () => {
  test("POSIX: as many queues as allowed, exactly", async () => {
    const out = await run(`
      unshare --ipc --mount bash -c '
        mount -t mqueue none /dev/mqueue
        echo 2 >/proc/sys/fs/mqueue/queues_max
        ${LEARNER} touch /dev/mqueue/a /dev/mqueue/b /dev/mqueue/c 2>&1 || true
        ls /dev/mqueue
        cut -d" " -f1 /dev/mqueue/a
        rm /dev/mqueue/a
        ${LEARNER} touch /dev/mqueue/d
        ls /dev/mqueue'
    `);
    expect(out).toBe("touch: /dev/mqueue/c: No space left on device\na\nb\nQSIZE:0\nb\nd\n");
  });

  test("System V: memory of exactly the most allowed, semaphores, queues up to their number", async () => {
    const out = await run(`
      unshare --ipc bash -c '
        cd /proc/sys/kernel
        echo 4096 >shmmax
        ipcmk --shmem 4096 >/dev/null
        ipcmk --shmem 4097 2>&1 || true
        ipcs --shmems | grep ^0x | tr -s " " | cut -d" " -f5
        ipcmk --semaphore 3 >/dev/null
        ipcs --semaphores | grep ^0x | tr -s " " | cut -d" " -f5
        echo 2 >msgmni
        for i in 1 2 3; do ipcmk --queue 2>&1 || true; done | grep -v id:
        ipcs --queues | grep -c ^0x
        ipcrm --all
        cat /proc/sysvipc/{msg,sem,shm} | wc -l'
    `);
    // Last the three headings.
    expect(out).toBe(
      "ipcmk: create share memory failed: Invalid argument\n4096\n3\n" +
        "ipcmk: create message queue failed: No space left on device\n2\n3\n",
    );
  });

  test("System V: what is root's is not learner's to remove", async () => {
    const out = await run(`
      unshare --ipc bash -c '
        ipcmk --shmem 4096 --mode 600 >/dev/null
        ${LEARNER} ipcrm --shmem-id 0 2>&1 || true
        ipcs --shmems | grep -c ^0x
        ipcrm --shmem-id 0
        ipcs --shmems | grep -c ^0x || true'
    `);
    expect(out).toBe("ipcrm: permission denied for id (0)\n1\n0\n");
  });
});

test("binfmt_misc: a registered magic is run by its interpreter; otherwise it is no program", async () => {
  const out = await run(`
    mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
    cd /proc/sys/fs/binfmt_misc
    printf 'VIVA\\0' >/tmp/program
    printf 'VIVO\\0' >/tmp/other
    chmod +x /tmp/program /tmp/other
    try() { (/tmp/$1 argument) 2>&1 || true; }
    try program
    echo ':lesson:M::VIVA::/bin/echo:' >register
    try program
    try other
    echo 0 >lesson
    try program
    echo 1 >lesson
    try program
    echo -1 >lesson
    try program
    ls
  `);
  const [runs, refused] = ["/tmp/program argument\n", "Exec format error\n"];
  expect(out.replaceAll(/^\S+: line .*: /gm, "")).toBe(
    `${refused}${runs}${refused}${refused}${runs}${refused}register\nstatus\n`,
  );
});
