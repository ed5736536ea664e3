import { describe, expect, it } from "vitest";
import { type DiagnosticFacts, diagnosticsText } from "./diagnostics-text.ts";

const FACTS: DiagnosticFacts = {
  taken: new Date("2026-01-02T03:04:05Z"),
  product: { page: "lab", kernel: "6.1.192", profile: "base" },
  version: "0.1.0",
  emulator: undefined,
  browser: {
    agent: "Mozilla/5.0 (X11)",
    language: "en",
    processors: 4,
    deviceMemory: 8,
    width: 1280,
    height: 800,
    ratio: 2,
    pointer: "fine",
    isOnline: true,
    isSeen: true,
    prefers: [],
    isSecure: false,
    isFramed: false,
    hasDatabase: true,
    serviceWorker: "unsupported",
    clipboard: false,
    heap: undefined,
    release: "",
    terminals: ["dom, 80 × 24"],
    age: 65_432,
  },
  settings: {
    theme: "dark",
    terminalScheme: "page",
    fontFamily: "usual",
    fontSize: 16,
    lineHeight: 1.15,
    screenReader: false,
    pauseHidden: true,
  },
  isSettingsKept: true,
  used: undefined,
  allowed: undefined,
  lab: {
    machines: [
      {
        name: "machine-1",
        phase: "crashed",
        stages: [
          { stage: "fetching", at: 0 },
          { stage: "restoring", at: 812.4 },
        ],
        agent: "gone",
        guest: "answers",
        isWaitingForFile: false,
        stats: undefined,
      },
    ],
    terminals: [{ machine: "machine-1", kind: "lost" }],
    isXrayOpen: true,
    isManualOpen: false,
    lesson: "namespaces/pid look-around",
  },
  faults: [{ time: Date.UTC(2026, 0, 2, 3, 4), code: "machine-gone", place: "machine", cause: "TypeError" }],
};

describe("the diagnostics' text", () => {
  it("says versions, browser, machines and faults, line by line", () => {
    const text = diagnosticsText(FACTS);
    for (const line of [
      /^ {2}taken +2026-01-02T03:04:05\.000Z$/m,
      /^ {2}page +lab, opened 65 s before$/m,
      /^ {2}Vivarium +0\.1\.0$/m,
      /^ {2}v86 +not told$/m,
      /^ {2}secure context +no$/m,
      /^ {2}window +1280 × 800, 2 device pixels each$/m,
      /^Machine machine-1\n {2}state +crashed\n {2}start +fetching at 0 ms, restoring at 812 ms\n {2}serves terminals +no$/m,
      /^ {2}terminals +lost$/m,
      /^ {2}open +X-ray$/m,
      /^Latest faults\n {2}2026-01-02T03:04:00\.000Z {2}machine-gone \(machine, TypeError\)$/m,
    ])
      expect(text).toMatch(line);
  });

  it("is plain text without machines too", () => {
    const text = diagnosticsText({ ...FACTS, lab: undefined, faults: [] });
    expect(text).toMatch(/^Latest faults\n {2}none$/m);
    expect(text).not.toMatch(/Machine |lesson|terminal drawn by/);
    // oxlint-disable-next-line no-control-regex -- none of these is plain text
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f<>]/);
  });
});
