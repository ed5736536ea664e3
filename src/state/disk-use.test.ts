import { describe, expect, it } from "vitest";
import { parseDiskUse } from "./disk-use.ts";

describe("what a guest says of its disk", () => {
  const asked = [
    { key: "m a", pid: 90 },
    { key: "m b", pid: 91 },
  ];

  it("is told by name, in bytes", () => {
    const use = parseDiskUse("machine 2048\n90 12\n91 0\n", asked);
    expect(use.machine).toBe(2048 * 1024);
    expect([...use.containers]).toEqual([
      ["m a", 12 * 1024],
      ["m b", 0],
    ]);
  });

  it("leaves out what is missing, not a number, or of somebody else", () => {
    const use = parseDiskUse("machine\n90 lots\n17 4\n91 99999999999999\n", asked);
    expect(use.machine).toBeUndefined();
    expect(use.containers.size).toBe(0);
  });
});
