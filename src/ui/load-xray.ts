import type * as Views from "../views/index.ts";
import type { sayXray } from "../i18n/index.ts";

/** The X-ray's code with the words that it says. */
export interface LoadedXray {
  readonly xray: Awaited<ReturnType<typeof Views.loadXray>>;
  readonly say: typeof sayXray;
}

/** Fetches what draws an X-ray: not with the page's own code, since the first prompt waits for neither. */
export async function loadXray(): Promise<LoadedXray> {
  const [code, words] = await Promise.all([
    import("../views/index.ts").then((views) => views.loadXray()),
    import("./xray-words.ts"),
  ]);
  return { xray: code, say: words.sayXray };
}
