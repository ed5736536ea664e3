import { quote } from "./shell.ts";

/** What a test changes of the container; the names are those of the OCI runtime specification. */
export interface Change {
  readonly linux?: object;
  readonly namespaces?: readonly string[];
  readonly mounts?: readonly object[];
}

/**
 * bash: runs a script in a container as root, with the guest's own /usr, in the folder `bundle`. It has the least that
 * crun takes: mount and PID namespaces, /proc and /dev, and no capabilities.
 */
export function runContainer(
  script: string,
  { linux = {}, namespaces = [], mounts = [] }: Change = {},
): string {
  const config = {
    ociVersion: "1.0.0",
    process: {
      user: { uid: 0, gid: 0 },
      args: ["bash", "-c", script],
      env: ["PATH=/usr/bin:/usr/sbin"],
      cwd: "/",
    },
    root: { path: "rootfs" },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs" },
      { destination: "/usr", source: "/usr", options: ["rbind", "ro"] },
      ...mounts,
    ],
    linux: { namespaces: ["mount", "pid", ...namespaces].map((type) => ({ type })), ...linux },
  };
  return `
    mkdir -p bundle/rootfs/{data,dev,proc,tmp,usr}
    ln -sfn usr/lib bundle/rootfs/lib
    echo ${quote(JSON.stringify(config))} >bundle/config.json
    crun run --bundle bundle of-test 2>&1`;
}
