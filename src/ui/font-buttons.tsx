import type { JSX } from "preact";
import { saySettings } from "../i18n/index.ts";
import { usePageDesk } from "./page-desk.ts";

/** Smaller and larger letters in all terminals. @param name Precedes the names for tests where there are others. */
export function FontButtons({ name = "font" }: { readonly name?: string }): JSX.Element {
  const { settings } = usePageDesk();
  const size = settings.value.value.fontSize;
  const button = (direction: 1 | -1, words: string, sign: string, which: string): JSX.Element => {
    const next = settings.nextFontSize(direction);
    return (
      <button
        type="button"
        class="quiet small"
        title={`${saySettings("settings.size")}: ${saySettings("settings.size.value", { size })}`}
        disabled={next === undefined}
        data-testid={`${name}-${which}`}
        onClick={() => {
          if (next !== undefined) settings.change({ fontSize: next });
        }}
      >
        {sign}
        <span class="visually-hidden"> {words}</span>
      </button>
    );
  };
  return (
    <>
      {button(-1, saySettings("settings.size.smaller"), "A−", "smaller")}
      {button(1, saySettings("settings.size.larger"), "A+", "larger")}
    </>
  );
}
