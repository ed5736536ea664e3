import { describe, expect, it } from "vitest";
import {
  memoryChoices,
  MOST_SCRIPT,
  type ProfileChoice,
  readTerminalSettings,
  scriptFault,
  type TerminalSettings,
  terminalQuery,
} from "./terminal-settings.ts";

const PROFILES: [ProfileChoice, ...ProfileChoice[]] = [
  { name: "base", memory: { default: 128, minimum: 64 } },
  { name: "containers", memory: { default: 256, minimum: 160 } },
];
const USUAL: TerminalSettings = { profile: "base", memory: 128, machines: 1, user: "root", script: "" };
const read = (search: string) => readTerminalSettings(search, PROFILES);
const refused = (search: string) => read(search).refusals.map(({ setting }) => setting);

describe("settings in an address", () => {
  it("are the usual ones where none are named, or none has a value", () => {
    expect(read("?terminal")).toEqual({ settings: USUAL, refusals: [] });
    expect(read("?terminal&profile=&memory=&machines=&user=&script=")).toEqual({
      settings: USUAL,
      refusals: [],
    });
  });

  it("are taken as they stand, with a script's line ends as the guest has them", () => {
    expect(
      read("?terminal&profile=containers&memory=320&machines=2&user=learner&script=id%0D%0Aecho%20%C3%A4"),
    ).toEqual({
      settings: { profile: "containers", memory: 320, machines: 2, user: "learner", script: "id\necho ä" },
      refusals: [],
    });
  });

  it("take the memory that is usual with their profile", () => {
    expect(read("?terminal&profile=containers").settings.memory).toBe(256);
  });

  it.each([
    ["profile=debian", "profile"],
    ["profile=__proto__", "profile"],
    ["memory=63", "memory"],
    ["memory=513", "memory"],
    ["memory=1e2", "memory"],
    ["memory=-128", "memory"],
    ["memory=128.5", "memory"],
    ["memory=%D9%A1%D9%A2%D9%A8", "memory"],
    ["profile=containers&memory=128", "memory"],
    ["machines=0", "machines"],
    ["machines=5", "machines"],
    ["machines=two", "machines"],
    ["user=admin", "user"],
    [`script=${"a".repeat(MOST_SCRIPT + 1)}`, "too-long"],
    [`script=${"%E6%97%A5".repeat(MOST_SCRIPT / 5)}`, "too-long"],
    ["script=%C3%A4".padEnd(20, "a") + "%C3%A4".repeat(MOST_SCRIPT / 2), "too-long"],
    ["script=a%1B%5B31m", "hidden-characters"],
    ["script=a%00", "hidden-characters"],
    ["script=a%E2%80%AEb", "hidden-characters"],
    ["script=a%E2%80%8Bb", "hidden-characters"],
    ["script=a%E2%80%A8b", "hidden-characters"],
    ["script=a%C2%9Bb", "hidden-characters"],
  ])("refuse %s and take the usual", (query, setting) => {
    expect(refused(`?terminal&${query}`)).toEqual([setting]);
    const { profile, memory, machines, user, script } = read(`?terminal&${query}`).settings;
    const usual = profile === "base" ? USUAL : { ...USUAL, profile, memory: 256 };
    expect({ profile, memory, machines, user, script }).toEqual(usual);
  });

  it("repeat what was asked for so that a page can show it", () => {
    expect(read("?memory=%1B%5B31m").refusals).toEqual([{ setting: "memory", given: "\uFFFD[31m" }]);
    expect(read(`?user=${"x".repeat(5000)}`).refusals[0]?.given).toBe(`${"x".repeat(40)}…`);
  });

  it("tell all that is wrong", () => {
    expect(refused("?profile=a&memory=b&machines=c&user=d&script=%07")).toEqual([
      "profile",
      "memory",
      "machines",
      "user",
      "hidden-characters",
    ]);
  });
});

describe("a link", () => {
  it("says only what is not usual", () => {
    expect(terminalQuery(USUAL, PROFILES)).toBe("terminal");
    expect(terminalQuery({ ...USUAL, memory: 256, machines: 2 }, PROFILES)).toBe(
      "terminal&memory=256&machines=2",
    );
    expect(terminalQuery({ ...USUAL, profile: "containers", memory: 256 }, PROFILES)).toBe(
      "terminal&profile=containers",
    );
  });

  it("leads to the settings that it was made of", () => {
    const settings: TerminalSettings = {
      profile: "containers",
      memory: 512,
      machines: 4,
      user: "learner",
      script: "# a + b & c = d % é\n\techo '#&?'\n",
    };
    expect(read(`?${terminalQuery(settings, PROFILES)}`)).toEqual({ settings, refusals: [] });
  });
});

it("a script may have tabs and line ends of any kind, and letters of any language", () => {
  expect(scriptFault("a\tb\r\nc\rd\n — ünï 日本語")).toBeUndefined();
});

it("memory is chosen among sizes that the profile allows, the present one among them", () => {
  const containers = PROFILES[1];
  expect(containers).toBeDefined();
  expect(memoryChoices(PROFILES[0], 100)).toEqual([64, 96, 100, 128, 160, 192, 256, 384, 512]);
  expect(memoryChoices(containers ?? PROFILES[0], 64)).toEqual([160, 192, 256, 384, 512]);
});
