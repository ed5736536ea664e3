import { CodedError, throwIfAborted } from "../base/index.ts";

/**
 * Fetches what machines are made of.
 * @param base The folder's URL; ends in `/`.
 * @throws CodedError `network`, `asset-missing`, `manifest-invalid`, `aborted`
 */
export async function fetchRelease(base: URL, signal: AbortSignal | undefined): Promise<unknown> {
  const url = new URL("release.json", base);
  let response: Response;
  try {
    // A newer release has the same name.
    response = await fetch(url, {
      credentials: "omit",
      cache: "no-cache",
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throwIfAborted(signal);
    throw new CodedError("network", `${url.href} could not be fetched`, { cause: error });
  }
  if (!response.ok) {
    throw new CodedError("asset-missing", `${url.href} is not on the server (status ${response.status})`);
  }
  try {
    return await response.json();
  } catch (error) {
    throwIfAborted(signal);
    throw new CodedError("manifest-invalid", `${url.href} is no JSON`, { cause: error });
  }
}
