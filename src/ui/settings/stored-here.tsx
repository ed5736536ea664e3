import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { saySettings } from "../../i18n/index.ts";
import type { KeptReport } from "../../state/index.ts";
import { usePageDesk } from "../page-desk.ts";
import { dayOf, saveFile } from "../save-file.ts";
import { AskingRow } from "../sheet-row.tsx";
import { sizeWords } from "../size-words.ts";

function UsedWords({ used, allowed }: KeptReport): JSX.Element | null {
  if (used === undefined) return null;
  const words =
    allowed === undefined
      ? saySettings("settings.stored.used", { used: sizeWords(used) })
      : saySettings("settings.stored.of", { used: sizeWords(used), allowed: sizeWords(allowed) });
  return <p class="quiet-line">{words}</p>;
}

function Parts({ report }: { readonly report: KeptReport | undefined }): JSX.Element {
  if (report === undefined) return <p class="quiet-line">{saySettings("settings.stored.looking")}</p>;
  if (report.parts.length === 0) return <p class="quiet-line">{saySettings("settings.stored.nothing")}</p>;
  return (
    <table class="stored-table">
      <thead class="visually-hidden">
        <tr>
          <th scope="col">{saySettings("settings.stored.what")}</th>
          <th scope="col">{saySettings("settings.stored.how-much")}</th>
        </tr>
      </thead>
      <tbody>
        {report.parts.map(({ kind, count, bytes }) => (
          <tr key={kind} data-testid={`stored-${kind}`}>
            <th scope="row">{saySettings(`settings.stored.${kind}`, { count })}</th>
            <td>{sizeWords(bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is stored of a visitor, and the way to be rid of it. */
export function StoredHere(): JSX.Element {
  const { kept, settings, exportProgress } = usePageDesk();
  const [report, setReport] = useState<KeptReport>();
  const value = settings.value.value;
  useEffect(() => {
    let isGone = false;
    const look = async (): Promise<void> => {
      const found = await kept.report();
      if (!isGone) setReport(found);
    };
    void look();
    return () => {
      isGone = true;
    };
  }, [kept, value]);
  const exportNow = async (): Promise<void> => {
    const text = await exportProgress();
    saveFile(new Blob([text], { type: "application/json" }), `vivarium-progress-${dayOf(new Date())}.json`);
  };
  return (
    <section data-testid="stored">
      <h3>{saySettings("settings.stored")}</h3>
      <p class="quiet-line">{saySettings("settings.stored.words")}</p>
      <Parts report={report} />
      {report !== undefined && <UsedWords {...report} />}
      <ul class="sheet-rows">
        <AskingRow
          title={saySettings("settings.erase")}
          words={saySettings("settings.erase.words")}
          verb={saySettings("settings.erase")}
          question={saySettings("settings.erase.question")}
          name="erase-everything"
          onSure={() => kept.askToErase()}
        >
          <button type="button" class="quiet" data-testid="export-first" onClick={() => void exportNow()}>
            {saySettings("settings.erase.export")}
          </button>
        </AskingRow>
      </ul>
    </section>
  );
}
