// Without `open` xterm needs no document.
import xterm from "@xterm/xterm";
import { describe, expect, it } from "vitest";
import { ReadAlong } from "./terminal-reader.ts";

/** What is told of a terminal of 20 by 6 that is sent these pieces, one after the other. */
async function read(...pieces: readonly string[]): Promise<string[]> {
  // oxlint-disable-next-line import/no-named-as-default-member -- Node finds no names in it
  const terminal = new xterm.Terminal({ cols: 20, rows: 6, scrollback: 50 });
  const told: string[] = [];
  let rest = "";
  const readAlong = new ReadAlong(terminal, {
    line: (text, back) => {
      if (back === 0) told.push(text);
      else told[told.length - back] = text;
    },
    skipped: (count) => told.push(`(${count} skipped)`),
    fullScreen: () => told.push("(full screen)"),
    rest: (text) => {
      rest = text;
    },
  });
  for (const piece of pieces) {
    await new Promise<void>((done) => {
      if (piece.startsWith("replay ")) readAlong.silently((taken) => terminal.write(piece.slice(7), taken));
      terminal.write(piece.startsWith("replay ") ? "" : piece, done);
    });
    // xterm tells that it has parsed when its callbacks have run.
    await new Promise((done) => {
      setTimeout(done, 0);
    });
  }
  readAlong.dispose();
  terminal.dispose();
  return [...told, rest];
}

describe("a terminal is read", () => {
  it.each([
    ["line by line", ["a\r\nb", "c\r\n$ "], ["a", "bc", "$"]],
    ["without colours and titles", ["\u001b]0;t\u0007\u001b[1;31mred\u001b[0m\r\n"], ["red", ""]],
    ["as it stands after carriage returns", ["10%\r50%\rdone\r\n"], ["done", ""]],
    ["as it stands after backspaces", ["lx\b \bs\r\n"], ["ls", ""]],
    // readline: back twice, insert a character, delete to the end of the line.
    [
      "as it was edited in its middle",
      ["ac\u001b[1D\u001b[1@b\r\n", "xyz\u001b[2D\u001b[K\r\n"],
      ["abc", "x", ""],
    ],
    ["with what did not fit into a row", [`${"x".repeat(45)}\r\ny\r\n`], ["x".repeat(45), "y", ""]],
    [
      "also below its first screen",
      ["1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8"],
      ["1", "2", "3", "4", "5", "6", "7", "8"],
    ],
    ["with blank lines and wide characters", ["\r\n日本\r\n"], ["", "日本", ""]],
  ])("%s", async (_how, pieces, told) => {
    expect(await read(...pieces)).toEqual(told);
  });

  it("with the last of what was drawn over", async () => {
    // podman: up over its own lines, clear from there, and once more.
    const redraw = "\u001b[2A\u001b[J";
    expect(
      await read(
        "pull\r\n",
        "a 0%\r\nb 0%\r\n",
        `${redraw}a 50%\r\nb 9%\r\n`,
        `${redraw}a ok\r\nb ok\r\nend`,
      ),
    ).toEqual(["pull", "a ok", "b ok", "end"]);
  });

  it("with what follows when a program went up and down again", async () => {
    expect(await read("a\r\nb\r\n", "\u001b[2A*\u001b[2B\rc\r\n")).toEqual(["a", "b", "c", ""]);
  });

  it("with what a cleared screen had", async () => {
    expect(await read("old\r\nolder\r\n$ clear\r\n", "\u001b[H\u001b[2J\u001b[3Jnew\r\nnewer\r\n")).toEqual([
      "old",
      "older",
      "$ clear",
      "new",
      "newer",
      "",
    ]);
  });

  it("but not what a full-screen program draws", async () => {
    expect(
      await read("$ less x\r\n", "\u001b[?1049h\u001b[Hpage\r\nmore\r\n", "\u001b[?1049l$ ls\r\n"),
    ).toEqual(["$ less x", "(full screen)", "$ ls", ""]);
  });

  it("but not what is shown again; the line that goes on is whole", async () => {
    expect(await read("$ one\r\n", "replay \r\n$ one\r\n\u001b[?1049h\u001b[?1049l$ ", "two\r\n")).toEqual([
      "$ one",
      "$ two",
      "",
    ]);
  });

  it("as far as one can", async () => {
    const told = await read("y\r\n".repeat(1500), "end\r\n");
    expect(told).toHaveLength(1003);
    expect(told.slice(-3)).toEqual(["(500 skipped)", "end", ""]);
    expect((await read(`${"x".repeat(10_000)}\r\n`))[0]).toMatch(/^…x{1000}$/);
  });
});
