import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";
import { IN_NAMESPACES } from "../support/network-shell.ts";

const machine = shared(startMachine, (started) => started.dispose());

const run = async (script: string): Promise<string[]> =>
  (await sh(machine(), `${IN_NAMESPACES}\nnamespaces a b\n${script}`)).trimEnd().split("\n");

test("ss shows a TCP connection from both ends, and finds sockets by state, port and address", async () => {
  const out = await run(`
    cable a 10.1.0.1/24 b 10.1.0.2/24
    serve a
    sleep 60 | at a nc -l -p 8080 &
    waits() { at a ss -Htln 'sport = :8080' | grep -q .; }
    within waits
    sleep 60 | at b nc 10.1.0.1 8080 &
    connected() { at a ss -Htn state established 'sport = :8080' | grep -q .; }
    within connected
    at a ss -Htln | awk '{ print $1, $4 }'
    read -r _ _ near far _ < <(at a ss -Htn state established 'sport = :8080')
    read -r _ _ _ local remote _ < <(at b ss -Htan 'dport = :8080')
    echo $near $remote
    [ "$far" = "[::ffff:\${local/:/]:}" ] && echo the same connection
    at b ss -Htn 'dst 10.1.0.1' | wc -l
    at b ss -Htn 'dst 10.1.0.7 or dport = :443' | wc -l
    at b ss -Htln | wc -l
  `);
  expect(out).toEqual([
    "LISTEN *:80",
    "[::ffff:10.1.0.1]:8080 10.1.0.1:8080",
    "the same connection",
    ...["1", "0", "0"],
  ]);
});

test("ss shows UDP, raw, Unix, netlink and packet sockets, each in its own network namespace only", async () => {
  const out = await run(`
    cable a 10.1.0.1/24 b 10.1.0.2/24
    at a bash -c 'exec 5<>/dev/udp/10.1.0.2/53; exec sleep 60' &
    at a busybox ping 10.1.0.2 >/dev/null &
    at a busybox syslogd -n -O /dev/null &
    at a ip monitor >/dev/null &
    at a arping -I to-b 10.1.0.9 >/dev/null &
    for name in a b; do
      seen() { [[ $(at $name ss -H "$@") == *"$look"* ]]; }
      expected() { if [ $name = a ]; then seen "$@"; else ! seen "$@"; fi; }
      look=10.1.0.2:53; within expected -un
      look=:icmp; within expected -wa
      look=/dev/log; within expected -xl
      look=rtnl:ip/; within expected -f netlink
      look=arp:to-b; within expected -0
    done
    echo all seen in a, none in b
  `);
  expect(out).toEqual(["all seen in a, none in b"]);
});

test("ss asks the kernel over netlink, and reads nothing below /proc/net", async () => {
  const out = await run(`
    for kind in --tcp --udp --raw --unix --family=netlink --packet; do
      at a strace -f -o /tmp/trace -e trace=socket,openat ss --all $kind >/dev/null
      echo $kind $(grep -c NETLINK_SOCK_DIAG /tmp/trace) $(grep -c /proc/net /tmp/trace)
    done
  `);
  expect(out).toEqual(
    ["--tcp", "--udp", "--raw", "--unix", "--family=netlink", "--packet"].map((kind) => `${kind} 1 0`),
  );
});
