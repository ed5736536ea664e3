import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say } from "../i18n/index.ts";
import type { AboutSource, Part } from "../state/index.ts";

interface PartLineProps {
  readonly part: Part;
  readonly source: AboutSource;
}

/** One part with its licence; the licence's text is fetched when the line is opened, and shown as text. */
function PartLine({ part, source }: PartLineProps): JSX.Element {
  const [text, setText] = useState("");
  const open = async (isOpen: boolean): Promise<void> => {
    if (!isOpen || text !== "") return;
    setText(say("about.loading"));
    try {
      setText(await source.licence(part.text));
    } catch {
      setText(say("about.failed"));
    }
  };
  return (
    <li>
      <details
        class="part"
        data-testid={`part-${part.name}`}
        onToggle={(event) => void open(event.currentTarget.open)}
      >
        <summary>
          <span class="part-name">{part.name}</span> <span class="part-version">{part.version}</span>{" "}
          <span class="part-licence">{part.licence}</span>
        </summary>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be in a keyboard's reach */}
        <pre tabIndex={0} aria-label={say("about.licence-of", { name: part.name })}>
          {text}
        </pre>
      </details>
    </li>
  );
}

export function PartList(props: {
  readonly title: string;
  readonly parts: readonly Part[];
  readonly source: AboutSource;
}): JSX.Element {
  return (
    <section>
      <h3>{props.title}</h3>
      <ul class="parts">
        {props.parts.map((part) => (
          <PartLine key={`${part.name} ${part.version}`} part={part} source={props.source} />
        ))}
      </ul>
    </section>
  );
}
