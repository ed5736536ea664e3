import { describe, expect, it } from "vitest";
import { poll } from "../../tests/support/poll.ts";
import { FontSize } from "./font-size.ts";

const kept = (value: number | undefined) => {
  const saved: number[] = [];
  return { saved, load: async () => value, save: async (size: number) => void saved.push(size) };
};

describe("the letters' size", () => {
  it("is as it was kept, and each step is kept", async () => {
    const setting = kept(18);
    const font = new FontSize(setting);
    await poll(async () => font.size.value === 18, { what: "what was kept" });
    font.step(1);
    expect(font.size.value).toBe(20);
    font.step(-1);
    expect(setting.saved).toEqual([20, 18]);
  });

  it.each([7, 1000, Number.NaN, undefined])("is the usual one where %s was kept", async (value) => {
    const font = new FontSize(kept(value));
    await Promise.resolve();
    await Promise.resolve();
    expect(font.size.value).toBe(14);
  });

  it("has an end on both sides", () => {
    const font = new FontSize(undefined);
    for (let i = 0; i < 20; i++) font.step(1);
    expect([font.size.value, font.next(1)]).toEqual([28, undefined]);
    for (let i = 0; i < 20; i++) font.step(-1);
    expect([font.size.value, font.next(-1)]).toEqual([10, undefined]);
  });

  it("stays as the learner chose it when what was kept comes later", async () => {
    const font = new FontSize(kept(24));
    font.step(-1);
    await Promise.resolve();
    await Promise.resolve();
    expect(font.size.value).toBe(13);
  });
});
