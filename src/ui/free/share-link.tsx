import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { sayFree } from "../../i18n/index.ts";
import { copyText } from "../copy-text.ts";

/** An address to be passed on. */
export function ShareLink({ link }: { readonly link: string }): JSX.Element {
  const id = useId();
  const [copied, setCopied] = useState({ link: "", isDone: false });
  const copy = async (): Promise<void> => {
    const isDone = await copyText(link).then(
      () => true,
      () => false,
    );
    setCopied({ link, isDone });
  };
  return (
    <div class="share-link">
      <label htmlFor={id}>{sayFree("free.link")}</label>
      <input
        id={id}
        type="text"
        readOnly
        value={link}
        data-testid="free-link"
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="quiet" data-testid="free-copy-link" onClick={() => void copy()}>
        {sayFree("free.link.copy")}
      </button>
      <output>
        {copied.link === link && sayFree(copied.isDone ? "free.link.copied" : "free.link.failed")}
      </output>
    </div>
  );
}
