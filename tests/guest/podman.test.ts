/** Podman as root, in the profile `containers`: containers, their limits, networks and pods. */
import { afterEach, expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(
  () => startMachine({ profile: "containers" }),
  (started) => started.dispose(),
);

/** Podman takes a second or two for each word, and more on a busy machine. */
const PATIENCE = { timeoutMs: 240_000 };
const run = (script: string): Promise<string> => sh(machine(), script, PATIENCE);

afterEach(async () => {
  await run("podman rm --all --force --time 0 >/dev/null; podman pod rm --all --force >/dev/null");
});

test("the lessons' images lie in local storage before anything is fetched", async () => {
  const images = await run("podman images --format '{{.Repository}}:{{.Tag}}' | sort");
  expect(images.trim().split("\n")).toEqual([
    "localhost/shell:1",
    "localhost/web:1",
    "localhost/web:2",
    "localhost/web:3",
  ]);
});

test("a container has six namespaces of its own, and shares user and time with the machine", async () => {
  const out = await run(`
    look() { for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$kind; done; }
    look >/tmp/outside
    podman run --rm shell:1 sh -c "$(declare -f look); look" >/tmp/inside
    comm -12 <(sort /tmp/outside) <(sort /tmp/inside) | cut -d: -f1`);
  expect(out).toBe("time\nuser\n");
});

test("--memory, --pids-limit and --cpus stand in its cgroup, and hold", async () => {
  const out = await run(`
    set -e
    podman run -d --name box --memory 24m --memory-swap 24m --pids-limit 12 --cpus 0.25 shell:1 sleep 1000 >/dev/null
    group=/sys/fs/cgroup$(podman inspect --format '{{.State.CgroupPath}}' box)
    cat $group/memory.max $group/pids.max $group/cpu.max
    # Twenty sleeps are asked for; the shell, sleep and the limit leave room for fewer.
    podman exec box sh -c 'for i in $(seq 20); do sleep 50 & done' 2>/dev/null || true
    most=$(cat $group/pids.current); echo $most
    # What a busy loop is given in three seconds of the machine's clock.
    podman run -d --name busy --cpus 0.25 shell:1 sh -c 'while :; do :; done' >/dev/null
    group=/sys/fs/cgroup$(podman inspect --format '{{.State.CgroupPath}}' busy)
    usage() { sed -n 's/^usage_usec //p' $group/cpu.stat; }
    used=$(usage) from=$(date +%s%N)
    sleep 3
    echo $((($(usage) - used) * 100000 / ($(date +%s%N) - from)))`);
  const [memory, pids, cpu, most, percent] = out.trim().split("\n");
  expect([memory, pids, cpu]).toEqual([String(24 << 20), "12", "25000 100000"]);
  expect(Number(most)).toBeGreaterThan(8);
  expect(Number(most)).toBeLessThanOrEqual(12);
  expect(Number(percent)).toBeGreaterThan(15);
  expect(Number(percent)).toBeLessThan(35);
});

test("who asks for more than --memory is killed, and who does not lives", async () => {
  const out = await run(`
    podman run --rm --memory 24m --memory-swap 24m shell:1 tail /dev/zero; echo $?
    podman run --rm --memory 24m --memory-swap 24m shell:1 sh -c 'head -c 8m /dev/zero | tail -c 1 | wc -c'; echo $?`);
  expect(out.trim().split("\n")).toEqual(["137", "1", "0"]);
});

test("-p leads a port of the machine to the container; without it nobody answers", async () => {
  const out = await run(`
    podman run -d --name seen -p 8080:80 web:1 >/dev/null
    podman run -d --name unseen web:3 >/dev/null
    wget -qO- http://127.0.0.1:8080/ | grep -o 'version .'
    # From outside of the machine's own loopback, as a neighbour would come.
    ip netns add neighbour
    ip link add outer type veth peer name inner netns neighbour
    ip addr add 192.168.77.1/24 dev outer; ip link set outer up
    ip -n neighbour addr add 192.168.77.2/24 dev inner; ip -n neighbour link set inner up
    ip netns exec neighbour wget -qO- http://192.168.77.1:8080/ | grep -o 'version .'
    wget -T 3 -qO- http://127.0.0.1:80/ || echo refused
    address=$(podman inspect --format '{{.NetworkSettings.IPAddress}}' unseen)
    wget -qO- http://$address/ | grep -o 'version .'
    podman rm -ft0 seen >/dev/null
    wget -T 3 -qO- http://127.0.0.1:8080/ || echo refused
    ip netns del neighbour`);
  expect(out.trim().split("\n")).toEqual(["version 1", "version 1", "refused", "version 3", "refused"]);
});

test("-v shares a folder, read-only when asked; a volume outlives its container", async () => {
  const out = await run(`
    mkdir -p /tmp/shared && echo from outside >/tmp/shared/a
    podman run --rm --network none -v /tmp/shared:/mnt shell:1 sh -c 'cat /mnt/a; echo from inside >/mnt/b'
    cat /tmp/shared/b
    podman run --rm --network none -v /tmp/shared:/mnt:ro shell:1 sh -c 'echo >/mnt/c' 2>/dev/null || ls /tmp/shared
    podman run --rm --network none -v kept:/data shell:1 sh -c 'echo kept >/data/file'
    podman run --rm --network none -v kept:/data shell:1 cat /data/file
    podman volume rm kept >/dev/null`);
  expect(out.trim().split("\n")).toEqual(["from outside", "from inside", "a", "b", "kept"]);
});

test("containers of a network find each other by name; those of another do not", async () => {
  const out = await run(`
    podman network create front >/dev/null; podman network create back >/dev/null
    podman run -d --name server --network front web:1 >/dev/null
    podman run --rm --network front shell:1 wget -qO- http://server/ | grep -o 'version .'
    podman run --rm --network back shell:1 wget -qO- http://server/ 2>&1 | grep -o 'bad address'
    address=$(podman inspect --format '{{.NetworkSettings.Networks.front.IPAddress}}' server)
    podman run --rm --network none shell:1 wget -qO- http://$address/ 2>&1 | grep -o 'unreachable'
    podman rm -ft0 server >/dev/null; podman network rm front back >/dev/null
    podman network ls --format '{{.Name}}'`);
  expect(out.trim().split("\n")).toEqual(["version 1", "bad address", "unreachable", "podman"]);
});

test("--init reaps and forwards signals; without it PID 1 ignores SIGTERM and is killed", async () => {
  const out = await run(`
    podman run -d --name with --init shell:1 sleep 1000 >/dev/null
    podman run -d --name without shell:1 sleep 1000 >/dev/null
    podman exec with cat /proc/1/comm; podman exec without cat /proc/1/comm
    podman stop -t 3 with without >/dev/null 2>&1
    podman inspect --format '{{.State.ExitCode}}' with without`);
  // catatonit passes SIGTERM on, and ends with the code of what it ran.
  expect(out.trim().split("\n")).toEqual(["podman-init", "sleep", "143", "137"]);
});

// --share-parent=false: see docs/decisions.md, "A pod has no cgroup of its own".
test("a pod's containers share network, IPC and host name, not processes or files", async () => {
  const out = await run(`
    set -e
    podman pod create --name pod --share-parent=false >/dev/null
    podman run -d --pod pod --name server web:1 >/dev/null
    podman run -d --pod pod --name client shell:1 sleep 1000 >/dev/null
    podman exec client wget -qO- http://127.0.0.1/ | grep -o 'version .'
    for kind in net ipc uts pid mnt; do
      [ "$(podman exec server readlink /proc/self/ns/$kind)" = "$(podman exec client readlink /proc/self/ns/$kind)" ] \\
        && echo "$kind shared" || echo "$kind own"
    done`);
  expect(out.trim().split("\n")).toEqual([
    "version 1",
    "net shared",
    "ipc shared",
    "uts shared",
    "pid own",
    "mnt own",
  ]);
});

test("logs, exec, inspect and stats tell of a container what is so", async () => {
  const out = await run(`
    set -e
    podman run -d --name box shell:1 sh -c 'echo to stdout; echo to stderr >&2; sleep 1000; :' >/dev/null
    until podman logs box 2>&1 | grep -q stderr; do sleep 0.2; done
    podman logs box 2>/dev/null; podman logs box 2>&1 >/dev/null
    podman exec box sh -c 'exit 7' || echo exec $?
    pid=$(podman inspect --format '{{.State.Pid}}' box)
    tr '\\0' ' ' </proc/$pid/cmdline | cut -c1-5
    podman stats --no-stream --format '{{.Name}} {{.PIDS}}' box
    podman run --name gone shell:1 sh -c 'exit 3' || podman ps -a --filter name=gone --format '{{.Status}}' | cut -c1-10`);
  expect(out.trim().split("\n")).toEqual([
    "to stdout",
    "to stderr",
    "exec 7",
    "sh -c",
    "box 2",
    "Exited (3)",
  ]);
});

test("version 2 ends at once and says why; 1 and 3 serve", async () => {
  const out = await run(`
    podman run --name broken web:2 2>&1; echo $?
    for version in 1 3; do
      podman run -d --name web$version -p 808$version:80 web:$version >/dev/null
      wget -qO- http://127.0.0.1:808$version/ | grep -o 'version .'
    done`);
  expect(out.trim().split("\n")).toEqual([
    expect.stringMatching(/wwww.*No such file/),
    "1",
    "version 1",
    "version 3",
  ]);
});
