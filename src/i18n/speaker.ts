/** What the gaps of a sentence are filled with. */
type Values = Readonly<Record<string, string | number>>;

/**
 * Who speaks the sentences of one catalogue. Each catalogue has its own, so that a door of the page has the words of what it
 * draws and no others: whoever says a sentence imports its catalogue, and the compiler knows its keys.
 */
export function speaker<Key extends string>(
  sentences: Readonly<Record<Key, string>>,
): (key: Key, values?: Values) => string {
  return (key, values = {}) =>
    sentences[key].replaceAll(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}
