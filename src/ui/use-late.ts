import { useEffect, useState } from "preact/hooks";

/**
 * Code that is fetched when it is wanted: nothing until it has come, and "failed" where it cannot be fetched. It is asked for
 * again when it is wanted again.
 *
 * @param load One and the same function each time.
 */
export function useLate<Code>(isWanted: boolean, load: () => Promise<Code>): Code | "failed" | undefined {
  const [code, setCode] = useState<Code | "failed">();
  useEffect(() => {
    if (!isWanted) return undefined;
    let isGone = false;
    const show = (found: Code | "failed"): void => {
      // What came may be a function, which is not to be called.
      if (!isGone) setCode(() => found);
    };
    load().then(show, () => show("failed"));
    return () => {
      isGone = true;
    };
  }, [isWanted, load]);
  return code;
}
