import { buildNode, ensureSnapshot } from "../../tools/build.mjs";

/** Before the guest tests: the built command, and the snapshot that they start machines from. */
export default async function setup(): Promise<void> {
  await buildNode();
  ensureSnapshot();
}
