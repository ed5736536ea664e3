import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

// pid_namespaces(7) by effect.
const machine = shared(startMachine, (started) => started.dispose());

const run = (script: string): Promise<string> => sh(machine(), `set -eu\n${script}`);

/**
 * bash: a namespace whose init is `$init` outside and sleeps inside. unshare, too, has the pipe `$held` open, and ends
 * when all inside are gone: so does the pipe. Its complaint at a killed child is not the matter here.
 */
const HOLD = `
  exec {held}< <(exec unshare --pid --fork --kill-child --mount-proc bash -c 'echo; exec sleep 300' 2>/dev/null)
  holder=$!
  trap 'kill -KILL $holder 2>/dev/null || true' EXIT
  read -rt 30 -u $held
  init=$(tr -d ' ' <"/proc/$holder/task/$holder/children")
  inside() { nsenter --target "$init" --pid --mount "$@"; }
`;

test("one process has a pid in each namespace it is in", async () => {
  const out = await run(`
    ${HOLD}
    echo $init
    grep NSpid: /proc/$init/status
    inside ps -e -o pid=,comm=
    ps -o pid=,pidns= -p 1,$init
    readlink /proc/$init/ns/pid /proc/1/ns/pid
  `);
  expect(out.replaceAll(/^ +/gm, "")).toMatch(
    /^(\d+)\nNSpid:\t\1\t1\n1 sleep\n\d ps\n1 +(\d+)\n\1 +(\d+)\npid:\[\3\]\npid:\[\2\]\n$/,
  );
});

test("with --fork it has as many children as it likes, without only one", async () => {
  const twice = "bash -c '/bin/true && echo first; /bin/true && echo second; :'";
  // The first child was the namespace's init; with it the namespace is dead (ENOMEM).
  expect(await run(`unshare --pid --fork ${twice}; unshare --pid ${twice} 2>&1 || true`)).toBe(
    "first\nsecond\nfirst\nbash: fork: Cannot allocate memory\n",
  );
});

test("a pinned namespace takes new processes while its init lives, and none after", async () => {
  const out = await run(`
    touch /run/pinned
    unshare --pid=/run/pinned --fork bash -c 'nsenter --pid=/run/pinned bash -c "echo alive, \\$\\$"; :'
    nsenter --pid=/run/pinned true 2>&1 || true
    umount /run/pinned
    rm /run/pinned
  `);
  // 2 is nsenter itself, seen by its parent.
  expect(out).toBe("alive, 3\nnsenter: fork failed: Cannot allocate memory\n");
});

test("init ignores what its own namespace sends, KILL too; others inside do not", async () => {
  const out = await run(`
    unshare --pid --fork --mount-proc bash -c '
      bash -c "kill -TERM 1; kill -KILL 1; echo sent by \\$\\$"
      sleep 300 & victim=$!
      kill -KILL $victim
      wait $victim || echo "victim: $?"
      echo "$$ lives"'
  `);
  expect(out).toBe("sent by 2\nvictim: 137\n1 lives\n");
});

test("TERM from outside is ignored as well, KILL takes the whole namespace and nothing else", async () => {
  const out = await run(`
    ${HOLD}
    sleep 302 & outsider=$!
    inside bash -c 'sleep 301 & sleep 303 & :'
    kill -TERM $init
    inside bash -c 'cat /proc/[0-9]*/comm; :'
    pgrep -c -x sleep
    kill -KILL $init
    timeout 30 cat <&$held
    [ "$(pgrep -x sleep)" = $outsider ] && echo "only the outsider lives"
    kill $outsider
  `);
  // Init, which has had its TERM, and its two; the onlookers; outside one more.
  expect(out).toBe("sleep\nsleep\nsleep\nbash\n4\nonly the outsider lives\n");
});

test("/proc shows the processes of the namespace that it was mounted in", async () => {
  const look = "bash -c 'echo $$; cat /proc/1/comm; echo /proc/[0-9]*'";
  expect(await run(`unshare --pid --fork --mount-proc ${look}`)).toBe("1\nbash\n/proc/1\n");
  // Its own pid is 1, and process 1 of the list is another.
  const [pid, first, all = ""] = (await run(`unshare --pid --fork ${look}`)).split("\n");
  expect([pid, first]).toEqual(["1", "init"]);
  expect(all.split(" ").length).toBeGreaterThan(20);
});

test("an orphan becomes the child of the namespace's init, not of the machine's", async () => {
  const out = await run(`
    ${HOLD}
    inside bash -c 'bash -c "sleep 301 & echo \\$! >/tmp/orphan"; grep PPid: /proc/$(</tmp/orphan)/status'
    orphan=$(tr -d ' ' <"/proc/$init/task/$init/children")
    grep PPid: /proc/$orphan/status
    echo $init
  `);
  expect(out).toMatch(/^PPid:\t1\nPPid:\t(\d+)\n\1\n$/);
});
