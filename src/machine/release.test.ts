import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { profileOf } from "./release.ts";

const manifest = JSON.parse(readFileSync("images/prebuilt/base.json", "utf8")) as object;
const blob = { sha256: "0".repeat(64), size: 1, stored: 1, storedSha256: "1".repeat(64) };
const release = {
  format: 1,
  profiles: {
    base: { manifest, snapshot: { ...blob, memory: 128 }, prefetch: blob },
    containers: { manifest: { ...manifest, profile: "containers" }, snapshot: { ...blob, memory: 256 } },
  },
};

describe("a release", () => {
  test("gives each of its profiles by name", () => {
    expect(profileOf(release, "base").manifest.profile).toBe("base");
    expect(profileOf(release, "base").prefetch).toEqual(blob);
    expect(profileOf(release, "containers").manifest.profile).toBe("containers");
    expect(profileOf(release, "containers").snapshot.memory).toBe(256);
  });

  test.each(["no such", "__proto__", "toString"])("has no profile %s, and says which it has", (name) => {
    expect(() => profileOf(release, name)).toThrow(
      `there is no profile "${name}"; there is: base, containers`,
    );
    expect(() => profileOf(release, name)).toThrow(expect.objectContaining({ code: "profile-unknown" }));
  });

  test("that is malformed is told as that", () => {
    expect(() => profileOf({ format: 2 }, "base")).toThrow(
      expect.objectContaining({ code: "manifest-invalid" }),
    );
  });
});
