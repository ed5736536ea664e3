import type { JSX } from "preact";
import { faultSentences, sayInLab } from "../i18n/index.ts";
import type { ManContent, ManName } from "../state/index.ts";
import { useLab } from "./lab-context.ts";

/** The release that the guest's own pages come from. */
const ELSEWHERE = "manpages.debian.org/bookworm";

function wordsOf(content: Extract<ManContent, { kind: "missing" | "failed" }>, name: string): string {
  if (content.kind === "missing") return sayInLab("man.missing", { name });
  return `${sayInLab("man.failed", { name })} ${faultSentences(content.error.code)}`;
}

export interface ManFaultProps {
  readonly name: ManName;
  readonly content: Extract<ManContent, { kind: "missing" | "failed" }>;
}

/** Why a page cannot be read here, and where it can. */
export function ManFault({ name, content }: ManFaultProps): JSX.Element {
  const { man } = useLab();
  const { page, section } = name;
  const address = `${ELSEWHERE}/${encodeURIComponent(page)}.${section}`;
  return (
    <div class="man-fault" role="alert" data-testid="man-fault">
      <p>{wordsOf(content, `${page}(${section})`)}</p>
      {content.kind === "failed" && (
        <button type="button" class="quiet" data-testid="man-retry" onClick={() => man.retry()}>
          {sayInLab("fault.retry")}
        </button>
      )}
      {content.kind === "failed" && (
        <p>
          {sayInLab("man.in-terminal")}{" "}
          <code>
            man {section} {page}
          </code>
        </p>
      )}
      <p>
        {sayInLab("man.elsewhere")}{" "}
        <a href={`https://${address}`} target="_blank" rel="noopener noreferrer">
          {address}
        </a>
      </p>
    </div>
  );
}
