import { describe, expect, it } from "vitest";
import { boxTitle } from "./box-title.ts";
import { foregroundOf, terminalShells } from "./foreground.ts";
import { NamespaceNumbers } from "./namespace-numbers.ts";
import { aMap, aNamespace, aProcess, INIT, inOwn, seen } from "./observation-builder.ts";
import type { Observation } from "./observation.ts";
import { type Placed, placeOf } from "./place.ts";
import type { Process } from "./process.ts";

const AGENT = aProcess(40, "vivarium-agent");
const say = (key: string, values: object = {}): string => `${key} ${Object.values(values).join(" ")}`.trim();

/** A process on `pts/NAME` of a session whose group `foreground` reads from it. */
function onTerminal(
  pid: number,
  comm: string,
  {
    at,
    foreground,
    group = pid,
    session = pid,
  }: Record<"at" | "foreground", number> & {
    readonly group?: number;
    readonly session?: number;
  },
  more: Partial<Omit<Process, "details">> = {},
): Process {
  return aProcess(pid, comm, {
    ppid: session === pid ? AGENT.pid : session,
    ...more,
    details: { group, session, terminal: { name: `pts/${at}`, foreground } },
  });
}

/** Where the first, or a later, terminal of a user is. */
function placed(observation: Observation, { uid = 0, nth = 0 } = {}): Placed | undefined {
  const shell = terminalShells(observation, uid)[nth];
  return shell && placeOf(observation, foregroundOf(observation, shell));
}

function named(place: Placed | undefined): string {
  if (place?.box === undefined) return "machine";
  const numbers = new NamespaceNumbers();
  return boxTitle(place.box.box, { say, numbers, machineName: place.machineName });
}

describe("a terminal is in", () => {
  it("the machine, with a plain shell, with vim, and as another user", () => {
    const shell = onTerminal(50, "bash", { at: 0, foreground: 50 });
    expect(placed(seen([AGENT, shell]))).toMatchObject({ box: undefined, process: { comm: "bash" } });
    const behind = onTerminal(50, "bash", { at: 0, foreground: 51 });
    const vim = onTerminal(51, "vim", { at: 0, foreground: 51, session: 50 });
    expect(placed(seen([AGENT, behind, vim]))).toMatchObject({ box: undefined, process: { comm: "vim" } });
    const su = onTerminal(51, "su", { at: 0, foreground: 52, session: 50 });
    const other = onTerminal(52, "bash", { at: 0, foreground: 52, session: 50 }, { ppid: 51, uid: 1000 });
    const place = placed(seen([AGENT, onTerminal(50, "bash", { at: 0, foreground: 52 }), su, other]));
    expect(place).toMatchObject({ box: undefined, root: undefined, process: { uid: 1000 } });
  });

  it("the box that `unshare --fork --pid --mount-proc` made, not where it waits", () => {
    const own = { pid: 100, mnt: 101 };
    const shell = onTerminal(50, "bash", { at: 0, foreground: 51 });
    const waits = onTerminal(
      51,
      "unshare",
      { at: 0, foreground: 51, session: 50 },
      { ...inOwn({ mnt: 101 }), forChildren: { pid: 100 } },
    );
    const inside = onTerminal(
      52,
      "bash",
      { at: 0, foreground: 51, group: 51, session: 50 },
      { ...inOwn(own), ppid: 51, pids: [52, 1] },
    );
    const place = placed(
      seen([AGENT, shell, waits, inside], {
        namespaces: [aNamespace("pid", 100, { init: 52 }), aNamespace("mnt", 101)],
      }),
    );
    expect(place).toMatchObject({ process: { pid: 52 }, root: undefined });
    expect(named(place)).toBe("xray.box.container-of bash");
  });

  it("a user namespace after `unshare -Ur`, where root is the learner", () => {
    const shell = onTerminal(50, "bash", { at: 0, foreground: 51 }, { uid: 1000 });
    const inside = onTerminal(
      51,
      "bash",
      { at: 0, foreground: 51, session: 50 },
      { ...inOwn({ user: 100 }), uid: 1000 },
    );
    const about = (uidMap: ReturnType<typeof aMap>): Placed | undefined =>
      placed(seen([AGENT, shell, inside], { namespaces: [aNamespace("user", 100, { uidMap })] }), {
        uid: 1000,
      });
    expect(named(about(aMap(0, 1000)))).toBe("xray.kind.user 2");
    expect(about(aMap(0, 1000))?.root).toBe(1000);
    expect(about([])?.root).toBe("nobody");
  });

  it("the container that Podman passes on to, whose shell is conmon's child", () => {
    const own = { pid: 100, mnt: 101, uts: 102, net: 103 };
    const run = (first: number, at: number): Process[] => [
      onTerminal(first, "bash", { at, foreground: first + 1 }),
      onTerminal(first + 1, "podman", { at, foreground: first + 1, session: first }),
      aProcess(first + 2, "conmon", { details: { session: first + 2 } }),
    ];
    const inside = (pid: number, more: Partial<Process>): Process =>
      onTerminal(pid, "sh", { at: 0, foreground: pid }, { ppid: pid - 1, ...more });
    const processes = [
      AGENT,
      ...run(50, 0),
      inside(53, inOwn(own)),
      ...run(60, 1),
      inside(63, inOwn({ ...own, pid: 200, mnt: 201, uts: 202 })),
    ];
    const namespaces = [
      aNamespace("uts", 102, { hostName: "one" }),
      aNamespace("uts", 202, { hostName: "two" }),
    ];
    const observation = seen(processes, { namespaces });
    expect(named(placed(observation))).toBe("xray.box.container-named one");
    expect(named(placed(observation, { nth: 1 }))).toBe("xray.box.container-named two");
  });

  it("the machine while Podman has made no container yet, or something else leads a session", () => {
    const shell = onTerminal(50, "bash", { at: 0, foreground: 51 });
    const podman = onTerminal(51, "podman", { at: 0, foreground: 51, session: 50 });
    const rescue = onTerminal(60, "bash", { at: 9, foreground: 60 }, { ppid: 1 });
    const script = onTerminal(61, "sh", { at: 2, foreground: 61 }, { ppid: 50, ...inOwn({ pid: 100 }) });
    expect(placed(seen([AGENT, shell, podman, rescue, script]))).toMatchObject({
      box: undefined,
      process: { comm: "podman" },
    });
  });

  it("nowhere, where the agent alone tells", () => {
    expect(
      placed(seen([aProcess(50, "bash", { ppid: AGENT.pid, namespaces: INIT }), AGENT])),
    ).toBeUndefined();
  });
});
