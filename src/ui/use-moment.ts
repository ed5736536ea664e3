import { useEffect, useState } from "preact/hooks";

const MOMENT_MS = 1600;

/** A state that is told for a moment after something was done. */
export function useMoment(): [boolean, () => void] {
  const [isNow, setNow] = useState(false);
  useEffect(() => {
    if (!isNow) return undefined;
    const timer = setTimeout(() => setNow(false), MOMENT_MS);
    return () => clearTimeout(timer);
  }, [isNow]);
  return [isNow, () => setNow(true)];
}
