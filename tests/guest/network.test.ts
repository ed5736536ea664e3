import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";
import { IN_NAMESPACES } from "../support/network-shell.ts";

const machine = shared(startMachine, (started) => started.dispose());

const run = async (script: string): Promise<string[]> =>
  (await sh(machine(), IN_NAMESPACES + script)).trimEnd().split("\n");

test("ip netns makes, lists, enters and removes network namespaces, each with links of its own", async () => {
  const out = await run(`
    namespaces a b
    ip netns list | sort
    ip -n a link add only-here type dummy
    at a ls /sys/class/net | tr '\\n' ' '; echo
    at b ls /sys/class/net | tr '\\n' ' '; echo
    ip netns del a
    ip netns list
    at a true 2>&1 || true
  `);
  expect(out).toEqual(["a", "b", "lo only-here ", "lo ", "b", expect.stringContaining("No such file")]);
});

test("veth: two namespaces reach each other over it, not when an end is down, and not without it", async () => {
  const out = await run(`
    namespaces a b
    pings a 10.1.0.2
    cable a 10.1.0.1/24 b 10.1.0.2/24
    pings a 10.1.0.2
    ip -n b link set to-a down
    pings a 10.1.0.2
    ip -n b link set to-a up
    pings b 10.1.0.1
    ip -n a link del to-b
    at b ip link show to-a 2>&1 || true
  `);
  expect(out).toEqual(["no route", "3", "0", "3", expect.stringContaining("does not exist")]);
});

test("bridge: joins what is plugged in and up, and nothing else", async () => {
  const out = await run(`
    namespaces switch a b c
    i=0
    for n in a b c; do cable $n 10.2.0.$((++i))/24 switch 10.9.0.$i/32; done
    # What is not found is not asked for again at once: each try forgets what the last one learnt.
    tries() { ip -n a neigh flush all; pings a $1; }
    tries 10.2.0.2
    ip -n switch link add br0 type bridge
    ip -n switch link set br0 up
    for n in a b; do ip -n switch link set to-$n master br0; done
    tries 10.2.0.2
    tries 10.2.0.3
    bridge -n switch link show | grep -c 'master br0 state forwarding'
    ip -n switch link set to-b nomaster
    tries 10.2.0.2
  `);
  expect(out).toEqual(["0", "3", "0", "2", "0"]);
});

test("macvlan: siblings reach each other in bridge mode, not in private mode; both reach the outside", async () => {
  const out = await run(`
    namespaces host out a b
    cable host 10.3.0.1/24 out 10.3.0.2/24
    i=10
    for mode in bridge private; do
      for n in a b; do
        ip -n host link add mv-$n link to-out netns $n type macvlan mode $mode
        ip -n $n addr add 10.3.0.$((++i))/24 dev mv-$n
        ip -n $n link set mv-$n up
      done
      pings a $(at b ip -br -4 addr show mv-b | grep -o '10[0-9.]*')
      pings a 10.3.0.2
      ip -n a link del mv-a
      ip -n b link del mv-b
    done
  `);
  expect(out).toEqual(["3", "3", "0", "3"]);
});

test("tun: packets come out of its file and go in through it; a program at its other end answers a ping", async () => {
  // ip attaches a file that it opens itself and closes at once. strace puts our file in its place, so that this shell
  // holds the other end: it turns each echo request round (RFC 792: type 8 becomes 0, the checksum follows).
  const out = await run(`
    namespaces a
    at a bash -c '
      answer() {
        local packet sum
        while packet=$(dd bs=2048 count=1 status=none <&9 | xxd -p | tr -d "\\n"); do
          [[ $packet =~ ^4.{17}01.{20}08 ]] || continue
          sum=$((0x\${packet:44:4} + 0x0800))
          sum=$(printf %04x $(((sum & 0xffff) + (sum >> 16))))
          xxd -r -p <<<"\${packet:0:24}\${packet:32:8}\${packet:24:8}00\${packet:42:2}$sum\${packet:48}" >&9
        done
      }
      exec 9<>/dev/net/tun
      strace -o /dev/null -P /dev/net/tun -e inject=openat:retval=9 ip tuntap add dev tun0 mode tun
      ip addr add 10.4.0.1/24 dev tun0
      ip link set tun0 up
      ping -c 3 -i 0.1 -W 0.5 10.4.0.2
      answer &
      ping -c 3 -i 0.1 -W 9 10.4.0.2
      kill $!
    ' | sed -n 's/.* \\([0-9]*\\) received.*/\\1/p'
  `);
  expect(out).toEqual(["0", "3"]);
});

test("dummy: its address answers, what it is sent is counted and gone, and without it there is no way", async () => {
  const out = await run(`
    namespaces a
    pings a 10.5.0.1
    ip -n a link add d0 type dummy
    ip -n a addr add 10.5.0.1/24 dev d0
    ip -n a link set d0 up
    sent() { at a cat /sys/class/net/d0/statistics/tx_packets; }
    pings a 10.5.0.1
    before=$(sent)
    pings a 10.5.0.2
    echo $(($(sent) - before))
  `);
  expect(out.slice(0, 3)).toEqual(["no route", "3", "0"]);
  // Three pings, and at most a few of the router solicitations that IPv6 sends on a new link.
  expect(Number(out[3])).toBeGreaterThanOrEqual(3);
  expect(Number(out[3])).toBeLessThanOrEqual(6);
});

test("IPv6: addresses, neighbours and routes work over a veth, through a router that forwards, and not otherwise", async () => {
  const out = await run(`
    namespaces a router b
    cable a fd00:a::2/64 router fd00:a::1/64
    cable b fd00:b::2/64 router fd00:b::1/64
    ip -n a route add default via fd00:a::1
    ip -n b route add default via fd00:b::1
    pings a fd00:a::1
    pings a fd00:b::2
    at router sysctl -q -w net.ipv6.conf.all.forwarding=1
    pings a fd00:b::2
    at a ping -c 1 -W 1 ff02::1%to-router | grep -c 'bytes from fe80:'
    serve b
    asks a fd00:b::2
  `);
  expect(out).toEqual(["3", "0", "3", "1", "[fd00:a::2]"]);
});
