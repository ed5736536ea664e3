import { sha256 as sha256InJavaScript } from "@noble/hashes/sha2.js";
import { toHex } from "../../src/base/index.ts";

/** SHA-256 in lower-case hexadecimal. On plain http there is no `crypto.subtle`; JavaScript does it then. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return toHex(sha256InJavaScript(bytes));
  return toHex(new Uint8Array(await subtle.digest("SHA-256", bytes)));
}
