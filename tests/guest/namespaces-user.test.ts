import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

// user_namespaces(7) by effect, as learner (uid 1000) unless a test says otherwise.
const machine = shared(startMachine, (started) => started.dispose());

/** Without bash's word on where an error was, and with single spaces. */
const as = async (user: string, script: string): Promise<string> =>
  (await sh(machine(), `set -eu\n${script}`, { user }))
    .replaceAll(/^\S+: line \d+: .*: /gm, "")
    .replaceAll(/ +/g, " ");
const learner = (script: string): Promise<string> => as("learner", script);

/** bash: a user namespace without any mapping, around the process `$holder`. */
const HOLD = `
  exec {held}< <(exec unshare --user bash -c 'echo; exec sleep 300')
  holder=$!
  trap 'kill $holder' EXIT
  read -rt 30 -u $held
  write() { (echo "$1" >"/proc/$holder/$2") 2>&1 && echo "$(<"/proc/$holder/$2")" || true; }
  inside() { nsenter --target $holder --user --preserve-credentials "$@"; }
`;

test("root inside is learner outside", async () => {
  const out = await learner(`
    unshare --user --map-root-user bash -c '
      id -u
      cat /proc/self/uid_map /proc/self/setgroups
      touch /tmp/made-inside
      stat -c %u:%g /tmp/made-inside'
    stat -c %u:%g /tmp/made-inside
  `);
  expect(out).toBe("0\n 0 1000 1\ndeny\n0:0\n1000:1000\n");
});

test("root inside owns nothing that learner does not own outside", async () => {
  const out = await learner(`
    touch /tmp/own
    unshare --user --map-root-user bash -c '
      stat -c %u /etc/shadow
      cat /etc/shadow || true
      chown 5 /tmp/own || true
      chown 0 /tmp/own && stat -c %u /tmp/own' 2>&1
  `);
  expect(out).toBe(
    "65534\ncat: /etc/shadow: Permission denied\n" +
      "chown: changing ownership of '/tmp/own': Invalid argument\n0\n",
  );
});

test("root inside has power over namespaces that belong to it, and over no others", async () => {
  const out = await learner(`
    unshare --uts true 2>&1 || true
    unshare --user --map-root-user hostname taken 2>&1 || true
    unshare --user --map-root-user --uts bash -c 'hostname taken; hostname'
    hostname
    unshare --user --map-root-user mount -t tmpfs none /mnt 2>&1 | head -1
    unshare --user --map-root-user --mount bash -c 'mount -t tmpfs none /mnt; findmnt -no FSTYPE /mnt'
  `);
  expect(out).toBe(
    "unshare: unshare failed: Operation not permitted\n" +
      "hostname: you must be root to change the host name\n" +
      "taken\nvivarium\nmount: /mnt: permission denied.\ntmpfs\n",
  );
});

test("a second process writes the maps: gid_map only after setgroups is denied, each map once", async () => {
  const out = await learner(`
    ${HOLD}
    inside id -u
    write "0 1000 1" gid_map
    write deny setgroups
    write "0 1000 1" gid_map
    write "0 1000 1" uid_map
    write "0 1000 1" uid_map
    inside bash -c 'cat /proc/self/uid_map; id -u; id -g'
  `);
  const [map, refused] = [" 0 1000 1\n", "Operation not permitted\n"];
  expect(out).toBe(`65534\n${refused}deny\n${map}${map}${refused}${map}0\n0\n`);
});

test("learner maps nobody but learner", async () => {
  const out = await learner(`
    ${HOLD}
    write "0 0 1" uid_map
    write "0 1000 2" uid_map
    write "0 1000 1" uid_map
    inside id -u
  `);
  expect(out).toBe("Operation not permitted\nOperation not permitted\n 0 1000 1\n0\n");
});

test("root maps whole ranges, and files appear shifted", async () => {
  const out = await as(
    "root",
    `
    ${HOLD}
    write "0 100000 65536" uid_map
    write "0 100000 65536" gid_map
    touch /tmp/ranged
    chown 100005:100006 /tmp/ranged
    inside stat -c %u:%g /tmp/ranged
    chown 99999:165536 /tmp/ranged
    inside stat -c %u:%g /tmp/ranged
  `,
  );
  // Both ends: one below the range and one above are nobody's.
  expect(out).toBe(" 0 100000 65536\n 0 100000 65536\n5:6\n65534:65534\n");
});

test("setgroups is refused where it was denied, and works where it was not", async () => {
  const drop = "setpriv --groups 0 id -G";
  const denied = await learner(`unshare --user --map-root-user ${drop} 2>&1 || true`);
  expect(denied).toBe("setpriv: setgroups failed: Operation not permitted\n");
  const allowed = await as("root", `${HOLD} write "0 0 1" uid_map; write "0 0 1" gid_map; inside ${drop}`);
  expect(allowed).toBe(" 0 0 1\n 0 0 1\n0\n");
});

test("how many a user may have is bounded, exactly", async () => {
  const limit = "/proc/sys/user/max_user_namespaces";
  // Users who never had one: namespaces are freed some time after their last process, and count until then.
  const out = await as(
    "root",
    `
    before=$(<${limit})
    trap 'echo $before >${limit}' EXIT
    nest() { setpriv --reuid $1 --clear-groups unshare -r unshare -r unshare -r echo three deep; }
    echo 3 >${limit}
    nest 2001
    echo 2 >${limit}
    nest 2002 2>&1 || true
  `,
  );
  expect(out).toBe("three deep\nunshare: unshare failed: No space left on device\n");
});
