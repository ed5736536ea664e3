import { deferred } from "../base/index.ts";
import { RELEASE_META, releaseLock } from "../protocol/offline.ts";

/** The release of this very page; undefined in one that is being written. */
export function ownRelease(): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name=${RELEASE_META}]`)?.content;
}

/** As long as the page is there, the files of its release stay in the browser, if they are kept there. */
export function holdRelease(): void {
  const release = ownRelease();
  // There are no locks where nothing is kept: over plain http, and in a sandboxed frame, where asking for one is refused.
  if (release === undefined || !("locks" in navigator)) return;
  const name = releaseLock(new URL("./", document.baseURI).pathname, release);
  const { promise } = deferred<void>();
  navigator.locks.request(name, { mode: "shared" }, () => promise).catch(() => undefined);
}
