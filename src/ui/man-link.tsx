import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import type { ManName, ManPlace } from "../state/index.ts";
import { useLab } from "./lab-context.ts";

/** `unshare(1)`, the number less loud. */
export function ManNameText({ page, section }: ManName): JSX.Element {
  return (
    <>
      {page}
      <span class="man-section">({section})</span>
    </>
  );
}

/** A manual page that a lesson names; it opens beside the terminal, and the link says that it is open. */
export function ManLink({ page, section, heading }: ManPlace): JSX.Element {
  const { man } = useLab();
  const opened = man.view.value?.opened;
  const isOpen = opened?.page === page && opened.section === section && opened.heading === heading;
  const name = `${page}(${section})`;
  return (
    <button
      type="button"
      class="man man-link"
      aria-expanded={isOpen}
      title={
        heading === undefined ? sayInLab("man.open", { name }) : sayInLab("man.open-at", { name, heading })
      }
      data-testid="man-link"
      onClick={() => man.open({ page, section, heading })}
    >
      <ManNameText page={page} section={section} />
    </button>
  );
}
