import { en, type MessageKey } from "./en.ts";

export type { MessageKey } from "./en.ts";
export { type FaultAction, faultSentences, faultWords } from "./faults.ts";

/** A sentence of the page with its gaps filled in. */
export function say(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  return en[key].replaceAll(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}
