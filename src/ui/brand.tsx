import type { JSX } from "preact";
import { say } from "../i18n/index.ts";

function Mark(): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 9 8 4h12v11l-4 5H4z" />
      <path d="M4 9h12v11M16 9l4-5" />
      <circle cx="10" cy="14.5" r="2.2" />
    </svg>
  );
}

/** The product's sign; a link where there is somewhere to go. */
export function Brand({ home }: { readonly home?: string }): JSX.Element {
  return (
    <p class="brand">
      {home === undefined ? (
        <>
          <Mark />
          {say("app.name")}
        </>
      ) : (
        <a href={home} title={say("app.home")} data-testid="home">
          <Mark />
          <span>{say("app.name")}</span>
        </a>
      )}
    </p>
  );
}
