import { CodedError } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";

/**
 * A user's home in the guest.
 * @throws CodedError `file-failed`, also where there is no such user
 */
export async function homeOf(
  machine: Pick<Machine, "readFile">,
  user: string,
  stopped?: AbortSignal,
): Promise<string> {
  const bytes = await machine.readFile("/etc/passwd", stopped === undefined ? {} : { signal: stopped });
  const home = new TextDecoder()
    .decode(bytes)
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === user)?.[5];
  if (home === undefined || home === "") throw new CodedError("file-failed", `${user} has no home`);
  return home;
}
