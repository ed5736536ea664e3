import { expect, test } from "vitest";
import { seeded } from "../../tests/support/random.ts";
import { CodedError } from "../../src/base/index.ts";
import { PAGE } from "./memory-image.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot } from "./snapshot.ts";

const SNAPSHOT: Snapshot = {
  profile: "base",
  kernelBuildId: "ab12",
  tree: "cd34",
  guestMs: 1234.5,
  mac: Uint8Array.of(2, 0, 0, 10, 0, 255),
  link: {
    nextChannel: 4,
    inputWindow: 4096,
    ready: true,
    partial: Uint8Array.of(1, 2),
    unsent: Uint8Array.of(255),
    channels: [{ id: 2, inputCredit: 10, waiting: [Uint8Array.of(0, 128)], inputEnded: false }],
  },
  terminals: [{ channel: 2, user: "root", unshown: 5, scrollback: new TextEncoder().encode("# ä") }],
  memory: {
    total: 16,
    numbers: Uint32Array.of(1, 8),
    content: new Uint8Array(2 * PAGE).fill(5, 0, PAGE).fill(6, PAGE),
  },
  devices: Uint8Array.of(9, 8, 7),
};

test("comes back as it was, with the places at which the network card's address stands", () => {
  const content = SNAPSHOT.memory.content.slice();
  content.set(SNAPSHOT.mac, PAGE + 100);
  const snapshot = { ...SNAPSHOT, memory: { ...SNAPSHOT.memory, content } };
  expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual({ ...snapshot, macAt: [8 * PAGE + 100] });
});

test("another emulator's is refused with a sentence", () => {
  const bytes = encodeSnapshot(SNAPSHOT);
  const other = new TextDecoder("latin1").decode(bytes).replace("v86 0.5.462", "v86 0.5.400");
  const changed = Uint8Array.from(other, (character) => character.charCodeAt(0));
  expect(() => decodeSnapshot(changed)).toThrow(/saved by v86 0.5.400, and this is v86 0.5.462/);
});

/** What becomes of bytes: a coded error's code, or what was thrown instead. */
function outcome(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    decodeSnapshot(bytes);
    return "decoded";
  } catch (error) {
    return error instanceof CodedError ? error.code : String(error);
  }
}

test("hostile bytes give a coded error and nothing else", () => {
  const random = seeded(11);
  const good = encodeSnapshot(SNAPSHOT);
  const headerEnd = good.length - 2 * PAGE - 3;
  for (let round = 0; round < 2000; round++) {
    const bytes = good.slice(0, random() < 0.3 ? Math.floor(random() * good.length) : good.length);
    for (let flips = 0; flips < 3; flips++) {
      const at = Math.floor(random() * Math.min(bytes.length, headerEnd));
      bytes[at] = Math.floor(random() * 256);
    }
    expect(outcome(bytes)).toMatch(/^(decoded|snapshot-invalid|snapshot-mismatch)$/);
  }
});
