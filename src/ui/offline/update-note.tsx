import { render } from "preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sayOffline } from "../../i18n/index.ts";
import type { OfflineDesk, Update } from "../../state/index.ts";

/** Says that there is a newer release, until somebody has read it. */
function UpdateNote({ desk }: { readonly desk: OfflineDesk }): JSX.Element {
  const [read, setRead] = useState<Update>("none");
  const [isBusy, setBusy] = useState(false);
  const update = desk.update.value;
  const takeOver = async (): Promise<void> => {
    setBusy(true);
    await desk.takeOver();
    setBusy(false);
  };
  const isShown = update !== "none" && update !== read;
  return (
    <aside class="update-note" aria-live="polite" data-testid="update-note" data-update={update}>
      {isShown && (
        <>
          <p>
            <strong>{sayOffline(`offline.update.${update}`)}</strong>{" "}
            {sayOffline(`offline.update.${update}.words`)}
          </p>
          <p class="update-verbs">
            <button type="button" class="primary" disabled={isBusy} onClick={() => void takeOver()}>
              {sayOffline("offline.update.reload")}
            </button>
            <button type="button" class="quiet" onClick={() => setRead(update)}>
              {sayOffline("offline.update.later")}
            </button>
          </p>
        </>
      )}
    </aside>
  );
}

/** Adds the note to the page. */
export function showUpdateNote(desk: OfflineDesk): void {
  const place = document.createElement("div");
  document.body.append(place);
  render(<UpdateNote desk={desk} />, place);
}
