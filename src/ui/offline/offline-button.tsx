import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sayOffline } from "../../i18n/index.ts";
import type { OfflineDesk } from "../../state/index.ts";
import { Sheet } from "../sheet.tsx";
import { OfflineCard } from "./offline-card.tsx";

/** Opens the card in a dialog of its own. */
export function OfflineButton({ desk }: { readonly desk: OfflineDesk }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="quiet" data-testid="open-offline" onClick={() => setOpen(true)}>
        {sayOffline("offline.open")}
      </button>
      {isOpen && (
        <Sheet name="offline-use" title={sayOffline("offline.title")} onClosed={() => setOpen(false)}>
          <OfflineCard desk={desk} />
        </Sheet>
      )}
    </>
  );
}
