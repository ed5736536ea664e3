import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";
import { IN_NAMESPACES } from "../support/network-shell.ts";

const machine = shared(startMachine, (started) => started.dispose());

const run = async (script: string): Promise<string[]> =>
  (await sh(machine(), IN_NAMESPACES + script)).trimEnd().split("\n");

/** A client and a web server at a cable, and a way to say the same rules to nft and to iptables. */
const PAIR = `
namespaces client server
cable client 10.1.0.1/24 server 10.1.0.2/24
ip -n client addr add fd00::1/64 dev to-server
ip -n server addr add fd00::2/64 dev to-client
serve server
`;

/** A router between a client and a server that knows no way to the client's network. */
const ROUTED = `
namespaces client router server
cable client 10.1.0.2/24 router 10.1.0.1/24
cable server 10.2.0.2/24 router 10.2.0.1/24
ip -n client route add default via 10.1.0.1
at router sysctl -q -w net.ipv4.ip_forward=1
serve server
`;

test("nftables: drop, reject and accept are what they say, to whom they say it, in both families", async () => {
  const out = await run(`${PAIR}
    asks client 10.1.0.2
    at server nft -f - <<'END'
      table inet filter {
        chain input {
          type filter hook input priority filter; policy accept;
          ip saddr 10.1.0.1 tcp dport 80 drop
          ip6 nexthdr icmpv6 icmpv6 type echo-request drop
        }
      }
END
    asks client 10.1.0.2
    pings client 10.1.0.2
    asks client fd00::2
    pings client fd00::2
    at server nft flush chain inet filter input
    at server nft add rule inet filter input tcp dport 80 reject with tcp reset
    asks client fd00::2
    at server nft delete table inet filter
    asks client 10.1.0.2
  `);
  expect(out).toEqual([
    "[::ffff:10.1.0.1]",
    ...["silence", "3", "[fd00::1]", "0"],
    "refused",
    "[::ffff:10.1.0.1]",
  ]);
});

test("nft list ruleset prints back what was loaded, and a file with a fault changes nothing", async () => {
  const ruleset = `table inet filter {
	set friends {
		type ipv4_addr
		elements = { 10.1.0.1, 10.1.0.7 }
	}

	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif "lo" accept
		ip saddr @friends tcp dport { 22, 80 } counter packets 0 bytes 0 accept
		limit rate 5/second accept
	}
}
table ip nat {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "out" masquerade
	}
}`;
  const out = await run(`
    namespaces a
    cat >/tmp/rules <<'END'
${ruleset}
END
    at a nft -f /tmp/rules
    at a nft list ruleset
    echo --
    { echo 'flush ruleset'; echo 'table ip other { }'; echo 'add rule ip other absent accept'; } >/tmp/faulty
    at a nft -f /tmp/faulty 2>&1 | sed -n 1p || true
    at a nft list ruleset | cmp - /tmp/rules && echo unchanged
    at a nft flush ruleset
    at a nft list ruleset | wc -c
  `);
  expect(out.slice(0, out.indexOf("--")).join("\n")).toBe(ruleset);
  expect(out.slice(out.indexOf("--") + 1)).toEqual([
    expect.stringContaining("No such file or directory"),
    "unchanged",
    "0",
  ]);
});

test("conntrack: answers to one's own questions come in, strangers' questions do not, unless they may", async () => {
  const out = await run(`${PAIR}
    serve client
    at server nft -f - <<'END'
      table ip filter {
        chain input { type filter hook input priority filter; policy drop; ct state established,related accept; }
      }
END
    asks server 10.1.0.1
    asks client 10.1.0.2
    pings server 10.1.0.1
    pings client 10.1.0.2
    at server nft add rule ip filter input ct state new tcp dport 80 accept
    asks client 10.1.0.2
    at server nft flush chain ip filter input
    asks server 10.1.0.1
  `);
  expect(out).toEqual([
    ...["[::ffff:10.1.0.2]", "silence", "3", "0"],
    "[::ffff:10.1.0.1]",
    // Without the rule for what is established the answers do not come in either.
    "silence",
  ]);
});

test("masquerade: the server sees the router's address and its answer finds back; without, there is none", async () => {
  const out = await run(`${ROUTED}
    asks client 10.2.0.2
    at router nft add table ip nat
    at router nft add chain ip nat out '{ type nat hook postrouting priority srcnat; }'
    at router nft add rule ip nat out oifname to-server masquerade
    asks client 10.2.0.2
    at router nft delete table ip nat
    asks client 10.2.0.2
  `);
  expect(out).toEqual(["silence", "[::ffff:10.2.0.1]", "silence"]);
});

test("DNAT: a port of the router's leads to the server, who sees the client's own address", async () => {
  const out = await run(`${ROUTED}
    ip -n server route add default via 10.2.0.1
    asks client 10.1.0.1 8080
    at router nft add table ip nat
    at router nft add chain ip nat in '{ type nat hook prerouting priority dstnat; }'
    at router nft add rule ip nat in tcp dport 8080 dnat to 10.2.0.2:80
    asks client 10.1.0.1 8080
    asks client 10.1.0.1 8081
    at router nft flush chain ip nat in
    at router nft add rule ip nat in tcp dport 8081 redirect to :8082
    at router nc -l -p 8082 -e echo redirected &
    within at router sh -c "ss -Hltn sport = :8082 | grep -q ."
    at client nc -w 1 10.1.0.1 8081 </dev/null
  `);
  expect(out).toEqual(["refused", "[::ffff:10.1.0.2]", "refused", "redirected"]);
});

test("iptables speaks nft: filter, state, masquerade and DNAT, in both families", async () => {
  const out = await run(`${ROUTED}
    iptables --version | grep -o nf_tables
    asks client 10.2.0.2
    at router iptables -t nat -A POSTROUTING -o to-server -j MASQUERADE
    asks client 10.2.0.2
    at router iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.2.0.2:80
    asks client 10.1.0.1 8080
    at router iptables -P FORWARD DROP
    asks client 10.2.0.2
    at router iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    at router iptables -A FORWARD -m state --state NEW -i to-client -p tcp -m multiport --dports 79,80 -j ACCEPT
    asks client 10.2.0.2
    at router iptables -I FORWARD -p tcp -j REJECT --reject-with tcp-reset
    asks client 10.2.0.2
    at router nft list ruleset | grep -c 'chain FORWARD'
    ip -n client addr add fd00::1/64 dev to-router
    ip -n router addr add fd00::2/64 dev to-client
    pings client fd00::2
    at router ip6tables -A INPUT -p icmpv6 --icmpv6-type echo-request -j DROP
    pings client fd00::2
    at router iptables-save | grep -c REJECT
    at router iptables-save >/tmp/saved
    at router iptables -F
    at router iptables-restore </tmp/saved
    asks client 10.2.0.2
  `);
  expect(out).toEqual([
    "nf_tables",
    ...["silence", "[::ffff:10.2.0.1]", "[::ffff:10.2.0.1]"],
    ...["silence", "[::ffff:10.2.0.1]", "refused"],
    "1",
    ...["3", "0"],
    ...["1", "refused"],
  ]);
});

test("a log rule of nft or iptables writes the packet to the kernel's log, and only what it matches", async () => {
  const out = await run(`
    nft -f - <<'END'
      table ip logged {
        chain in { type filter hook input priority filter; icmp type echo-request log prefix "by nft: "; }
      }
END
    iptables -A INPUT -p icmp --icmp-type echo-request -j LOG --log-prefix "by iptables: "
    trap 'nft flush ruleset; leave' EXIT
    ping -c 1 127.0.0.1 >/dev/null
    dmesg | grep -o 'by [a-z]*: IN=lo .* PROTO=ICMP TYPE=[0-9]*' | sed 's/^by //; s/ .*TYPE/ TYPE/'
  `);
  expect(out.toSorted()).toEqual(["iptables: TYPE=8", "nft: TYPE=8"]);
});
