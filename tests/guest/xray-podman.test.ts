/** The X-ray on Podman's containers and a pod: what is seen from outside is what they say inside. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import {
  boxesOf,
  initProcess,
  type Namespace,
  type NamespaceKind,
  type Observation,
  type Process,
  walkBoxes,
} from "../../src/isolation/index.ts";
import { sh, shared } from "../support/guest.ts";

const PATIENCE = { timeoutMs: 240_000 };
const KINDS: readonly NamespaceKind[] = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

/** Two containers with limits, one on the other's network, and one made by hand. */
const SET_UP = `
  set -e
  podman run --detach --name first --hostname first --memory 32m --pids-limit 41 --cpus 0.5 shell:1 sleep 1001 >/dev/null
  podman run --detach --name second --network container:first --user 1234:4321 shell:1 sleep 1002 >/dev/null
  (exec unshare --user --map-root-user --pid --fork --mount-proc --net --uts sleep 1003 >/dev/null 2>&1) &
  until pgrep -fx 'sleep 1003' >/dev/null; do sleep 0.1; done`;

/** Lines "PID KIND INODE" and so on, of each of the three; in the words of /proc and of the cgroup's files. */
const ASK = `
  for pid in $(pgrep -fx 'sleep 100[123]') $(pgrep conmon); do
    echo "process $pid $(cat /proc/$pid/comm)"
    for kind in ${KINDS.join(" ")}; do echo "ns $pid $kind $(readlink /proc/$pid/ns/$kind)"; done
    sed "s/^/status $pid /" /proc/$pid/status
    sed "s/^/uid_map $pid /" /proc/$pid/uid_map
    sed "s/^/mount $pid /" /proc/$pid/mountinfo
    cgroup=$(sed s/^0::// /proc/$pid/cgroup)
    echo "cgroup $pid $cgroup"
    for file in memory.max memory.current pids.max pids.current cpu.max; do
      [ ! -e /sys/fs/cgroup$cgroup/$file ] || echo "file $pid $file $(cat /sys/fs/cgroup$cgroup/$file)"
    done
  done`;

const guest = shared(
  async () => {
    const machine = await startMachine({ profile: "containers" });
    try {
      await sh(machine, SET_UP, PATIENCE);
      const observation = await machine.observe();
      const lines = (await sh(machine, ASK, PATIENCE)).trimEnd().split("\n");
      return { observation, lines };
    } finally {
      machine.dispose();
    }
  },
  () => undefined,
);

const seen = (): Observation => guest().observation;

function sleeper(seconds: string): Process {
  const found = seen().processes.find(
    ({ details }) => details?.commandLine?.join(" ") === `sleep ${seconds}`,
  );
  if (found === undefined) throw new Error(`nobody sleeps ${seconds} seconds`);
  return found;
}

/** What the guest said of a process: the rest of the lines that begin so. */
function said(word: string, { pid }: Process): string[] {
  const start = `${word} ${pid} `;
  return guest()
    .lines.filter((line) => line.startsWith(start))
    .map((line) => line.slice(start.length));
}

function namespaceOf(process: Process, kind: NamespaceKind): Namespace | undefined {
  return seen().namespaces.find((one) => one.kind === kind && one.inode === process.namespaces[kind]);
}

test("the whole memory could be read", () => {
  expect(seen()).toMatchObject({ source: "memory", missing: [] });
});

test.each(["1001", "1002", "1003"])(
  "sleep %s: namespaces, credentials, numbers, mounts as it says itself",
  (seconds) => {
    const process = sleeper(seconds);
    const links = Object.fromEntries(
      said("ns", process).map((line) => {
        const [kind = "", link = ""] = line.split(" ");
        return [kind, Number(/\d+/.exec(link)?.[0])];
      }),
    );
    expect(process.namespaces).toEqual(links);
    const status = new Map(said("status", process).map((line) => line.split(/:\s*/, 2) as [string, string]));
    expect(process.pids).toEqual(status.get("NSpid")?.split(/\s+/).map(Number));
    expect(process.details).toMatchObject({
      capabilities: {
        effective: status.get("CapEff"),
        permitted: status.get("CapPrm"),
        bounding: status.get("CapBnd"),
      },
      noNewPrivileges: status.get("NoNewPrivs") === "1",
      seccomp: ["off", "strict", "filter"][Number(status.get("Seccomp"))],
      seccompFilters: Number(status.get("Seccomp_filters")),
    });
    expect(process.uid).toBe(Number(status.get("Uid")?.split(/\s+/)[1]));
    expect([process.cgroup]).toEqual(said("cgroup", process));
    const mounts = namespaceOf(process, "mnt");
    const points =
      mounts?.kind === "mnt" ? mounts.mounts.map(({ id, point, type }) => `${id} ${point} ${type}`) : [];
    const shown = said("mount", process).map((line) => {
      const words = line.split(" ");
      return `${words[0]} ${words[4]} ${words[words.indexOf("-") + 1]}`;
    });
    expect(points).toEqual(shown);
  },
);

test("limits and use of a container stand in its cgroup", () => {
  const first = sleeper("1001");
  const cgroup = seen().cgroups.find(({ path }) => path === first.cgroup);
  const files = Object.fromEntries(said("file", first).map((line) => line.split(" ")));
  expect(cgroup?.memory?.max).toBe(32 * 1024 * 1024);
  expect(String(cgroup?.memory?.max)).toBe(files["memory.max"]);
  expect(cgroup?.memory?.current).toBeGreaterThan(0);
  expect(cgroup?.pids).toMatchObject({ max: 41, current: Number(files["pids.current"]) });
  expect(cgroup?.cpu).toMatchObject({ max: 50_000, period: 100_000 });
});

test("one that is on the other's network shares that, and no more than that", () => {
  const [first, second] = [sleeper("1001"), sleeper("1002")];
  const common = KINDS.filter((kind) => first.namespaces[kind] === second.namespaces[kind]);
  expect(common).toEqual(expect.arrayContaining(["net", "time", "user"]));
  expect(common).not.toEqual(expect.arrayContaining(["pid"]));
  expect(common).not.toEqual(expect.arrayContaining(["mnt"]));
  const net = namespaceOf(first, "net");
  const eth0 = net?.kind === "net" ? net.devices.find(({ kind }) => kind === "veth") : undefined;
  const outer = initProcess(seen())?.namespaces.net;
  expect(eth0).toMatchObject({ up: true, link: { namespace: outer } });
  expect(eth0?.addresses.some(({ local }) => local.startsWith("10.88."))).toBe(true);
});

test("an overlay of a container has its image's layers", () => {
  const mounts = namespaceOf(sleeper("1001"), "mnt");
  const root = mounts?.kind === "mnt" ? mounts.mounts.find(({ point }) => point === "/") : undefined;
  expect(root).toMatchObject({ type: "overlay", layers: { upper: expect.stringMatching(/\/diff$/) } });
  expect(root?.layers?.lower.length).toBeGreaterThan(0);
});

test("threads of a Go program are listed with their numbers", () => {
  const conmon = seen().processes.filter(({ comm }) => comm === "conmon");
  expect(conmon).toHaveLength(2);
  for (const process of conmon) {
    const threads = said("status", process).find((line) => line.startsWith("Threads:"));
    expect(`Threads:\t${(process.details?.threads.length ?? 0) + 1}`).toBe(threads);
  }
});

test("all three are containers, by what they share and not by who made them", () => {
  const boxes = [...walkBoxes(boxesOf(seen()))].filter(({ role }) => role === "container");
  const inside = boxes.map(({ inside: { pid } }) => pid).toSorted((a = 0, b = 0) => a - b);
  const wanted = ["1001", "1002", "1003"]
    .map((seconds) => sleeper(seconds).namespaces.pid)
    .toSorted((a = 0, b = 0) => a - b);
  expect(inside).toEqual(wanted);
});
