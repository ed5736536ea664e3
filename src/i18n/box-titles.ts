/** What boxes are called: in the X-ray, and beside a terminal that stands in one. */
import { speaker } from "./speaker.ts";

export const boxTitles = {
  "xray.box.container-of": "Container of {name}",
  "xray.box.container-named": "Container “{name}”",
  "xray.box.part": "Own namespaces",
  "xray.box.more": "{namespace} + {count} more",
  "xray.box.pod": "{count} boxes, one network (network namespace {number})",
  "xray.box.shared": "Shared: {namespace}",
  "xray.box.kept": "Empty: {namespace}",
  "xray.kind.pid": "PID namespace {number}",
  "xray.kind.user": "User namespace {number}",
  "xray.kind.mnt": "Mount namespace {number}",
  "xray.kind.net": "Network namespace {number}",
  "xray.kind.uts": "UTS namespace {number}",
  "xray.kind.ipc": "IPC namespace {number}",
  "xray.kind.cgroup": "Cgroup namespace {number}",
  "xray.kind.time": "Time namespace {number}",
};

export const sayBoxTitle = speaker(boxTitles);
