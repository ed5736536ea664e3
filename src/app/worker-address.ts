/**
 * What a worker of an opaque origin is started from: none can be started from an address of another origin, but a script
 * of its own may import the module from there, if the host allows it (`Access-Control-Allow-Origin: *`). What comes before
 * the module listens is kept for it.
 */
export function importingScript(url: string): string {
  return `const early = [];
const keep = (event) => early.push(event);
addEventListener("message", keep);
import(${JSON.stringify(url)}).then(
  () => {
    removeEventListener("message", keep);
    for (const { data, ports } of early) dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
  },
  (error) => setTimeout(() => { throw error; }),
);
`;
}

const made = new Map<string, string>();

/** The address of such a script, one for each module, as long as the page. */
export function importingAddress(url: string): string {
  const known = made.get(url);
  if (known !== undefined) return known;
  const address = URL.createObjectURL(new Blob([importingScript(url)], { type: "text/javascript" }));
  made.set(url, address);
  return address;
}
