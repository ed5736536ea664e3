/** The profile that the page's address asks for, `?profile=NAME`; undefined when it asks for none. */
export function profileAsked(search: string): string | undefined {
  const name = new URLSearchParams(search).get("profile") ?? "";
  return name === "" ? undefined : name;
}
