import type { Facts } from "./facts.ts";

/** What must be said of the mounts of a process: its mountinfo (proc(5)), without options that only a file system's code knows. */
export function saidMounts(facts: Facts, pid: number): Record<string, unknown>[] {
  return facts.lines(`/proc/${pid}/mountinfo`).map((line) => {
    const [id, parent, device, root, point, options = "", ...rest] = line.split(" ");
    const end = rest.indexOf("-");
    const tags = Object.fromEntries(rest.slice(0, end).map((tag) => tag.split(":")));
    const [type = "", source, superOptions = ""] = rest.slice(end + 1);
    const own = type === "tmpfs" ? /^size=/ : type === "overlay" ? /^(lower|upper|work)dir=/ : /^$/;
    const number = (tag: string): number | undefined => (tag in tags ? Number(tags[tag]) : undefined);
    return {
      id: Number(id),
      parent: Number(parent),
      device,
      root,
      point,
      options: options.split(","),
      propagation: { shared: number("shared"), master: number("master"), unbindable: "unbindable" in tags },
      type,
      source,
      superOptions: superOptions
        .split(",")
        .filter((word) => /^(rw|ro|sync|dirsync|mand|lazytime)$/.test(word) || own.test(word)),
    };
  });
}
