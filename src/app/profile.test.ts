import { describe, expect, test } from "vitest";
import { profileAsked } from "./profile.ts";

describe("the page's address", () => {
  test.each([
    ["", undefined],
    ["?profile=", undefined],
    ["?boot=firmware", undefined],
    ["?boot=firmware&profile=containers", "containers"],
    ["?profile=no%20such", "no such"],
  ])("%s asks for %s", (search, name) => expect(profileAsked(search)).toBe(name));
});
