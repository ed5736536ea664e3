import { Settings } from "lucide";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../../i18n/index.ts";
import { Icon } from "../icon.tsx";
import { Sheet } from "../sheet.tsx";
import { useLate } from "../use-late.ts";
import type * as SettingsCode from "./settings-sheet.tsx";

/** Where many programs have their settings. No program in a terminal can see these keys. */
function isSettingsKey(event: KeyboardEvent): boolean {
  return event.ctrlKey && !event.shiftKey && !event.altKey && !event.metaKey && event.key === ",";
}

const load = (): Promise<typeof SettingsCode> => import("./settings-sheet.tsx");

/** The way to the settings, which are fetched when somebody wants them; by keyboard from anywhere on the page. */
export function SettingsButton(props: {
  readonly isSmall?: boolean;
  /** Beside its icon, where there is room. */
  readonly withWord?: boolean;
}): JSX.Element {
  const { isSmall = false, withWord = false } = props;
  const [isOpen, setOpen] = useState(false);
  const code = useLate(isOpen, load);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isSettingsKey(event)) return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(true);
    };
    // Before the terminal has it.
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, []);
  const close = (): void => setOpen(false);
  return (
    <>
      <button
        type="button"
        class={["quiet", ...(isSmall ? ["small"] : []), ...(withWord ? [] : ["icon-button"])].join(" ")}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+,"
        title={say("settings.open.title")}
        data-testid="open-settings"
        onClick={() => setOpen(true)}
      >
        <Icon of={Settings} />
        <span class={withWord ? "" : "visually-hidden"}>{say("settings.open")}</span>
      </button>
      {isOpen && typeof code === "object" && <code.SettingsSheet onClosed={close} />}
      {isOpen && code === "failed" && (
        <Sheet name="settings" title={say("settings.title")} onClosed={close}>
          <p>{say("about.failed")}</p>
        </Sheet>
      )}
    </>
  );
}
