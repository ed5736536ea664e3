import { say } from "../i18n/index.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** A number of bytes as one says it. */
export function sizeWords(bytes: number): string {
  if (bytes < KIB) return say("size.bytes", { count: bytes });
  if (bytes < MIB) return say("size.kib", { count: Math.round(bytes / KIB) });
  return say("size.mib", { count: (bytes / MIB).toFixed(1).replace(/\.0$/, "") });
}
