import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { faultSentences, sayInLab } from "../i18n/index.ts";
import {
  asCodedError,
  type ErrorCode,
  type FileBlock,
  type KeysBlock,
  type RunBlock,
} from "../state/index.ts";
import { copyText } from "./copy-text.ts";
import { useLab } from "./lab-context.ts";
import { OneOf } from "./one-of.tsx";
import { useMoment } from "./use-moment.ts";

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const [copied, setCopied] = useMoment();
  return (
    <button
      type="button"
      class="command-button"
      aria-label={sayInLab("command.copy.label", { command: text })}
      onClick={() => void copyText(text).then(setCopied, () => undefined)}
    >
      <OneOf words={[sayInLab("command.copy"), sayInLab("command.copied")]} now={copied ? 1 : 0} />
    </button>
  );
}

/** Code to be looked at. */
export function Listing({ text }: { readonly text: string }): JSX.Element {
  return (
    <pre class="listing">
      <code>{text}</code>
    </pre>
  );
}

/** Code to be copied. */
export function CopyCode({ text }: { readonly text: string }): JSX.Element {
  return (
    <div class="command" data-testid="command">
      <pre>
        <code>{text}</code>
      </pre>
      <div class="command-buttons">
        <CopyButton text={text} />
      </div>
    </div>
  );
}

/** Whose terminal a command goes to, as its prompt shows it, and its name where the lesson has several. */
function useTerminal(name: string | undefined): {
  prompt: string;
  shown: string | undefined;
  isOpen: boolean;
} {
  const lab = useLab();
  const lesson = lab.lesson.value;
  const terminals = lesson.kind === "open" ? lesson.lesson.terminals : [];
  const meant = terminals.find((one) => one.name === name) ?? terminals[0];
  return {
    prompt: meant?.user === "learner" ? "$" : "#",
    shown: terminals.length > 1 ? meant?.name : undefined,
    isOpen: lab.isTerminalOpen(name),
  };
}

/** Words longer than this may be torn. */
const WHOLE = 24;

/** A line that breaks between its words, and not at their hyphens. */
function Words({ of }: { readonly of: string }): JSX.Element {
  return (
    <>
      {of.split(/(\s+)/).map((word, i) =>
        word.includes("-") && word.length <= WHOLE ? (
          <span key={i} class="whole">
            {word}
          </span>
        ) : (
          word
        ),
      )}
    </>
  );
}

/** A command that a click types. */
export function RunCommand({ block }: { readonly block: RunBlock }): JSX.Element {
  const lab = useLab();
  const { text, terminal } = block;
  const { prompt, shown, isOpen } = useTerminal(terminal);
  const lesson = lab.lesson.value;
  const isTyped = block.typed === true && lesson.kind === "open" && lesson.run.typed;
  const command = (
    <div class="command" data-testid="command">
      <pre>
        <code data-prompt={prompt}>
          <Words of={text} />
        </code>
      </pre>
      <div class="command-buttons">
        {shown !== undefined && <span class="command-where">{shown}</span>}
        <CopyButton text={text} />
        <button
          type="button"
          class="command-button run"
          disabled={!isOpen}
          aria-label={
            shown === undefined
              ? sayInLab("command.run.label", { command: text })
              : sayInLab("command.run-in.label", { command: text, terminal: shown })
          }
          onClick={() => lab.run(text, terminal)}
        >
          {sayInLab("command.run")}
        </button>
      </div>
    </div>
  );
  if (block.typed !== true) return command;
  return (
    <div class="typed-command" data-typed={isTyped}>
      {command}
      <p class="command-note" aria-live="polite" data-testid="typed">
        {isTyped && (
          <>
            {sayInLab("command.typed")} <kbd>Enter</kbd>
          </>
        )}
      </p>
    </div>
  );
}

/** Keys that a click presses. */
export function PressKeys({ block }: { readonly block: KeysBlock }): JSX.Element {
  const lab = useLab();
  const { keys, terminal } = block;
  const { shown, isOpen } = useTerminal(terminal);
  return (
    <div class="command" data-testid="keys">
      <pre>
        <kbd>{keys}</kbd>
      </pre>
      <div class="command-buttons">
        {shown !== undefined && <span class="command-where">{shown}</span>}
        <button
          type="button"
          class="command-button run"
          disabled={!isOpen}
          aria-label={sayInLab("command.press.label", { keys })}
          onClick={() => lab.press(keys, terminal)}
        >
          {sayInLab("command.press")}
        </button>
      </div>
    </div>
  );
}

/** A file that a click puts into the machine, or that was put there before the step began. */
export function FileCard({ block }: { readonly block: FileBlock }): JSX.Element {
  const lab = useLab();
  const [written, setWritten] = useMoment();
  const [failed, setFailed] = useState<ErrorCode>();
  const isRunning = lab.isRunning(block.machine);
  const write = async (): Promise<void> => {
    setFailed(undefined);
    try {
      await lab.writeFile(block);
      setWritten();
    } catch (thrown) {
      setFailed(asCodedError(thrown).code);
    }
  };
  return (
    <figure class="file-card" data-testid="file">
      <figcaption>
        <code>{block.path}</code>
        <span class="command-buttons">
          <CopyButton text={block.text} />
          {block.write === "click" && (
            <button
              type="button"
              class="command-button run"
              disabled={!isRunning}
              aria-label={sayInLab("command.write.label", { path: block.path })}
              onClick={() => void write()}
            >
              <OneOf words={[sayInLab("command.write"), sayInLab("command.written")]} now={written ? 1 : 0} />
            </button>
          )}
          {block.write === "start" && <span class="command-where">{sayInLab("command.there")}</span>}
        </span>
      </figcaption>
      <Listing text={block.text} />
      {failed !== undefined && (
        <p class="verdict-detail" role="alert">
          {sayInLab("command.write-failed")} {faultSentences(failed)}
        </p>
      )}
    </figure>
  );
}
