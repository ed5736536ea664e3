import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";
import type { GuestTerminal } from "./guest.ts";
import { typeAhead } from "./type-ahead.ts";

function terminal(latest: () => string) {
  const typed: string[] = [];
  const end: GuestTerminal = {
    onOutput: () => {
      throw new Error("what comes before anyone listens is the screen's");
    },
    latest,
    write: (text) => void typed.push(text),
  };
  return { typed, end };
}

async function ahead(latest: () => string, signal = new AbortController().signal) {
  const { typed, end } = terminal(latest);
  const stands = await typeAhead(end, "ls -l", systemClock, signal);
  return { typed, stands };
}

describe("a line is typed ahead", () => {
  it("at a prompt that stays, without Enter", async () => {
    const pieces = ["", "\u001b[?2004hroot@m:~", "\u001b[?2004hroot@m:~# "];
    expect(await ahead(() => (pieces.length > 1 ? pieces.shift() : pieces[0]) ?? "")).toEqual({
      typed: ["ls -l"],
      stands: true,
    });
  });

  it("at one that was drawn twice, on a screen that was cleared", async () => {
    const { typed } = await ahead(() => "root@m:~# \u001b[H\u001b[2Jroot@m:~# ");
    expect(typed).toEqual(["ls -l"]);
  });

  it("not over what somebody has typed", async () => {
    expect(await ahead(() => "root@m:~# ca")).toEqual({ typed: [], stands: false });
  });

  it("not twice: a machine that went back may have it", async () => {
    expect(await ahead(() => "root@m:~# ls -l")).toEqual({ typed: [], stands: true });
  });

  it("not while something runs, and not when it is called off", async () => {
    const off = new AbortController();
    const waits = ahead(() => "root@m:~# top\r\n", off.signal);
    off.abort();
    await expect(waits).rejects.toMatchObject({ code: "aborted" });
  });
});
