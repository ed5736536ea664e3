import type { Facts } from "./facts.ts";

/** `include/linux/sched.h`: the guest's own word, in a field of /proc/PID/stat. */
const PF_KTHREAD = 0x00200000;
const MS_PER_TICK = 10;
const SECCOMP = ["off", "strict", "filter"];

/** The number in `user:[4026531837]`. */
const inodeIn = (link: string): number => Number(/\[(\d+)\]$/.exec(link)?.[1]);
const numbers = (text: string): number[] => text.split(" ").filter(Boolean).map(Number);
const kilobytes = (text: string | undefined): number => Number.parseInt(text ?? "", 10) * 1024;

interface Links {
  readonly namespaces: Record<string, number>;
  readonly forChildren: Record<string, number>;
}

/** Links of `/proc/PID/ns`, by pid. */
function saidLinks(facts: Facts): Map<number, Links> {
  const all = new Map<number, Links>();
  for (const [link, target] of facts.links) {
    const [, pid, name = ""] = /^(\d+)\/ns\/(\w+)$/.exec(link) ?? [];
    if (pid === undefined) continue;
    const of = all.get(Number(pid)) ?? { namespaces: {}, forChildren: {} };
    const [, born] = /^(pid|time)_for_children$/.exec(name) ?? [];
    if (born === undefined) of.namespaces[name] = inodeIn(target);
    else of.forChildren[born] = inodeIn(target);
    all.set(Number(pid), of);
  }
  return all;
}

function ids(text = ""): Record<string, number> {
  const [real = -1, effective = -1, saved = -1, fs = -1] = numbers(text);
  return { real, effective, saved, fs };
}

/** What an observation must say of the processes that a guest has, by pid: as far as `/proc` says it. */
export function saidProcesses(facts: Facts): Map<number, Record<string, unknown>> {
  const links = saidLinks(facts);
  const found = facts.pids.flatMap((pid) => {
    const status = facts.table(`/proc/${pid}/status`);
    // Fields 3 and later of /proc/PID/stat; 2 is the name, in parentheses.
    const stat = facts
      .text(`/proc/${pid}/stat`)
      .replace(/^.*\) /, "")
      .split(" ");
    const kernelThread = (Number(stat[6]) & PF_KTHREAD) !== 0;
    const state = status["State"]?.[0];
    const { namespaces = {}, forChildren = {} } = links.get(pid) ?? {};
    const words = facts.text(`/proc/${pid}/cmdline`).split("|").slice(0, -1);
    const tracer = Number(status["TracerPid"]);
    const outer = namespaces["mnt"] !== links.get(1)?.namespaces["mnt"];
    const said = {
      pid,
      ppid: Number(status["PPid"]),
      // A worker of the kernel adds what it works on.
      ...(kernelThread ? {} : { comm: status["Name"] }),
      kernelThread,
      uid: ids(status["Uid"])["effective"],
      pids: numbers(status["NSpid"] ?? ""),
      // A file system of one's own hides what the path is.
      cgroup: facts.text(`/proc/${pid}/cgroup`).replace(/^0::/, ""),
      ...(kernelThread ? {} : { namespaces, forChildren }),
      // Who runs is answering, and sleeps before and after; a kernel thread may have worked in between.
      ...(state === "R" || kernelThread ? {} : { state }),
      details: {
        uids: ids(status["Uid"]),
        gids: ids(status["Gid"]),
        groups: numbers(status["Groups"] ?? ""),
        capabilities: {
          inheritable: status["CapInh"],
          permitted: status["CapPrm"],
          effective: status["CapEff"],
          bounding: status["CapBnd"],
          ambient: status["CapAmb"],
        },
        noNewPrivileges: status["NoNewPrivs"] === "1",
        seccomp: SECCOMP[Number(status["Seccomp"])],
        seccompFilters: Number(status["Seccomp_filters"]),
        tracer: tracer === 0 ? undefined : tracer,
        group: numbers(status["NSpgid"] ?? "")[0],
        session: numbers(status["NSsid"] ?? "")[0],
        exitStatus: state === "Z" ? Number(stat[49]) : undefined,
        // NUL was made `|`, which scripts have too.
        ...(words.length === 0 || words.includes("-c") ? {} : { commandLine: words }),
        ...(outer || kernelThread || state === "Z" ? {} : { cwd: facts.links.get(`${pid}/cwd`) }),
        ...(status["VmSize"] === undefined
          ? {}
          : {
              memory: {
                virtual: kilobytes(status["VmSize"]),
                anonymous: kilobytes(status["RssAnon"]),
                file: kilobytes(status["RssFile"]),
                shared: kilobytes(status["RssShmem"]),
                swapped: kilobytes(status["VmSwap"]),
              },
            }),
      },
    };
    return [[pid, said] as const];
  });
  return new Map(found);
}

/** When each process was started, in ticks since boot, and how many threads it has. */
export function saidStarts(facts: Facts): Map<number, { readonly tick: number; readonly threads: number }> {
  return new Map(
    facts.pids.map((pid) => {
      const stat = facts
        .text(`/proc/${pid}/stat`)
        .replace(/^.*\) /, "")
        .split(" ");
      return [pid, { tick: Number(stat[19]), threads: Number(stat[17]) }];
    }),
  );
}

export const tickOf = (startedAt: number): number => Math.floor(startedAt / MS_PER_TICK);
