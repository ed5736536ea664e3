import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchDirection } from "../views/index.ts";
import { sayInLab } from "../i18n/index.ts";

interface SearchBarProps {
  /** Whether there is such text in the terminal; it is shown then. */
  readonly find: (text: string, direction: SearchDirection) => Promise<boolean>;
  readonly onClosed: () => void;
}

/** Searches what the terminal has printed, from the newest on. Enter goes on to older places, Shift+Enter back. */
export function SearchBar({ find, onClosed }: SearchBarProps): JSX.Element {
  const inputRef = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  /** Of what was searched for last. */
  const [found, setFound] = useState({ text: "", isThere: true });
  useEffect(() => inputRef.current?.focus(), []);
  const go = async (direction: SearchDirection): Promise<void> => {
    const isThere = await find(text, direction);
    setFound({ text, isThere });
  };
  const isMissing = text !== "" && found.text === text && !found.isThere;
  return (
    <search class="search-bar" aria-label={sayInLab("terminal.search.label")}>
      <output data-testid="search-said">{isMissing && sayInLab("terminal.search.none")}</output>
      <input
        ref={inputRef}
        type="text"
        aria-label={sayInLab("terminal.search.label")}
        spellcheck={false}
        autocomplete="off"
        value={text}
        data-testid="search-text"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.preventDefault();
            onClosed();
          }
          if (event.key !== "Enter" || event.ctrlKey) return;
          event.preventDefault();
          void go(event.shiftKey ? "newer" : "older");
        }}
      />
      <button type="button" class="quiet small" data-testid="search-older" onClick={() => void go("older")}>
        {sayInLab("terminal.search.older")}
      </button>
      <button type="button" class="quiet small" data-testid="search-newer" onClick={() => void go("newer")}>
        {sayInLab("terminal.search.newer")}
      </button>
      <button
        type="button"
        class="quiet small"
        aria-label={sayInLab("terminal.search.close")}
        data-testid="search-close"
        onClick={onClosed}
      >
        ×
      </button>
    </search>
  );
}
