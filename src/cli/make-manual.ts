import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { CodedError } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";
import type { OnProgress } from "./make-snapshot.ts";
import { MANUAL, manifestPath, manualPath } from "./places.ts";
import { profileNames } from "./profiles.ts";
import { startMachine } from "./start-machine.ts";

/** The pages of a profile as its own man sets them, as markup, by their names: `unshare(1)`. */
export type Manual = Readonly<Record<string, string>>;

/** Bumped when this file makes something else of the same profile. */
const RECIPE = 1;
const TIMEOUT_MS = 600_000;
/** Bytes; four times of what there is. */
const MOST = 32 * 1024 * 1024;
/** Stands before each page's path. */
const MARK = "\u001e";
const SCRIPT = `cd /usr/share/man
for page in man[0-9]/*; do printf '\\036%s\\n' "$page"; mandoc -T html -O fragment "$page"; done`;

/**
 * Has a machine set all of its manual.
 * @throws CodedError `exec-failed` when it does not, or when it has none
 */
export async function setManual(machine: Pick<Machine, "exec">): Promise<Manual> {
  const { status, stdout, stderr } = await machine.exec({
    argv: ["bash", "-c", SCRIPT],
    timeoutMs: TIMEOUT_MS,
    outputLimit: MOST,
  });
  const pages = new TextDecoder()
    .decode(stdout)
    .split(MARK)
    .flatMap((page): [string, string][] => {
      const [, name, section, text] = /^man\d\/(.+)\.(\d[a-z]*)\n([^]+)$/.exec(page) ?? [];
      return name === undefined || section === undefined || text === undefined
        ? []
        : [[`${name}(${section})`, text]];
    });
  if (status.how !== "exited" || pages.length === 0)
    throw new CodedError("exec-failed", `the manual was not set: ${new TextDecoder().decode(stderr)}`);
  return Object.fromEntries(pages);
}

interface KeptManual {
  /** Of what it was made from. */
  readonly key: string;
  readonly pages: Manual;
}

/** Makes the manuals that are not there yet, for the page to be built with. */
export async function ensureManuals(tell: OnProgress): Promise<void> {
  for (const profile of await profileNames()) {
    const key = createHash("sha256")
      .update(`recipe ${RECIPE}\0`)
      .update(await readFile(manifestPath(profile)))
      .digest("hex");
    const path = manualPath(profile);
    const kept = await readFile(path, "utf8").catch(() => undefined);
    if (kept !== undefined && (JSON.parse(kept) as KeptManual).key === key) continue;
    tell(`${profile}: setting its manual`);
    const machine = await startMachine({ profile });
    try {
      const made: KeptManual = { key, pages: await setManual(machine) };
      await mkdir(MANUAL, { recursive: true });
      await writeFile(path, JSON.stringify(made));
      tell(`${profile}: ${Object.keys(made.pages).length} pages are set`);
    } finally {
      machine.dispose();
    }
  }
}
