import { expect, test } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import { innermostPid, parseProcessTable } from "./index.ts";

const LINE = "52 40 S 0 52,1 11 12 13 14 99 99 15 15 16 17 99 /demo sleep";

test("reads a process with its number in every PID namespace", () => {
  const [process] = parseProcessTable(`${LINE}\n`, 0).processes;
  expect(process).toEqual({
    pid: 52,
    ppid: 40,
    state: "S",
    uid: 0,
    pids: [52, 1],
    comm: "sleep",
    kernelThread: false,
    cgroup: "/demo",
    namespaces: { cgroup: 11, ipc: 12, mnt: 13, net: 14, pid: 99, time: 15, user: 16, uts: 17 },
    forChildren: { pid: 99, time: 15 },
    procMount: 99,
  });
  expect(process === undefined ? 0 : innermostPid(process)).toBe(1);
});

test("leaves out what could not be read, and knows kernel threads", () => {
  const [thread] = parseProcessTable("9 2 I 0 9 0 0 0 0 0 0 0 0 0 0 0 - rcu_gp\n", 0).processes;
  expect(thread).toMatchObject({
    kernelThread: true,
    namespaces: {},
    forChildren: {},
    procMount: undefined,
    cgroup: undefined,
  });
});

test("a name may contain blanks, newlines and backslashes", () => {
  const [process] = parseProcessTable(
    `${LINE.replace(/sleep$/, "two words\\nand \\\\ more")}\n`,
    0,
  ).processes;
  expect(process?.comm).toBe("two words\nand \\ more");
  expect(parseProcessTable(LINE.replace("/demo", "/a\\040b"), 0).processes[0]?.cgroup).toBe("/a b");
});

test("lines that make no sense are left out, whatever they are", () => {
  const random = seeded(7);
  for (let round = 0; round < 500; round++) {
    const bytes = Array.from(LINE, (character) =>
      random() < 0.1 ? String.fromCharCode(Math.floor(random() * 128)) : character,
    );
    for (const process of parseProcessTable(bytes.join(""), 0).processes) {
      expect(Number.isSafeInteger(process.pid)).toBe(true);
      expect(process.pids.every(Number.isSafeInteger)).toBe(true);
    }
  }
  expect(parseProcessTable("", 0).processes).toEqual([]);
  expect(parseProcessTable("1 2 3\n-1 0 S 0 1 0 0 0 0 0 0 0 0 0 0 0 - x\n", 0).processes).toEqual([]);
});
