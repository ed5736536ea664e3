import { expect, test } from "vitest";
import { startMachine } from "../../src/cli/index.ts";
import { sh, shared } from "../support/guest.ts";

const machine = shared(startMachine, (started) => started.dispose());

const PAGES = [
  ...["1 unshare", "1 nsenter", "7 namespaces", "7 cgroups", "7 capabilities"],
  ...["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"].map(
    (kind) => `7 ${kind}_namespaces`,
  ),
];

test.each(["root", "learner"])("man formats every page that lessons stand on, for %s", async (user) => {
  const out = await sh(
    machine(),
    `for page in ${PAGES.map((page) => `"${page}"`).join(" ")}; do man $page 2>&1 | wc -l; done`,
    { user },
  );
  const lines = out.trim().split("\n").map(Number);
  expect(lines).toHaveLength(PAGES.length);
  expect(Math.min(...lines)).toBeGreaterThan(20);
});

test("a page that is not there is told, and apropos finds those that are", async () => {
  const out = await sh(
    machine(),
    "man nothing-like-it 2>&1 || echo exit $?; apropos namespaces | cut -d'(' -f1",
  );
  expect(out).toMatch(/nothing-like-it/);
  expect(out).toMatch(/exit [1-9]/);
  expect(out).toMatch(/pid_namespaces/);
});
