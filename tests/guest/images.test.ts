/** Images in the profile `containers`: building, shipping through a real registry, and other processors. */
import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(
  () => startMachine({ profile: "containers" }),
  (started) => started.dispose(),
);

const PATIENCE = { timeoutMs: 240_000 };
const run = (script: string): Promise<string> => sh(machine(), script, PATIENCE);

const LAYOUT = "oci:/usr/share/vivarium/images";

test("build makes an image of a Containerfile, and the second time of its cache", async () => {
  const out = await run(`
    set -e
    mkdir -p /tmp/build && cd /tmp/build
    printf 'FROM shell:1\\nCOPY greeting /greeting\\nRUN tr a-z A-Z </greeting >/loud\\nCMD ["cat", "/loud"]\\n' >Containerfile
    echo hello >greeting
    podman build -q -t mine . >/tmp/first
    podman run --rm --network none mine
    podman build -t mine . | grep -c 'Using cache'
    cmp <(podman image inspect --format '{{.Id}}' mine) /tmp/first && echo same
    # Another content of a copied file is another layer.
    echo bye >greeting
    podman build -q -t mine . >/dev/null; podman run --rm --network none mine
    podman image inspect --format '{{len .RootFS.Layers}}' shell:1 mine`);
  expect(out.trim().split("\n")).toEqual(["HELLO", "3", "same", "BYE", "2", "4"]);
});

test("a failing build step fails the build and leaves no image", async () => {
  const out = await run(`
    mkdir -p /tmp/bad && cd /tmp/bad
    printf 'FROM shell:1\\nRUN exit 9\\n' >Containerfile
    podman build -t bad . >/dev/null 2>/tmp/said; echo $?
    grep -o 'exit status 9' /tmp/said | head -1
    podman image exists bad; echo $?`);
  expect(out.trim().split("\n")).toEqual(["9", "exit status 9", "1"]);
});

test("push to a registry, drop, pull by digest, run; and with the registry off nothing is shipped", async () => {
  const out = await run(`
    podman push -q web:1 localhost:5000/web:1 2>&1 | grep -o 'connection refused' | head -1
    set -e
    service registry start
    until wget -qO- http://localhost:5000/v2/ >/dev/null 2>&1; do sleep 0.2; done
    service registry status
    podman push -q --digestfile /tmp/digest web:1 localhost:5000/web:1
    skopeo inspect docker://localhost:5000/web:1 | jq -r .Digest | cmp - <(cat /tmp/digest; echo) && echo same digest
    wget -qO- http://localhost:5000/v2/_catalog
    podman rmi --force web:1 >/dev/null
    podman image exists web:1 || echo dropped
    podman pull -q localhost:5000/web@$(cat /tmp/digest) >/dev/null
    podman run -d --name shipped -p 8080:80 localhost:5000/web@$(cat /tmp/digest) >/dev/null
    wget -qO- http://127.0.0.1:8080/ | grep -o 'version .'
    podman rm -ft0 shipped >/dev/null
    podman pull -q localhost:5000/web:9 2>&1 | grep -o 'manifest unknown' | head -1
    service registry stop
    service registry status || true`);
  expect(out.trim().split("\n")).toEqual([
    "connection refused",
    "registry is running",
    "same digest",
    '{"repositories":["web"]}',
    "dropped",
    "version 1",
    "manifest unknown",
    "registry is not running",
  ]);
});

test("an image for ARM holds a real ARM program, which this processor refuses; an index picks the right one", async () => {
  const out = await run(`
    skopeo inspect --raw ${LAYOUT}:shell:multi | jq -r '.manifests[].platform.architecture' | sort | tr '\\n' ' '; echo
    skopeo inspect --override-arch arm --override-variant v7 ${LAYOUT}:shell:multi | jq -r .Architecture
    skopeo copy -q ${LAYOUT}:shell:multi containers-storage:localhost/picked:1
    podman image inspect --format '{{.Architecture}}' picked:1
    podman run --rm --network none picked:1 uname -m
    skopeo copy -q --override-arch arm --override-variant v7 ${LAYOUT}:shell-arm:1 containers-storage:localhost/shell-arm:1
    mounted=$(podman image mount shell-arm:1)
    # e_machine of the ELF header (elf(5)): 40 is ARM, 3 the 386.
    od -An -t u2 -j 18 -N 2 $mounted/bin/busybox | tr -d ' '; od -An -t u2 -j 18 -N 2 /bin/busybox | tr -d ' '
    podman image umount shell-arm:1 >/dev/null
    podman run --rm --network none shell-arm:1 true 2>&1 | grep -io 'exec format error' | head -1`);
  const [architectures, arm, picked, kernel, elfArm, elfOurs, refusal] = out.trim().split("\n");
  expect(architectures?.trim()).toBe("386 arm");
  expect([arm, picked, kernel]).toEqual(["arm", "386", "i686"]);
  expect([elfArm, elfOurs]).toEqual(["40", "3"]);
  expect(refusal?.toLowerCase()).toBe("exec format error");
});

test("layers are shared: an image that stands on another brings its own part only", async () => {
  const out = await run(`
    layers() { podman image inspect --format '{{range .RootFS.Layers}}{{println .}}{{end}}' $1 | grep .; }
    layers shell:1 >/tmp/shell; layers web:3 >/tmp/web
    wc -l </tmp/shell; wc -l </tmp/web; comm -12 <(sort /tmp/shell) <(sort /tmp/web) | wc -l
    diff <(podman run --rm --network none shell:1 cat /etc/os-release) /etc/os-release >/dev/null || echo userland of its own
    cmp <(podman run --rm --network none shell:1 uname -r) <(uname -r) && echo kernel of the machine`);
  expect(out.trim().split(/\s+/).slice(0, 3)).toEqual(["2", "3", "2"]);
  expect(out).toContain("userland of its own\nkernel of the machine");
});

test("save and load, commit and diff, and a read-only look with skopeo", async () => {
  const out = await run(`
    set -e
    podman save -q --format oci-archive -o /tmp/shell.tar shell:1
    podman rmi -f shell:1 >/dev/null 2>&1 || true
    podman load -q -i /tmp/shell.tar >/dev/null
    podman run --name changed --network none shell:1 sh -c 'echo new >/new; rm /etc/group'
    podman diff changed | sort
    podman commit -q changed changed:1 >/dev/null; podman rm changed >/dev/null
    podman run --rm --network none changed:1 sh -c 'cat /new; ls /etc/group 2>&1 | grep -o "No such file"'
    skopeo inspect --config ${LAYOUT}:web:3 | jq -rc .config.Cmd`);
  expect(out.trim().split("\n")).toEqual([
    "A /new",
    "C /etc",
    "D /etc/group",
    "new",
    "No such file",
    '["httpd","-f","-v","-p","80","-h","/www"]',
  ]);
});
