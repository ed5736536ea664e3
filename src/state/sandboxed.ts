/**
 * Whether this is a frame with `sandbox` and without `allow-same-origin`: no address is of its origin but what it makes
 * itself, nothing is stored, and the very names of some things are refused.
 */
export function isSandboxed(): boolean {
  return (globalThis as { readonly origin?: string }).origin === "null";
}
