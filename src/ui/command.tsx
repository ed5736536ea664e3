import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";

const COPIED_MS = 1600;

/** Works on plain http too, where there is no clipboard to write to: the browser copies a selection. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      class="command-button"
      aria-label={say("command.copy.label", { command: text })}
      onClick={() => {
        copyText(text).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
    >
      {say(copied ? "command.copied" : "command.copy")}
    </button>
  );
}

/** Code to be run, copied, or just looked at. */
export function Command(props: {
  readonly text: string;
  readonly use: "run" | "copy" | "show";
}): JSX.Element {
  const lab = useLab();
  const { text, use } = props;
  const isReady = lab.terminal.value.kind === "open";
  if (use === "show") {
    return (
      <pre class="listing">
        <code>{text}</code>
      </pre>
    );
  }
  return (
    <div class="command" data-testid="command">
      <pre>
        <code>{text}</code>
      </pre>
      <div class="command-buttons">
        <CopyButton text={text} />
        {use === "run" && (
          <button
            type="button"
            class="command-button run"
            disabled={!isReady}
            aria-label={say("command.run.label", { command: text })}
            onClick={() => lab.run(text)}
          >
            {say("command.run")}
          </button>
        )}
      </div>
    </div>
  );
}
