import { describe, expect, it } from "vitest";
import { type Disposable, Emitter } from "../base/index.ts";
import { systemClock } from "./clock.ts";
import { plainText } from "./plain-text.ts";
import { type TypedCommand, Typist } from "./typist.ts";

/** A terminal that answers what it is told to, in pieces. */
function terminal(answer: (typed: string) => readonly string[]) {
  const output = new Emitter<string>();
  const typed: string[] = [];
  const write = (text: string): void => {
    typed.push(text);
    if (!text.endsWith("\r") && text !== "\u0003") return;
    void (async () => {
      for (const piece of answer(typed.join(""))) {
        await new Promise<void>((resolve) => {
          setTimeout(resolve, 3);
        });
        output.fire(piece);
      }
    })();
  };
  return {
    typed,
    end: {
      onOutput: output.event as (listener: (text: string) => void) => Disposable,
      latest: () => "",
      write,
    },
  };
}

const line = (text: string, more: Partial<TypedCommand> = {}): TypedCommand => ({
  text,
  isLine: true,
  stays: false,
  ...more,
});

async function type(pieces: readonly string[], command: TypedCommand, timeoutMs = 3000): Promise<string> {
  const { end } = terminal(() => pieces);
  const typist = new Typist(end, systemClock);
  try {
    return await typist.type(command, { pace: "instant", timeoutMs, signal: new AbortController().signal });
  } finally {
    typist.dispose();
  }
}

describe("a command is over", () => {
  it("when the prompt is back, in however many pieces", async () => {
    expect(await type(["ls\r\n", "a  b\r\n", "\u001b[?2004h", "root@m:~", "# "], line("ls"))).toBe(
      "a  b\nroot@m:~# ",
    );
  });

  it("not by a prompt that was there before, nor by what looks like one in its middle", async () => {
    const shown = await type(["cat x\r\n", "# not yet\r\n", "more\r\n", "$ "], line("cat x"));
    expect(shown).toBe("# not yet\nmore\n$ ");
  });

  it("when a job of the background has said something behind the prompt", async () => {
    expect(await type(["kill 5\r\n", "root@m:~# ", "unshare: child died\r\n"], line("kill 5"))).toContain(
      "child died",
    );
  });

  it("when a job has said it around the prompt", async () => {
    expect(await type(["kill 5\r\n", "unshare: child", "root@m:~# ", " died\r\n"], line("kill 5"))).toContain(
      "died",
    );
  });

  it("after a while, when one that stays has ended the kernel before its line was echoed", async () => {
    const command = "echo c > /proc/sysrq-trigger";
    expect(await type([command], line(command, { stays: true }), 200)).toBe("");
  });

  it("when one that stays has printed what is wanted", async () => {
    expect(
      await type(["top\r\n", "loading\r\n", "ready\r\n"], line("top", { stays: true, expect: "^ready$" })),
    ).toBe("loading\nready\n");
  });

  it("never, and says what the terminal shows", async () => {
    await expect(type(["sleep 9\r\n", "zzz"], line("sleep 9"), 200)).rejects.toMatchObject({
      code: "timed-out",
      message: expect.stringContaining("zzz") as string,
    });
  });
});

it("nothing more is typed once it is called off", async () => {
  const { end, typed } = terminal(() => []);
  const typist = new Typist(end, systemClock);
  const stop = new AbortController();
  const typing = typist.type(line("a long command"), {
    pace: "reading",
    timeoutMs: 3000,
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(), 60);
  await expect(typing).rejects.toMatchObject({ code: "aborted" });
  expect(typed.join("")).not.toContain("\r");
  expect("\u0015a long command".startsWith(typed.join(""))).toBe(true);
  typist.dispose();
});

it.each([
  ["\u001b[1;31mred\u001b[0m\r\n", "red\n"],
  ["\u001b]0;title\u0007$ ", "$ "],
  ["\u001b(Ba\u001b[?2004lb\r", "ab"],
])("%j is %j without its escapes", (output, plain) => {
  expect(plainText(output)).toBe(plain);
});
