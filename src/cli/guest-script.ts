import { readFile } from "node:fs/promises";
import { CodedError } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";
import { scriptPath } from "./places.ts";

/**
 * What a profile's machine runs when its snapshot is made: `prepare` before, for what a learner shall find; `rehearsal`
 * afterwards, which does what the first lessons do.
 */
export const SCRIPTS = ["prepare", "rehearsal"] as const;

/** One of the scripts of a profile; undefined when it has none. */
export async function readScript(
  profile: string,
  name: (typeof SCRIPTS)[number],
): Promise<string | undefined> {
  return readFile(scriptPath(profile, name), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/**
 * Runs a script in the guest as root.
 * @returns what it printed
 * @throws CodedError `exec-failed` with all that it said, when it does not end well
 */
export async function runScript(
  machine: Pick<Machine, "exec">,
  what: string,
  script: string,
  timeoutMs: number,
): Promise<string> {
  const { status, stdout, stderr } = await machine.exec({ argv: ["bash", "-c", script], timeoutMs });
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  if (status.how === "exited" && status.code === 0) return text(stdout);
  const how =
    status.how === "exited"
      ? `exit ${status.code}`
      : status.how === "signalled"
        ? `signal ${status.signal}`
        : "timeout";
  throw new CodedError("exec-failed", `${what} failed (${how}); it said:\n${text(stdout)}${text(stderr)}`);
}
