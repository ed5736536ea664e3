import * as v from "valibot";
import { CodedError } from "../base/index.ts";

const PartSchema = v.object({
  name: v.string(),
  /** Empty where there is none. */
  version: v.string(),
  licence: v.string(),
  /** Where its licence's text lies, below the folder of all this. */
  text: v.pipe(v.string(), v.regex(/^(?:[\w@+-][\w@.+-]*\/)?[\w@+-][\w@.+-]*\.txt$/)),
});

const NoticeSchema = v.object({
  kind: v.picklist(["paragraph", "item"]),
  pieces: v.array(v.object({ kind: v.picklist(["plain", "strong", "code"]), text: v.string() })),
});

/** What the product is made of: `about/about.json`, written by `tools/about.mjs`. */
const AboutSchema = v.object({
  version: v.string(),
  notices: v.array(NoticeSchema),
  machine: v.array(PartSchema),
  page: v.array(PartSchema),
  common: v.array(PartSchema),
});

/** Something of others that is in the product. */
export type Part = v.InferOutput<typeof PartSchema>;
export type Notice = v.InferOutput<typeof NoticeSchema>;
export type About = v.InferOutput<typeof AboutSchema>;

/** Fetches what there is to say about the product, when somebody asks. */
export interface AboutSource {
  /** @throws CodedError `network`, `asset-missing`, `manifest-invalid` */
  load(): Promise<About>;
  /** @throws CodedError `network`, `asset-missing` */
  licence(text: string): Promise<string>;
}

async function fetchText(url: URL): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit" });
    if (response.ok) return await response.text();
  } catch (error) {
    throw new CodedError("network", `${url.pathname} could not be fetched`, { cause: error });
  }
  throw new CodedError("asset-missing", `${url.pathname} is not on the server (status ${response.status})`);
}

/** @param base the folder's URL, with a slash at its end */
export function aboutSource(base: string): AboutSource {
  return {
    async load() {
      const parsed = v.safeParse(AboutSchema, JSON.parse(await fetchText(new URL("about.json", base))));
      if (!parsed.success) throw new CodedError("manifest-invalid", "about.json is malformed");
      return parsed.output;
    },
    licence: (text) => fetchText(new URL(text, base)),
  };
}
