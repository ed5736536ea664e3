import { describe, expect, it } from "vitest";
import { Emitter } from "../base/index.ts";
import { joinScreen, type Screen } from "./terminal-end.ts";

function setUp() {
  const output = new Emitter<{ bytes: Uint8Array; replay: boolean }>();
  const log: string[] = [];
  const pending: (() => void)[] = [];
  const screen: Screen = {
    cols: 100,
    rows: 30,
    write: (data, done) => {
      log.push(`write ${data.length}`);
      pending.push(done);
    },
    replay: (data, done) => {
      log.push(`replay ${data.length}`);
      pending.push(done);
    },
  };
  const joined = joinScreen(screen, {
    onOutput: output.event,
    write: () => undefined,
    resize: (cols, rows) => log.push(`resize ${cols}x${rows}`),
    shown: (bytes) => log.push(`shown ${bytes}`),
  });
  return { output, log, pending, joined };
}

describe("a screen joined with a terminal", () => {
  it("tells its size at once, and what it has taken only when it has taken it", () => {
    const { output, log, pending } = setUp();
    output.fire({ bytes: new Uint8Array(5), replay: false });
    expect(log).toEqual(["resize 100x30", "write 5"]);
    pending.shift()?.();
    expect(log.at(-1)).toBe("shown 5");
  });

  it("passes a torn character on as it came", () => {
    const { output, log } = setUp();
    const [first, second] = [new Uint8Array([0xe2, 0x82]), new Uint8Array([0xac])];
    output.fire({ bytes: first, replay: false });
    output.fire({ bytes: second, replay: false });
    expect(log).toEqual(["resize 100x30", "write 2", "write 1"]);
  });

  it("has a replay in place of what was shown, and tells when it is taken", () => {
    const { output, log, pending } = setUp();
    output.fire({ bytes: new Uint8Array(3), replay: true });
    pending.shift()?.();
    expect(log).toEqual(["resize 100x30", "replay 3", "shown 3"]);
  });

  it("stops when it is disposed", () => {
    const { output, log, joined } = setUp();
    joined.dispose();
    output.fire({ bytes: new Uint8Array(3), replay: false });
    expect(output.listenerCount).toBe(0);
    expect(log).toEqual(["resize 100x30"]);
  });
});
