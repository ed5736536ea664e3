/** Pieces of the sentences that the model says. Code is between backticks. */
import type { IdRange, NamespaceKind } from "./namespace.ts";

/** How prose calls the kinds. */
export const KIND_NAMES: Readonly<Record<NamespaceKind, string>> = {
  cgroup: "cgroup",
  ipc: "IPC",
  mnt: "mount",
  net: "network",
  pid: "PID",
  time: "time",
  user: "user",
  uts: "UTS",
};

/** "a", "a and b", "a, b and c" */
export function list(words: readonly string[], joint = "and"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${joint} ${last}`;
}

/** As {@link list}, with only the first few by name: "a, b, c and 12 more". */
export function shortList(words: readonly string[], most = 3): string {
  // "and 1 more" would be no shorter than its name.
  if (words.length <= most + 1) return list(words);
  return list([...words.slice(0, most), `${words.length - most} more`]);
}

export function code(text: string): string {
  // A backtick of the guest's must not end the code.
  return `\`${text.replaceAll("`", "'")}\``;
}

/** `` `sleep` (54) `` */
export function processName(process: { readonly comm: string; readonly pid: number }): string {
  return `${code(process.comm)} (${process.pid})`;
}

/** "a PID namespace", "an IPC namespace", "mount and PID namespaces" */
export function namespacesOf(kinds: readonly NamespaceKind[]): string {
  const names = kinds.map((kind) => KIND_NAMES[kind]);
  const [only] = names;
  if (names.length === 1 && only !== undefined) return `${only === "IPC" ? "an" : "a"} ${only} namespace`;
  return `${list(names)} namespaces`;
}

/** "once", "twice", "5 times" */
export function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

/** "1 process", "3 processes" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "user 0 is 1000 outside", "users 0–65535 are 100000–165535 outside" */
export function mapped(noun: string, ranges: readonly IdRange[]): string {
  return list(
    ranges.map(({ inside, outside, count }) =>
      count === 1
        ? `${noun} ${inside} is ${outside} outside`
        : `${noun}s ${inside}–${inside + count - 1} are ${outside}–${outside + count - 1} outside`,
    ),
  );
}

/** "16 MiB", "1.5 KiB", "3 bytes" */
export function bytes(count: number): string {
  const units = ["KiB", "MiB", "GiB"];
  let value = count;
  let unit = "";
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  if (unit === "") return counted(count, "byte");
  return `${Number(value.toFixed(1))} ${unit}`;
}
