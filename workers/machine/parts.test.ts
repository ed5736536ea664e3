import { describe, expect, test, vi } from "vitest";
import type { ProfileManifest } from "../../src/protocol/machine.ts";
import { GuestClock } from "./guest-clock.ts";
import { PanicWatch, panicText } from "./panic-watch.ts";
import { Scrollback } from "./scrollback.ts";
import { createScheduler } from "./scheduler.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

describe("GuestClock", () => {
  test("stands still while stopped and goes on where it was", () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(1000);
    const clock = new GuestClock();
    clock.set(50);
    now.mockReturnValue(5000);
    expect(clock.now()).toBe(50);
    clock.start();
    now.mockReturnValue(5030);
    expect(clock.now()).toBe(80);
    clock.stop();
    now.mockReturnValue(9000);
    expect(clock.now()).toBe(80);
    clock.start();
    clock.start();
    expect(clock.now()).toBe(80);
    expect(() => clock.set(0)).toThrow(/only while it is stopped/);
    now.mockRestore();
  });
});

describe("Scrollback", () => {
  test("keeps the latest output from the start of a line", () => {
    const scrollback = new Scrollback(40);
    for (let i = 0; i < 100; i++) scrollback.push(bytes(`line ${i} ä\n`));
    const kept = text(scrollback.bytes());
    expect(kept).toMatch(/^line \d+ ä\n/);
    expect(kept.endsWith("line 99 ä\n")).toBe(true);
    expect(bytes(kept).length).toBeLessThanOrEqual(40);
  });

  test("keeps what it was given as long as it fits", () => {
    const scrollback = new Scrollback(100, bytes("old "));
    scrollback.push(bytes("new"));
    expect(text(scrollback.bytes())).toBe("old new");
  });

  test("forgets what a program has cleared with what had scrolled off, but for the terminal's modes", () => {
    const clear = "\u001b[H\u001b[2J\u001b[3J";
    const scrollback = new Scrollback(200, bytes("\u001b[?2004h$ old\u001b[?25l"));
    scrollback.push(bytes(`more\u001b[?25h${clear}again\u001b[?2004l\u001b[?2004h${clear}$ `));
    scrollback.push(bytes("\u001b[1mnew"));
    const kept = "\u001b[?25h\u001b[?2004h$ \u001b[1mnew";
    expect(text(scrollback.bytes())).toBe(kept);
    // Ctrl+L leaves what has scrolled off.
    scrollback.push(bytes("\u001b[H\u001b[2J$ "));
    expect(text(scrollback.bytes())).toBe(`${kept}\u001b[H\u001b[2J$ `);
    scrollback.push(bytes(clear));
    expect(text(scrollback.bytes())).toBe("\u001b[?25h\u001b[?2004h");
  });
});

describe("PanicWatch", () => {
  const manifest = { kernelInfo: { symbols: { panic_cpu: 0xc0001000 } } } as unknown as ProfileManifest;

  test("sees the kernel's own word for it, and waits for the last line", () => {
    const watch = new PanicWatch(manifest);
    const told = "…---[ end Kernel panic - not syncing: x ]---";
    // Before the kernel is there, memory is zero.
    expect(
      watch.sees(
        () => 0,
        () => told,
      ),
    ).toBe(false);
    expect(
      watch.sees(
        () => -1,
        () => told,
      ),
    ).toBe(false);
    const verdicts = Array.from({ length: 8 }, () =>
      watch.sees(
        () => 0,
        () => told,
      ),
    );
    expect(verdicts.at(-1)).toBe(true);
  });

  test("does not wait for ever for a console that says nothing", () => {
    const watch = new PanicWatch(manifest);
    watch.sees(
      () => -1,
      () => "",
    );
    const verdicts = Array.from({ length: 400 }, () =>
      watch.sees(
        () => 0,
        () => "",
      ),
    );
    expect(verdicts.indexOf(true)).toBeGreaterThan(100);
    expect(verdicts.indexOf(true)).toBeLessThan(400);
  });

  test("takes the whole of the latest panic out of the console", () => {
    const whole =
      "[ 9.1] Kernel panic - not syncing: sysrq\n[ 9.2] CPU: 0\n[ 9.3] ---[ end Kernel panic - not syncing: sysrq ]---";
    expect(panicText(`${whole}\r\n[ 1.0] went back\r\n${whole}\r\n`)).toBe(whole);
  });

  test("takes the panic's words out of a console that broke off", () => {
    expect(panicText("login: \r\n[   9.1] Kernel panic - not syncing: sysrq\r\n[ 9.2] CPU: 0\r\n")).toBe(
      "[   9.1] Kernel panic - not syncing: sysrq\n[ 9.2] CPU: 0",
    );
  });
});

describe("the scheduler", () => {
  test("runs the latest request only, soon or later, and none after cancel", async () => {
    const scheduler = createScheduler();
    const ran: string[] = [];
    scheduler.schedule(0, () => ran.push("replaced"));
    await new Promise<void>((resolve) => {
      scheduler.schedule(0, resolve);
    });
    await new Promise<void>((resolve) => {
      scheduler.schedule(2, resolve);
    });
    scheduler.schedule(0, () => ran.push("cancelled"));
    scheduler.cancel();
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 5);
    });
    expect(ran).toEqual([]);
    scheduler.dispose();
  });
});
