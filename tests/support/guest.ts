import { afterAll, beforeAll } from "vitest";
import type { Machine } from "../../src/machine/index.ts";

/** Something that a test file starts once and takes down at its end. */
export function shared<T>(start: () => Promise<T>, stop: (value: T) => void | Promise<void>): () => T {
  let value: T | undefined;
  beforeAll(async () => {
    value = await start();
  });
  afterAll(async () => {
    if (value !== undefined) await stop(value);
  });
  return () => {
    if (value === undefined) throw new Error("used before the tests of this file began");
    return value;
  };
}

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/**
 * Runs a bash script in the guest, as root and for at most a minute if not told otherwise, and gives what it printed.
 *
 * @throws If it does not end with 0: an error that says how it ended and what it wrote to stderr.
 */
export async function sh(
  machine: Machine,
  script: string,
  { user = "root", timeoutMs = 60_000 }: { user?: string; timeoutMs?: number } = {},
): Promise<string> {
  const { status, stdout, stderr } = await machine.exec({ user, argv: ["bash", "-c", script], timeoutMs });
  if (status.how === "exited" && status.code === 0) return text(stdout);
  throw new Error(`the script ended with ${JSON.stringify(status)}\n${text(stderr)}\n${text(stdout)}`);
}
