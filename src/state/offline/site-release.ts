import * as v from "valibot";
import { CodedError, throwIfAborted } from "../../base/index.ts";

const Bytes = v.pipe(v.number(), v.integer(), v.minValue(0));

const listOf = <S extends v.GenericSchema>(entry: S) =>
  v.pipe(v.array(v.pipe(entry, v.readonly())), v.readonly());

/** What a built site's `release.json` says beside what its machines are made of. `vivarium build` writes it. */
const SiteReleaseSchema = v.object({
  format: v.literal(1),
  id: v.pipe(v.string(), v.minLength(1)),
  /** The page's own: path below the site's folder, hash as Subresource Integrity writes it, bytes. */
  files: listOf(v.tuple([v.string(), v.string(), Bytes])),
  /** What the machines of each profile may ask for: name in the store, bytes, whether one fetches it at any start. */
  stores: v.record(v.string(), listOf(v.tuple([v.string(), Bytes, v.boolean()]))),
});
export type StoredFile = SiteRelease["stores"][string][number];
export type SiteRelease = v.InferOutput<typeof SiteReleaseSchema>;

/**
 * The release of this page.
 * @param site Address of the site's folder; ends in `/`.
 * @throws CodedError `network`, `asset-missing`, `manifest-invalid`: also when the host has another release by now
 */
export async function fetchSiteRelease(site: string, id: string, signal?: AbortSignal): Promise<SiteRelease> {
  let response: Response;
  try {
    response = await fetch(new URL("release.json", site), signal === undefined ? {} : { signal });
  } catch (error) {
    throwIfAborted(signal);
    throw new CodedError("network", "the list of the page's files could not be fetched", { cause: error });
  }
  if (!response.ok) throw new CodedError("asset-missing", "the page's release.json is not on the server");
  const parsed = v.safeParse(SiteReleaseSchema, await response.json().catch(() => undefined));
  if (!parsed.success)
    throw new CodedError("manifest-invalid", `release.json is malformed: ${parsed.issues[0].message}`);
  if (parsed.output.id !== id)
    throw new CodedError("manifest-invalid", "the server has another version than this page is of");
  return parsed.output;
}
