/** Podman as `learner`, in the profile `containers`: what works without being root, and where limits come from. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(
  () => startMachine({ profile: "containers" }),
  (started) => started.dispose(),
);

const PATIENCE = { timeoutMs: 240_000 };
const asRoot = (script: string): Promise<string> => sh(machine(), script, PATIENCE);
const asLearner = (script: string): Promise<string> =>
  sh(machine(), `export XDG_RUNTIME_DIR=/run/user/1000\n${script}`, { ...PATIENCE, user: "learner" });

test("run: root inside is the learner outside, and the other users are subordinate ids", async () => {
  const out = await asLearner(`
    mkdir -p ~/shared && chmod 777 ~/shared
    podman run --rm --network none -v ~/shared:/mnt shell:1 sh -c '
      id -u; cat /proc/self/uid_map | tr -s " " | tr "\\n" ";"; echo
      touch /mnt/by-root; touch /mnt/by-nobody; chown 65534 /mnt/by-nobody'
    stat -c '%n %u' ~/shared/* | sed 's,.*/,,'
    # What the learner may not do outside, root inside may not do to it either.
    podman run --rm --network none -v /etc:/mnt shell:1 sh -c 'echo >/mnt/hostname' 2>&1 | grep -o 'Permission denied'`);
  expect(out.trim().split("\n")).toEqual([
    "0",
    " 0 1000 1; 1 100000 65536;",
    "by-nobody 165533",
    "by-root 1000",
    "Permission denied",
  ]);
});

test("-p and exec and logs: a web server of the learner's on the machine's port", async () => {
  const out = await asLearner(`
    set -e
    /usr/lib/vivarium/load-images web:1
    podman run -d --name server -p 8080:80 web:1 >/dev/null
    wget -qO- http://127.0.0.1:8080/ | grep -o 'version .'
    podman exec server cat /proc/1/comm
    podman logs server 2>&1 | grep -o 'response:200' | head -1
    podman rm -ft0 server >/dev/null
    wget -T 3 -qO- http://127.0.0.1:8080/ || echo refused
    # Ports below 1024 are root's (ip(7), ip_unprivileged_port_start).
    podman run --rm -p 80:80 web:1 2>&1 | grep -io 'permission denied' | head -1`);
  expect(out.trim().split("\n")).toEqual([
    "version 1",
    "httpd",
    "response:200",
    "refused",
    "permission denied",
  ]);
});

test("build and pull: an image of one's own, and one from root's registry", async () => {
  await asRoot(`
    set -e
    service registry start
    until wget -qO- http://localhost:5000/v2/ >/dev/null 2>&1; do sleep 0.2; done
    podman push -q web:3 localhost:5000/web:3`);
  const out = await asLearner(`
    set -e
    mkdir -p ~/build && cd ~/build
    printf 'FROM shell:1\\nRUN echo built >/built && rm -r /var && mkdir /var && echo >/var/new\\nCMD ["cat", "/built"]\\n' >Containerfile
    podman build -q -t mine . >/dev/null
    podman run --rm --network none mine
    # A directory of a lower layer that was removed and made again: overlay marks it in user.* attributes.
    podman run --rm --network none mine ls /var
    podman pull -q localhost:5000/web:3 >/dev/null
    podman run --rm --network none localhost:5000/web:3 grep -o 'version .' /www/index.html
    podman images --format '{{.Repository}}' | sort | tr '\\n' ' '`);
  expect(out.trim().split("\n")).toEqual([
    "built",
    "new",
    "version 3",
    expect.stringMatching(/localhost\/mine .*localhost:5000\/web/),
  ]);
  // The learner's storage is not root's.
  expect(await asRoot("podman image exists mine && echo there || echo not there")).toBe("not there\n");
});

test("limits: not by --memory without a systemd, but by the delegated cgroup that Podman is started in", async () => {
  const out = await asLearner(`
    podman run --rm --network none --pids-limit 5 shell:1 sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; jobs | wc -l'
    mkdir -p /sys/fs/cgroup/learner/box
    echo '+pids +memory' >/sys/fs/cgroup/learner/cgroup.subtree_control
    podman run -d --name box --network none shell:1 sleep 1000 >/dev/null
    # The container's processes are where the learner puts them, and its later ones with them.
    podman inspect --format '{{.State.Pid}}' box >/sys/fs/cgroup/learner/box/cgroup.procs
    echo 24M >/sys/fs/cgroup/learner/box/memory.max
    cat /proc/$(podman inspect --format '{{.State.Pid}}' box)/cgroup
    (echo $BASHPID >/sys/fs/cgroup/learner/box/cgroup.procs
     podman exec box tail /dev/zero; echo $?)
    grep -c 'oom_kill [1-9]' /sys/fs/cgroup/learner/box/memory.events
    podman rm -ft0 box >/dev/null`);
  expect(out.trim().split("\n")).toEqual(["8", "0::/learner/box", "137", "1"]);
});
