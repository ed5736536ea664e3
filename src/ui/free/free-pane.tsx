import type { JSX } from "preact";
import { sayFree, sayInLab } from "../../i18n/index.ts";
import type { FreeDesk, SettingRefusal, TerminalSettings } from "../../state/index.ts";
import { FileExportCard } from "./file-export.tsx";
import { SavedCard } from "./saved-card.tsx";
import { ScriptCard } from "./script-card.tsx";
import { SettingsForm } from "./settings-form.tsx";

export interface FreePaneProps {
  readonly desk: FreeDesk;
  /** Makes an address of a query. */
  readonly linkTo: (query: string) => string;
  readonly open: (address: string) => void;
}

function refusalWords({ setting, given }: SettingRefusal, settings: TerminalSettings): string {
  const used = setting === "too-long" || setting === "hidden-characters" ? "" : settings[setting];
  return sayFree(`free.refused.${setting}`, { given, used });
}

function Refusals({ desk }: { readonly desk: FreeDesk }): JSX.Element | null {
  if (desk.refusals.length === 0) return null;
  return (
    <div class="note small free-refused" data-testid="free-refused">
      <p>{sayFree("free.refused")}</p>
      <ul>
        {desk.refusals.map((refusal) => (
          <li key={refusal.setting}>{refusalWords(refusal, desk.settings)}</li>
        ))}
      </ul>
    </div>
  );
}

/** Where a lesson would be: what the machines are made of, and what goes in and out of them. */
export function FreePane(props: FreePaneProps): JSX.Element {
  const { desk } = props;
  const count = desk.settings.machines;
  return (
    <section class="lesson free-pane" aria-labelledby="free-title">
      <header class="lesson-head">
        <h1 id="free-title" tabIndex={-1}>
          {sayInLab("free.title")}
        </h1>
        <p class="summary">{sayFree(count === 1 ? "free.summary.one" : "free.summary.many", { count })}</p>
      </header>
      <Refusals desk={desk} />
      <ScriptCard desk={desk} />
      <SettingsForm {...props} />
      <FileExportCard desk={desk} />
      <SavedCard desk={desk} />
    </section>
  );
}
