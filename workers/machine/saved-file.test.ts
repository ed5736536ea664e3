import { expect, test } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import { packSaved, unpackSaved } from "./saved-file.ts";

const CONTENT = new TextEncoder().encode("VIVSNAP2 and much more ".repeat(5000));

test("a file comes back as it was, and so do plain bytes", async () => {
  const packed = await packSaved(CONTENT);
  expect(packed.length).toBeLessThan(CONTENT.length / 10);
  expect(await unpackSaved(new Blob([packed]))).toEqual(CONTENT);
  expect(await unpackSaved(new Blob([CONTENT]))).toEqual(CONTENT);
});

test("one changed bit, or a missing end, is found", async () => {
  const packed = await packSaved(CONTENT);
  const random = seeded(4);
  for (let round = 0; round < 100; round++) {
    // From behind the header of gzip, whose time and flags say nothing of the content.
    const at = 10 + Math.floor(random() * (packed.length - 10));
    const damaged = packed.slice();
    damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    await expect(unpackSaved(new Blob([damaged]))).rejects.toMatchObject({ code: "snapshot-invalid" });
    await expect(unpackSaved(new Blob([packed.subarray(0, at)]))).rejects.toMatchObject({
      code: "snapshot-invalid",
    });
  }
});

test("a small file that unpacks to too much is refused before it does", async () => {
  const bomb = await packSaved(new Uint8Array(8 << 20));
  expect(bomb.length).toBeLessThan(20_000);
  await expect(unpackSaved(new Blob([bomb]), 1 << 20)).rejects.toMatchObject({ code: "snapshot-invalid" });
  await expect(unpackSaved(new Blob([new Uint8Array(2 << 20)]), 1 << 20)).rejects.toMatchObject({
    code: "snapshot-invalid",
  });
});
