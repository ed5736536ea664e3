import { describe, expect, test } from "vitest";
import { boxesOf, type Process, toldByAgent } from "../../isolation/index.ts";
import { type Row, rowsOf } from "./fold.ts";

function aProcess(pid: number, ppid: number, comm: string): Process {
  return {
    pid,
    ppid,
    state: "S",
    uid: 0,
    pids: [pid],
    comm,
    kernelThread: false,
    cgroup: "/",
    namespaces: {},
    forChildren: {},
    procMount: undefined,
    details: undefined,
  };
}

function rows(processes: readonly Process[], opened: readonly string[] = []): Row[] {
  const machine = boxesOf(toldByAgent([aProcess(1, 0, "init"), ...processes]));
  return rowsOf(machine.processes, "machine", new Set(opened));
}

function sketch(all: readonly Row[]): string[] {
  return all.map((row) =>
    row.kind === "crowd"
      ? `${" ".repeat(row.depth)}${row.comm} ×${row.members.length}`
      : `${" ".repeat(row.depth)}${row.process.comm} ${row.process.pid}`,
  );
}

const many = (count: number, from: number, ppid: number, comm: string): Process[] =>
  Array.from({ length: count }, (_, i) => aProcess(from + i, ppid, comm));

describe("rows of a forest", () => {
  test("stand under their parents", () => {
    const all = rows([aProcess(5, 1, "sh"), aProcess(6, 5, "sleep"), aProcess(7, 1, "getty")]);
    expect(sketch(all)).toEqual(["init 1", " sh 5", "  sleep 6", " getty 7"]);
    expect(all.map(({ rise }) => rise)).toEqual([1, 1, 1, 2]);
  });

  test("eight of one name are shown, nine are a crowd", () => {
    expect(rows(many(8, 10, 1, "sleep"))).toHaveLength(9);
    expect(sketch(rows(many(9, 10, 1, "sleep")))).toEqual(["init 1", " sleep ×9"]);
  });

  test("a fork bomb is a crowd with all its descendants", () => {
    const bomb = Array.from({ length: 200 }, (_, i) =>
      aProcess(100 + i, i === 0 ? 50 : 100 + Math.floor((i - 1) / 2), "bomb"),
    );
    expect(sketch(rows([aProcess(50, 1, "bash"), ...bomb]))).toEqual(["init 1", " bash 50", "  bomb ×200"]);
  });

  test("a few that lead to others of other names are not folded away", () => {
    const all = rows([aProcess(5, 1, "sh"), ...many(9, 10, 5, "cat")]);
    expect(sketch(all)).toEqual(["init 1", " sh 5", "  cat ×9"]);
  });

  test("a crowd that is opened shows each of its members once", () => {
    const [, crowd] = rows(many(9, 10, 1, "sleep"));
    const all = rows(many(9, 10, 1, "sleep"), [crowd?.key ?? ""]);
    expect(all).toHaveLength(11);
    expect(new Set(all.map(({ key }) => key)).size).toBe(11);
  });
});
