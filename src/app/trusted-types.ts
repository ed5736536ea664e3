import { isSandboxed } from "../state/index.ts";
import { importingAddress } from "./worker-address.ts";

/** The little of the Trusted Types API that is used; TypeScript's library does not know it yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

function sameOrigin(url: string): string {
  const { origin, href } = new URL(url, document.baseURI);
  if (origin !== location.origin)
    throw new TypeError(`scripts come from ${location.origin} only, not ${origin}`);
  // Where nothing is of our own origin, what is made here from that address stands in its place.
  return isSandboxed() ? importingAddress(href) : href;
}

/** The one policy of the product: scripts by URL, from our own origin. Its name stands in the server's headers. */
function createPolicy(): (url: string) => string {
  const api = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (api === undefined) return sameOrigin;
  const policy = api.createPolicy("vivarium", { createScriptURL: sameOrigin });
  // The DOM takes the trusted object where its types say string.
  return (url) => policy.createScriptURL(url) as string;
}

/** @throws TypeError for a URL of another origin */
export const trustedScriptUrl = createPolicy();
