import { readdirSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { startLab, startMachine } from "../../src/cli/index.ts";
import type { Lab, LabEvent } from "../../src/machine/index.ts";
import { sh, shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { watch } from "../support/typing.ts";

/** A lab whose machines reach each other. */
async function joined(options: Parameters<typeof startLab>[0]): Promise<Lab> {
  const started = await startLab(options);
  await Promise.all(started.machines.map(({ reachable }) => reachable));
  return started;
}

const lab = shared(
  () => joined({ machines: [{}, {}, { segment: 2, name: "outside" }] }),
  (started) => started.dispose(),
);

const run = (name: string, script: string, from: Lab = lab()): Promise<string> =>
  sh(from.machine(name).machine, script);

/** How many of three pings come back. */
async function pings(from: string, to: string, of: Lab = lab()): Promise<number> {
  const ping = `ping -c 3 -i 0.2 -W 1 ${to} || true`;
  return Number(/(\d+) received/.exec(await run(from, ping, of))?.[1] ?? Number.NaN);
}

test("each machine has its name, address and card, and knows its segment's by name", async () => {
  const seen = await Promise.all(
    lab().machines.map(async ({ name }) =>
      (
        await run(
          name,
          `hostname; cat /sys/class/net/eth0/address /sys/class/net/eth0/operstate
           ip -o -4 address show dev eth0 | awk '{print $4, $6}'; sed -n 's/\\t# lab$//p' /etc/hosts`,
        )
      )
        .trimEnd()
        .split("\n"),
    ),
  );
  const segment1 = ["10.10.1.1\tmachine-1", "10.10.1.2\tmachine-2"];
  expect(seen).toEqual([
    ["machine-1", "02:00:0a:0a:01:01", "up", "10.10.1.1/24 10.10.1.255", ...segment1],
    ["machine-2", "02:00:0a:0a:01:02", "up", "10.10.1.2/24 10.10.1.255", ...segment1],
    ["outside", "02:00:0a:0a:02:03", "up", "10.10.2.3/24 10.10.2.255", "10.10.2.3\toutside"],
  ]);
  expect(lab().machines.map(({ address, mac }) => [address, mac])).toEqual([
    ["10.10.1.1", "02:00:0a:0a:01:01"],
    ["10.10.1.2", "02:00:0a:0a:01:02"],
    ["10.10.2.3", "02:00:0a:0a:02:03"],
  ]);
});

test.each(["root", "learner"])(
  "the shell of %s that waited in the snapshot knows its machine's name, as one that is started there",
  async (user) => {
    const { machine } = lab().machine("machine-2");
    const shell = async (): Promise<{ pid: number; shown: string }> => {
      const terminal = await machine.openTerminal({ user, cols: 80, rows: 24 });
      const seen = watch(terminal);
      const shown = (): string => stripVTControlCharacters(seen()).replaceAll("\r", "");
      await poll(() => /[#$] $/.test(shown()), { what: "the prompt" });
      terminal.write("history; echo $HOSTNAME $$\n");
      const pid = await poll(() => /machine-2 (\d+)\n.*[#$] $/.exec(shown())?.[1], { what: "the answer" });
      terminal.dispose();
      return { pid: Number(pid), shown: shown().replace(pid, "PID") };
    };
    const waited = await shell();
    const started = await shell();
    expect(waited.shown).toBe(started.shown);
    expect(waited.shown).toMatch(new RegExp(`^${user}@machine-2:~[#$] history`));
    expect(started.pid - waited.pid).toBeGreaterThan(5);
  },
);

test("ping by name, both ways; the capture shows the question to all and the answer to one", async () => {
  await run("machine-1", "ip neigh flush all");
  lab().switch.capture.clear();
  expect(await pings("machine-1", "machine-2")).toBe(3);
  const packets = lab()
    .switch.capture.packets()
    .filter(({ protocol }) => protocol === "ARP" || protocol === "ICMP");
  expect(packets.slice(0, 4).map(({ port, to, protocol, info }) => [port, to, protocol, info])).toEqual([
    ["machine-1", "ff:ff:ff:ff:ff:ff", "ARP", "who has 10.10.1.2? tell 10.10.1.1"],
    ["machine-2", "02:00:0a:0a:01:01", "ARP", "10.10.1.2 is at 02:00:0a:0a:01:02"],
    ["machine-1", "10.10.1.2", "ICMP", expect.stringMatching(/^echo request \d+, number 1$/)],
    ["machine-2", "10.10.1.1", "ICMP", expect.stringMatching(/^echo reply \d+, number 1$/)],
  ]);
  expect(packets.filter(({ protocol }) => protocol === "ICMP")).toHaveLength(6);
  expect(await pings("machine-2", "machine-1")).toBe(3);
});

test("a capture file holds what the guests saw: their own counters and bytes agree with it", async () => {
  const { capture } = lab().switch;
  capture.clear();
  await run("machine-2", "ping -c 1 -s 100 -p c0ffee machine-1");
  const file = capture.pcap(1);
  const view = new DataView(file.buffer);
  expect([view.getUint32(0, true), view.getUint32(20, true)]).toEqual([0xa1b2c3d4, 1]);
  const sizes: number[] = [];
  let request: Uint8Array | undefined;
  for (let at = 24; at < file.length;) {
    const length = view.getUint32(at + 8, true);
    const seconds = view.getUint32(at, true) + view.getUint32(at + 4, true) / 1e6;
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
    expect(view.getUint32(at + 12, true)).toBe(length);
    const frame = file.subarray(at + 16, at + 16 + length);
    // IPv4, ICMP, echo request.
    if (frame[12] === 8 && frame[13] === 0 && frame[23] === 1 && frame[34] === 8) request = frame;
    sizes.push(length);
    at += 16 + length;
  }
  // Ethernet 14, IPv4 20, ICMP 8, and what ping was told to send: a time and then the pattern.
  expect(request).toHaveLength(14 + 20 + 8 + 100);
  expect(new Set((request ?? []).slice(-3))).toEqual(new Set([0xc0, 0xff, 0xee]));
  expect(sizes.filter((size) => size === 142)).toHaveLength(2);
});

test.each([
  ["machine-1", "machine-2"],
  ["machine-2", "machine-1"],
])("4 MiB by TCP from %s to %s arrive whole, and the counters agree", async (from, to) => {
  const size = 4 * 1024 * 1024;
  const before = lab().machine(from).port.counters;
  const receiving = run(to, "nc -l -p 4000 < <(sleep 60) | sha256sum");
  await run(to, "until ss -ltn | grep -q :4000; do sleep 0.05; done");
  const sent = await run(
    from,
    `head -c ${size} /dev/urandom >/tmp/blob; nc ${to} 4000 </tmp/blob; sha256sum </tmp/blob; rm /tmp/blob`,
  );
  expect(sent).toMatch(/^[0-9a-f]{64} /);
  expect(await receiving).toBe(sent);
  const { received, dropped } = lab().machine(from).port.counters;
  const bytes = received.bytes - before.received.bytes;
  // Headers take 66 bytes of 1,514, and little is sent twice.
  expect(bytes).toBeGreaterThan(size * 1.04);
  expect(bytes).toBeLessThan(size * 1.15);
  expect(dropped).toMatchObject({ malformed: 0, overrun: 0 });
});

test("segments are apart: no ping, no answer to ARP, and no frame of the other arrives", async () => {
  const { port: outside, machine } = lab().machine("outside");
  const settled = async (): Promise<number> => (await machine.stats()).network.received;
  // Its own broadcasts at the start reach nobody: it is alone.
  expect([await settled(), outside.counters.sent.frames]).toEqual([0, 0]);
  // All that machine-1 hears was said by machine-2.
  const [first, second] = [lab().machine("machine-1").port, lab().machine("machine-2").port];
  const heard = (): number => first.counters.sent.frames - second.counters.received.frames;
  const before = heard();
  await run("outside", "ip address add 10.10.1.77/24 dev eth0");
  expect(await pings("outside", "10.10.1.1")).toBe(0);
  expect(await run("outside", "ip neigh show 10.10.1.1")).toMatch(/FAILED|INCOMPLETE/);
  expect(heard()).toBe(before);
  expect(await run("machine-1", "ip neigh show dev eth0")).not.toMatch(/10\.10\.1\.77|02:00:0a:0a:02:03/);
  await run("machine-1", "ping -c 2 -i 0.2 -W 1 -b 10.10.1.255 >/dev/null 2>&1 || true");
  expect(await pings("machine-1", "10.10.1.77")).toBe(0);
  expect([await settled(), outside.counters.sent.frames]).toEqual([0, 0]);
  expect(outside.counters.received.frames).toBeGreaterThan(0);
  await run("outside", "ip address del 10.10.1.77/24 dev eth0");
});

test("there is no way out: no route, no name server, no DHCP server, nobody else answers", async () => {
  expect(await run("machine-1", "ip route show default; ip -6 route show default")).toBe("");
  // Whoever is on the wire has to answer a question to all; only the lab's other machine does.
  lab().switch.capture.clear();
  await run("machine-1", "ip route add default via 10.10.1.254");
  for (const address of ["10.10.1.254", "192.168.86.1", "1.1.1.1"])
    expect(await pings("machine-1", address)).toBe(0);
  await run("machine-1", "udhcpc -i eth0 -n -q -t 2 -T 1 -s /bin/true >/dev/null 2>&1 && exit 1 || true");
  await run("machine-1", "nc -w 1 -z 10.10.1.254 80 && exit 1 || true");
  await run("machine-1", "ip route del default");
  const packets = lab()
    .switch.capture.packets()
    .filter(({ segment }) => segment === 1);
  expect(packets.filter(({ protocol }) => protocol === "DHCP").length).toBeGreaterThanOrEqual(2);
  expect(new Set(packets.map(({ port }) => port)).size).toBeLessThanOrEqual(2);
  expect(packets.filter(({ port, to }) => port === "machine-2" && !to.startsWith("ff02::"))).toEqual([]);
});

test("a machine that stands still makes the switch drop, not grow; afterwards it is reached again", async () => {
  const { machine, port } = lab().machine("machine-2");
  expect(await pings("machine-1", "machine-2")).toBe(3);
  await run("machine-1", "ip neigh replace 10.10.1.2 lladdr 02:00:0a:0a:01:02 dev eth0 nud permanent");
  await machine.pause();
  const before = lab().machine("machine-1").port.counters.received.frames;
  // A datagram each, and more than the guest's ring, the card's window and the port's queue hold together.
  await run(
    "machine-1",
    "for i in {1..8}; do dd if=/dev/zero bs=1000 count=400 status=none >/dev/udp/10.10.1.2/9; done",
  );
  const { dropped, waiting } = port.counters;
  expect(waiting).toBe(512);
  const flood = lab().machine("machine-1").port.counters.received.frames - before;
  expect(flood).toBeGreaterThan(2500);
  expect(flood).toBeLessThan(3300);
  expect(dropped.unread).toBeGreaterThan(flood - 2 * 512 - 1024 - 100);
  expect(dropped.unread).toBeLessThan(flood - 2 * 512);
  await machine.resume();
  await poll(async () => (await pings("machine-1", "machine-2")) === 3, {
    what: "the machine to be reached again",
    timeout: 60_000,
  });
  expect(port.counters.waiting).toBe(0);
  await run("machine-1", "ip neigh del 10.10.1.2 dev eth0");
});

test("a machine that goes back in time keeps its address, its names and its way to the others", async () => {
  const own = await joined({ machines: [{}, {}] });
  try {
    const { machine } = own.machine("machine-1");
    await run("machine-1", "echo early >/tmp/when", own);
    const checkpoint = await machine.checkpoint();
    await run("machine-1", "echo late >/tmp/when; ip link set eth0 down; ip address flush dev eth0", own);
    expect(await pings("machine-2", "machine-1", own)).toBe(0);
    const third = await own.add();
    await third.reachable;
    expect([third.name, third.address]).toEqual(["machine-3", "10.10.1.3"]);
    await machine.rewind(checkpoint);
    expect(await run("machine-1", "cat /tmp/when; cat /sys/class/net/eth0/address", own)).toBe(
      "early\n02:00:0a:0a:01:01\n",
    );
    // What asked for its address while it was off may be about to give up, and takes the next datagrams with it.
    await run("machine-2", "ip neigh flush dev eth0", own);
    expect(await pings("machine-2", "machine-1", own)).toBe(3);
    // Its file was of a time before the third machine.
    await poll(async () => (await run("machine-1", "cat /etc/hosts", own)).includes("\tmachine-3\t"), {
      what: "the name of the third machine",
    });
    expect(await pings("machine-1", "machine-3", own)).toBe(3);
    expect(await pings("machine-3", "machine-1", own)).toBe(3);

    own.remove("machine-3");
    await expect(third.machine.exec({ argv: ["true"] })).rejects.toMatchObject({ code: "machine-disposed" });
    expect(own.switch.ports.map(({ name }) => name)).toEqual(["machine-1", "machine-2"]);
    await poll(async () => !(await run("machine-2", "cat /etc/hosts", own)).includes("machine-3"), {
      what: "the name of the third machine to go",
    });
    expect(await pings("machine-2", "10.10.1.3", own)).toBe(0);
    expect(await pings("machine-2", "machine-1", own)).toBe(3);
    // Its number is free again.
    expect((await own.add({ segment: 9 })).address).toBe("10.10.9.3");
  } finally {
    own.dispose();
  }
});

test("disposing a lab ends its threads, settles what waits, and closes every port", async () => {
  const own = await startLab({ machines: [{}, {}] });
  const [first] = own.machines;
  if (first === undefined) throw new Error("the lab is empty");
  const running = first.machine.exec({ argv: ["sleep", "600"] });
  const threads = (): number => readdirSync("/proc/self/task").length;
  const before = threads();
  own.dispose();
  await expect(running).rejects.toMatchObject({ code: "machine-disposed" });
  await expect(own.add()).rejects.toMatchObject({ code: "machine-disposed" });
  expect([own.machines, own.switch.ports, own.switch.capture.frames()]).toEqual([[], [], []]);
  await poll(() => threads() <= before - 2, { what: "both threads to end" });
});

test("a lab that does not fit is refused before anything starts, and so is one machine too many", async () => {
  const events: LabEvent[] = [];
  const machines = [{}, {}, {}];
  const budgetBytes = 400 * 1024 * 1024;
  const onEvent = (event: LabEvent): void => void events.push(event);
  await expect(startLab({ machines, budgetBytes, onEvent })).rejects.toMatchObject({
    code: "out-of-memory",
    message: expect.stringMatching(/^3 machines need \d+ MiB of memory/),
  });
  expect(events).toEqual([]);
  const two = await joined({ machines: machines.slice(1), budgetBytes });
  try {
    await expect(two.add()).rejects.toMatchObject({ code: "out-of-memory" });
    expect(two.memory.totalBytes).toBeLessThanOrEqual(budgetBytes);
    expect(await pings("machine-1", "machine-2", two)).toBe(3);
  } finally {
    two.dispose();
  }
});

test("names and segments that cannot be are refused", async () => {
  for (const name of ["machine-1", "Machine", "a b", "localhost", "x".repeat(64), "-x", ""])
    await expect(lab().add({ name })).rejects.toMatchObject({ code: "bad-argument" });
  for (const segment of [0, 255, 1.5, Number.NaN])
    await expect(lab().add({ segment })).rejects.toMatchObject({ code: "bad-argument" });
  expect(lab().machines).toHaveLength(3);
  expect(() => lab().machine("nobody")).toThrow(expect.objectContaining({ code: "bad-argument" }));
});

test("a machine whose start is called off leaves no trace; a lab that is called off leaves none at all", async () => {
  const stop = new AbortController();
  const events: LabEvent[] = [];
  const starting = startLab({
    machines: [{}, {}],
    signal: stop.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.kind === "added") stop.abort();
    },
  });
  await expect(starting).rejects.toMatchObject({ code: "aborted" });
  const own = new AbortController();
  const adding = lab().add({ name: "never" }, own.signal);
  own.abort();
  await expect(adding).rejects.toMatchObject({ code: "aborted" });
  expect(lab().machines.map(({ name }) => name)).toEqual(["machine-1", "machine-2", "outside"]);
  expect(lab().switch.ports).toHaveLength(3);
});

test("a machine without a lab has a card with an address that is its own, down, and without an IP address", async () => {
  const macs: string[] = [];
  for (let i = 0; i < 2; i++) {
    const machine = await startMachine();
    try {
      const [mac = "", state, addresses] = (
        await sh(
          machine,
          "cat /sys/class/net/eth0/address /sys/class/net/eth0/operstate; ip -o a show eth0 | wc -l",
        )
      ).split("\n");
      expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
      expect([state, addresses]).toEqual(["down", "0"]);
      macs.push(mac);
    } finally {
      machine.dispose();
    }
  }
  expect(macs[0]).not.toBe(macs[1]);
});

test("a lab machine that was saved and is started again elsewhere has a card's address of its own", async () => {
  const saved = await lab().machine("machine-1").machine.exportSaved();
  const machine = await startMachine({ saved });
  try {
    const mac = (await sh(machine, "ip -o link show eth0 | grep -o 'ether [0-9a-f:]*'")).trimEnd();
    expect(mac).toMatch(/^ether 02(:[0-9a-f]{2}){5}$/);
    expect(mac).not.toBe("ether 02:00:0a:0a:01:01");
    expect(await sh(machine, "cat /etc/hostname; dmesg | grep -ic 'current addr' || true")).toMatch(/0\n$/);
  } finally {
    machine.dispose();
  }
});
