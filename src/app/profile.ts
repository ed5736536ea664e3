import { USUAL_PROFILE } from "../machine/index.ts";

/** The profile that the page's address asks for: `?profile=NAME`. */
export function profileAsked(search: string): string {
  const name = new URLSearchParams(search).get("profile") ?? "";
  return name === "" ? USUAL_PROFILE : name;
}
