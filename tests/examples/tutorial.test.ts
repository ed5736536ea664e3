/** The tutorial, done as it is written: its files, its commands, and what they print. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { COMMAND } from "../../tools/build.mjs";
import { shared } from "../support/guest.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const TUTORIAL = join(ROOT, "docs/tutorial.md");

const scratch = shared(
  async () => mkdtempSync(join(tmpdir(), "vivarium-tutorial-")),
  (dir) => rmSync(dir, { recursive: true }),
);

/** A command as `npm link` would put it there. */
function link(dir: string): string {
  const bin = join(dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "vivarium"), `#!/bin/sh\nexec "${process.execPath}" "${COMMAND}" "$@"\n`);
  chmodSync(join(bin, "vivarium"), 0o755);
  return bin;
}

const withoutTimes = (text: string): string => text.replaceAll(/\d+\.\d s/g, "N s");

interface Part {
  readonly whole: string;
  readonly mark: string;
  readonly head: string;
  readonly body: string;
}

function partsOf(document: string): Part[] {
  return [...document.matchAll(/^(`{3,})(console|[a-z]+ file=\S+)\n([\s\S]*?)^\1$/gm)].map(
    ([whole, mark = "", head = "", body = ""]) => ({ whole, mark, head, body }),
  );
}

/** `UPDATE=1` writes what the commands printed into the document. */
test("the commands print what the tutorial says", { timeout: 5 * 60_000 }, () => {
  const bin = link(scratch());
  const work = join(scratch(), "work");
  mkdirSync(work);
  const document = readFileSync(TUTORIAL, "utf8");
  let done = document;
  for (const { whole, mark, head, body } of partsOf(document)) {
    const [, file] = /file=(\S+)/.exec(head) ?? [];
    if (file !== undefined) {
      mkdirSync(dirname(join(work, file)), { recursive: true });
      writeFileSync(join(work, file), body);
      continue;
    }
    const printed = body
      .split("\n")
      .filter((line) => line.startsWith("$ "))
      .map((line) => {
        const { stdout, stderr } = spawnSync("sh", ["-c", line.slice(2)], {
          cwd: work,
          encoding: "utf8",
          timeout: 120_000,
          env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` },
        });
        return `${line}\n${stdout}${stderr}`;
      })
      .join("");
    if (withoutTimes(printed) !== withoutTimes(body))
      done = done.replace(whole, () => `${mark}${head}\n${printed}${mark}`);
  }
  if (process.env["UPDATE"] === "1") writeFileSync(TUTORIAL, done);
  expect(readFileSync(TUTORIAL, "utf8")).toBe(done);
});
