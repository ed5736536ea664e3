import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../i18n/index.ts";

export interface SheetProps {
  /** Its own in the page; the ids of its title and for tests follow from it. */
  readonly name: string;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClosed: () => void;
}

/** Closes the dialog that something stands in, as its own button does. */
export function closeSheet(within: Element): void {
  within.closest("dialog")?.close();
}

/** A dialog above the page, open for as long as it is there. The browser gives the focus back to where it was. */
export function Sheet({ name, title, children, onClosed }: SheetProps): JSX.Element {
  const dialogRef = useRef<HTMLDialogElement>(null);
  const titleRef = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    dialogRef.current?.showModal();
    // Not the first button: one begins to read at the top.
    titleRef.current?.focus();
  }, []);
  return (
    <dialog
      class="sheet"
      ref={dialogRef}
      aria-labelledby={`${name}-title`}
      data-testid={name}
      onClose={onClosed}
      closedby="any"
    >
      <div class="sheet-body">
        <div class="sheet-head">
          <h2 id={`${name}-title`} tabIndex={-1} ref={titleRef}>
            {title}
          </h2>
          <button
            type="button"
            class="quiet"
            data-testid={`close-${name}`}
            onClick={(event) => closeSheet(event.currentTarget)}
          >
            {say("sheet.close")}
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
