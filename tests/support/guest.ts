import { afterAll, beforeAll } from "vitest";

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
