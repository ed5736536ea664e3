import * as v from "valibot";
import { CodedError } from "../../base/index.ts";
import type { ManPage } from "./man-tree.ts";
import { parseManPage } from "./parse-man-page.ts";

/** A page of the manual: `unshare` in section `1`. */
export interface ManName {
  readonly page: string;
  readonly section: string;
}

/** Where pages come from. */
export interface ManSource {
  /**
   * Which pages there are, as `unshare(1)`.
   * @throws CodedError `network`, `asset-missing`, `manifest-invalid`
   */
  names(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** @throws CodedError as `names`; `asset-missing` too for a page that is not among them */
  load(name: ManName, signal: AbortSignal): Promise<ManPage>;
}

/** Which file holds a page, by its name. */
const ListSchema = v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}\.txt$/)));

export const nameOf = ({ page, section }: ManName): string => `${page}(${section})`;

async function fetchText(url: URL, signal: AbortSignal): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", signal });
    if (response.ok) return await response.text();
  } catch (error) {
    throw new CodedError("network", `${url.pathname} could not be fetched`, { cause: error });
  }
  throw new CodedError("asset-missing", `${url.pathname} is not on the server (status ${response.status})`);
}

/**
 * The pages beside the web client, as the guest's own man has set them.
 *
 * @param base the folder's URL, with a slash at its end
 * @param list the file in it that names the profile's pages; undefined when the profile has none
 */
export function fetchedManual(base: string, list: string | undefined): ManSource {
  let files: ReadonlyMap<string, string> | undefined;
  const listed = async (signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    if (files !== undefined || list === undefined) return files ?? new Map();
    let given: unknown;
    const text = await fetchText(new URL(list, base), signal);
    try {
      given = JSON.parse(text);
    } catch {
      // Nothing is what the schema refuses.
    }
    const parsed = v.safeParse(ListSchema, given);
    if (!parsed.success) throw new CodedError("manifest-invalid", "the list of manual pages is malformed");
    files = new Map(Object.entries(parsed.output));
    return files;
  };
  return {
    names: async (signal) => new Set((await listed(signal)).keys()),
    async load(name, signal) {
      const file = (await listed(signal)).get(nameOf(name));
      if (file === undefined) throw new CodedError("asset-missing", `there is no ${nameOf(name)}`);
      const page = parseManPage(await fetchText(new URL(file, base), signal));
      if (page === undefined) throw new CodedError("asset-corrupt", `${nameOf(name)} is not a page`);
      return page;
    },
  };
}
