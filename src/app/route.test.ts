import { describe, expect, test } from "vitest";
import {
  isColdBoot,
  landingAddress,
  lessonAddress,
  profileAsked,
  routeOf,
  stepOf,
  terminalAddress,
} from "./route.ts";

const LONG = "b".repeat(100);

describe("the page's address", () => {
  test.each([
    ["", { kind: "landing" }],
    ["?profile=containers&boot=firmware", { kind: "landing" }],
    ["?replay", { kind: "landing" }],
    ["?course=namespaces", { kind: "landing", course: "namespaces" }],
    ["?course=", { kind: "landing", missing: "course" }],
    ["?course=name spaces", { kind: "landing", missing: "course" }],
    ["?course=javascript:alert(1)", { kind: "landing", missing: "course" }],
    [`?course=${LONG}`, { kind: "landing", missing: "course" }],
    ["?lesson=namespaces/pid", { kind: "lesson", lesson: "namespaces/pid", isReplay: false }],
    ["?lesson=namespaces%2Fpid", { kind: "lesson", lesson: "namespaces/pid", isReplay: false }],
    ["?lesson=tour/glass-box&replay", { kind: "lesson", lesson: "tour/glass-box", isReplay: true }],
    ["?lesson=tour/glass-box&replay=1", { kind: "lesson", lesson: "tour/glass-box", isReplay: true }],
    ["?lesson=tour/glass-box&replay=0", { kind: "lesson", lesson: "tour/glass-box", isReplay: false }],
    ["?lesson=javascript:alert(1)&replay", { kind: "landing", missing: "lesson" }],
    ["?lesson=../../etc/passwd&replay", { kind: "landing", missing: "lesson" }],
    ["?lesson=tour", { kind: "landing", missing: "lesson" }],
    ["?lesson=", { kind: "landing", missing: "lesson" }],
    [`?lesson=a/${LONG}`, { kind: "landing", missing: "lesson" }],
    ["?terminal", { kind: "terminal" }],
    ["?terminal=1&memory=256&profile=containers", { kind: "terminal" }],
    ["?terminal&course=namespaces", { kind: "terminal" }],
    ["?terminal&lesson=a/b", { kind: "lesson", lesson: "a/b", isReplay: false }],
  ])("%s leads to %j", (search, route) => expect(routeOf(search)).toEqual(route));

  test.each([
    ["", undefined],
    ["#", undefined],
    ["#outside", "outside"],
    ["#look-again-2", "look-again-2"],
    ["#Outside", undefined],
    ["#a/b", undefined],
    ["#%00", undefined],
    [`#${LONG}`, undefined],
  ])("%s names the step %s", (hash, step) => expect(stepOf(hash)).toBe(step));

  test.each([
    ["", undefined],
    ["?profile=", undefined],
    ["?boot=firmware", undefined],
    ["?boot=firmware&profile=containers", "containers"],
    ["?profile=no%20such", "no such"],
    [`?profile=${LONG}`, undefined],
  ])("%s asks for the profile %s", (search, name) => expect(profileAsked(search)).toBe(name));

  test.each([
    ["", false],
    ["?boot=snapshot", false],
    ["?lesson=a/b&boot=firmware", true],
  ])("%s boots cold: %s", (search, isCold) => expect(isColdBoot(search)).toBe(isCold));
});

describe("the address", () => {
  test.each([
    ["http://a.b/x/", {}, "http://a.b/x/?lesson=tour/glass-box"],
    ["http://a.b/x/?course=tour", { step: "box" }, "http://a.b/x/?lesson=tour/glass-box#box"],
    [
      "http://a.b/x/?lesson=namespaces/pid#terminal",
      { isReplay: true },
      "http://a.b/x/?lesson=tour/glass-box&replay",
    ],
    [
      "http://a.b/?replay=1&profile=containers&memory=64",
      { isReplay: true },
      "http://a.b/?profile=containers&lesson=tour/glass-box&replay",
    ],
    ["http://a.b/?lesson=tour/glass-box&replay", {}, "http://a.b/?lesson=tour/glass-box"],
    [
      "http://a.b/?profile=%26lesson%3Da/b&boot=firmware",
      { step: "box" },
      "http://a.b/?profile=%26lesson%3Da%2Fb&boot=firmware&lesson=tour/glass-box#box",
    ],
  ])("of a lesson, from %s and %j", (page, options, address) =>
    expect(lessonAddress(page, "tour/glass-box", options)).toBe(address),
  );

  test("of the landing, of a course and of the free terminal leaves nothing of where one was", () => {
    const page = "http://a.b/x/?profile=containers&lesson=tour/glass-box#box";
    expect(landingAddress(page)).toBe("http://a.b/x/");
    expect(landingAddress(page, "tour")).toBe("http://a.b/x/?course=tour");
    expect(terminalAddress(page)).toBe("http://a.b/x/?terminal");
  });

  test("that is made leads back to what it is of", () => {
    const page = "http://a.b/?profile=x";
    const { search, hash } = new URL(lessonAddress(page, "a/b", { isReplay: true, step: "c" }));
    expect(routeOf(search)).toEqual({ kind: "lesson", lesson: "a/b", isReplay: true });
    expect(stepOf(hash)).toBe("c");
    expect(routeOf(new URL(landingAddress(page, "a")).search)).toEqual({ kind: "landing", course: "a" });
    expect(routeOf(new URL(terminalAddress(page)).search)).toEqual({ kind: "terminal" });
  });
});
