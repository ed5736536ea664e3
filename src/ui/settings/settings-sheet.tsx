import type { JSX } from "preact";
import { say, sayDiagnostics, sayOffline, saySettings } from "../../i18n/index.ts";
import { DiagnosticsButton } from "../diagnostics/diagnostics-button.tsx";
import { OfflineCard } from "../offline/offline-card.tsx";
import { usePageDesk } from "../page-desk.ts";
import { Sheet } from "../sheet.tsx";
import { SheetRow } from "../sheet-row.tsx";
import { StoredHere } from "./stored-here.tsx";
import { SwitchRow } from "./switch-row.tsx";
import { TerminalChoices } from "./terminal-choices.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

/** What a visitor can set, and what is stored of them. Open for as long as it is there. */
export function SettingsSheet({ onClosed }: { readonly onClosed: () => void }): JSX.Element {
  const { settings, offline } = usePageDesk();
  const value = settings.value.value;
  return (
    <Sheet name="settings" title={say("settings.title")} onClosed={onClosed}>
      <p class={settings.isKept.value ? "quiet-line" : "note small"}>
        {saySettings(settings.isKept.value ? "settings.kept" : "settings.not-kept")}
      </p>
      <ThemeChoice />
      <section>
        <h3>{saySettings("settings.terminal")}</h3>
        <TerminalChoices />
        <ul class="sheet-rows">
          <SwitchRow
            title={saySettings("settings.screen-reader")}
            words={saySettings("settings.screen-reader.words")}
            isOn={value.screenReader}
            name="screen-reader"
            onChange={(screenReader) => settings.change({ screenReader })}
          />
        </ul>
      </section>
      <section>
        <h3>{saySettings("settings.machines")}</h3>
        <ul class="sheet-rows">
          <SwitchRow
            title={saySettings("settings.pause-hidden")}
            words={saySettings("settings.pause-hidden.words")}
            isOn={value.pauseHidden}
            name="pause-hidden"
            onChange={(pauseHidden) => settings.change({ pauseHidden })}
          />
        </ul>
      </section>
      {offline !== undefined && (
        <section>
          <h3>{sayOffline("offline.title")}</h3>
          <OfflineCard desk={offline} />
        </section>
      )}
      <StoredHere />
      <section>
        <h3>{sayDiagnostics("diagnostics.help")}</h3>
        <ul class="sheet-rows">
          <SheetRow title={say("diagnostics.open")} words={say("diagnostics.open.words")}>
            <DiagnosticsButton words={sayDiagnostics("diagnostics.verb")} />
          </SheetRow>
        </ul>
      </section>
    </Sheet>
  );
}
