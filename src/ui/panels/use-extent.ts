import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface Extent {
  readonly width: number;
  readonly height: number;
}

const NONE: Extent = { width: 0, height: 0 };

/** How large an element is, in CSS pixels, now and whenever it changes; nothing before it is there. */
export function useExtent(ref: RefObject<Element | null>): Extent {
  const [extent, setExtent] = useState(NONE);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      setExtent((before) =>
        before.width === width && before.height === height ? before : { width, height },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return extent;
}
