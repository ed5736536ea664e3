import { say } from "../i18n/index.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const GIB = KIB * MIB;

const oneDigit = (value: number): string => value.toFixed(1).replace(/\.0$/, "");

/** A number of bytes as one says it. */
export function sizeWords(bytes: number): string {
  if (bytes < KIB) return say("size.bytes", { count: bytes });
  if (bytes < MIB) return say("size.kib", { count: Math.round(bytes / KIB) });
  if (bytes < GIB) return say("size.mib", { count: oneDigit(bytes / MIB) });
  return say("size.gib", { count: oneDigit(bytes / GIB) });
}
