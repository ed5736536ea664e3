import { readFile } from "node:fs/promises";
import { decompress, init } from "@bokuweb/zstd-wasm";
import * as v from "valibot";
import { readManifest, startMachine } from "../../../src/cli/index.ts";
import { type KernelLayout, KernelLayoutSchema } from "../../../src/introspect/index.ts";
import { PAGE, pagesOf } from "../../../workers/machine/memory-image.ts";
import { decodeSnapshot } from "../../../workers/machine/snapshot.ts";
import { sh, text } from "../../support/guest.ts";

const IMAGES = new URL("../../../images/prebuilt/", import.meta.url);

/** Of the profile `base`. */
export async function readLayout(): Promise<KernelLayout> {
  const { kernelInfo } = await readManifest("base");
  await init();
  const stored = await readFile(new URL(`store/${kernelInfo.layout.sha256}`, IMAGES));
  return v.parse(KernelLayoutSchema, JSON.parse(text(decompress(stored))));
}

/** The whole RAM of a guest in which there is one of everything. */
export async function fixtureMemory(): Promise<{ ram: Uint8Array; layout: KernelLayout }> {
  const machine = await startMachine();
  try {
    await sh(machine, await readFile(new URL("fixture.sh", import.meta.url), "utf8"), { timeoutMs: 100_000 });
    const image = decodeSnapshot(new Uint8Array(await machine.snapshot())).memory;
    const ram = new Uint8Array(image.total * PAGE);
    for (const [number, bytes] of pagesOf(image)) ram.set(bytes, number * PAGE);
    return { ram, layout: await readLayout() };
  } finally {
    machine.dispose();
  }
}
