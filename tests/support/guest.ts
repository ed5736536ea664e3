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

/** Runs a script in the guest and returns what it wrote to stdout. Fails with its stderr when it fails. */
export async function sh(
  machine: Machine,
  script: string,
  options: { readonly user?: string; readonly timeoutMs?: number } = {},
): Promise<string> {
  const { user = "root", timeoutMs = 60_000 } = options;
  const { status, stdout, stderr } = await machine.exec({ user, argv: ["bash", "-c", script], timeoutMs });
  if (status.how === "exited" && status.code === 0) return text(stdout);
  throw new Error(`${JSON.stringify(status)}: ${script}\n${text(stderr)}${text(stdout)}`);
}
