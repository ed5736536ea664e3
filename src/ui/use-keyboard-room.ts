import { useEffect } from "preact/hooks";

/** A keyboard takes more; the bars that a browser shows and hides take less. */
const LEAST_KEYBOARD_PX = 150;

/**
 * Leaves the page the height that an on-screen keyboard does not cover, so that the prompt stays in sight: the root
 * element has `data-keyboard` meanwhile, and `--seen-height`. Some browsers shrink the page themselves, others lay the
 * keyboard over it; the visual viewport tells the truth in both.
 */
export function useKeyboardRoom(isOn: boolean): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!isOn || viewport === null) return undefined;
    const root = document.documentElement;
    let width = 0;
    let tallest = 0;
    const clear = (): void => {
      delete root.dataset["keyboard"];
      root.style.removeProperty("--seen-height");
    };
    const look = (): void => {
      // Who has zoomed in sees less of the page, and there is no keyboard for it.
      if (Math.abs(viewport.scale - 1) > 0.01) return;
      if (viewport.width !== width) tallest = 0;
      ({ width } = viewport);
      tallest = Math.max(tallest, viewport.height);
      const isTyping = document.activeElement?.matches("textarea, input") === true;
      if (!isTyping || tallest - viewport.height < LEAST_KEYBOARD_PX) {
        clear();
        return;
      }
      root.dataset["keyboard"] = "open";
      root.style.setProperty("--seen-height", `${viewport.height}px`);
      // Safari has moved the page up to show the field; all of it fits now.
      scrollTo(0, 0);
    };
    look();
    viewport.addEventListener("resize", look);
    // Safari moves it up only after the keyboard is there.
    viewport.addEventListener("scroll", look);
    return () => {
      viewport.removeEventListener("resize", look);
      viewport.removeEventListener("scroll", look);
      clear();
    };
  }, [isOn]);
}
