import { describe, expect, test } from "vitest";
import { lessonAddress, lessonAsked } from "./lesson-asked.ts";

describe("the page's address", () => {
  test.each([
    ["", undefined, false],
    ["?lesson=namespaces/pid", "namespaces/pid", false],
    ["?lesson=namespaces%2Fpid", "namespaces/pid", false],
    ["?lesson=tour/glass-box&replay", "tour/glass-box", true],
    ["?lesson=tour/glass-box&replay=1", "tour/glass-box", true],
    ["?lesson=tour/glass-box&replay=0", "tour/glass-box", false],
    ["?replay", undefined, false],
    ["?lesson=javascript:alert(1)&replay", undefined, false],
    ["?lesson=../../etc/passwd&replay", undefined, false],
    [`?lesson=a/${"b".repeat(100)}`, undefined, false],
  ])("%s asks for %s", (search, id, isReplay) => expect(lessonAsked(search)).toEqual({ id, isReplay }));

  test.each([
    ["http://a.b/x/", false, "http://a.b/x/?lesson=tour/glass-box"],
    ["http://a.b/x/?lesson=namespaces/pid#terminal", true, "http://a.b/x/?lesson=tour/glass-box&replay"],
    [
      "http://a.b/?replay=1&profile=containers",
      true,
      "http://a.b/?profile=containers&lesson=tour/glass-box&replay",
    ],
    ["http://a.b/?lesson=tour/glass-box&replay", false, "http://a.b/?lesson=tour/glass-box"],
  ])("of a lesson, from %s", (page, isReplay, address) =>
    expect(lessonAddress(page, "tour/glass-box", isReplay)).toBe(address),
  );
});
