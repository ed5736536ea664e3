import { useEffect, useState } from "preact/hooks";

const COARSE = "(pointer: coarse)";

/** Whether somebody works with fingers: the device says so, or one has touched the page. */
export function useTouch(): boolean {
  const [isTouched, setTouched] = useState(() => matchMedia(COARSE).matches);
  useEffect(() => {
    const media = matchMedia(COARSE);
    const onChange = (): void => setTouched(media.matches);
    const onPointer = (event: PointerEvent): void => {
      if (event.pointerType === "touch") setTouched(true);
    };
    media.addEventListener("change", onChange);
    addEventListener("pointerdown", onPointer, { capture: true, passive: true });
    return () => {
      media.removeEventListener("change", onChange);
      removeEventListener("pointerdown", onPointer, { capture: true });
    };
  }, []);
  return isTouched;
}
