/** Names of a learner's files, made fit for the guest: what they hold is nobody's to trust. */

/** Bytes; NAME_MAX of Linux (`linux/limits.h`). */
const NAME_MAX = 255;

/**
 * A relative path as it may be made in the guest: control characters, which a terminal would obey, become `_`.
 * @returns undefined where it has a part that is empty, too long, or leads elsewhere
 */
export function guestName(path: string): string | undefined {
  const parts = path.split("/").map((part) => part.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "_"));
  const isBad = (part: string): boolean =>
    part === "" || part === "." || part === ".." || new TextEncoder().encode(part).length > NAME_MAX;
  return parts.some(isBad) ? undefined : parts.join("/");
}
