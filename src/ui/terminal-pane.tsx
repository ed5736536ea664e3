import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { SearchDirection, TerminalView } from "../views/index.ts";
import { say } from "../i18n/index.ts";
import { LEAVE_KEYS } from "./leave-keys.ts";
import { AddFiles } from "./add-files.tsx";
import { FaultCard } from "./fault-card.tsx";
import { FileDrop } from "./file-drop.tsx";
import { FileWaiting } from "./file-waiting.tsx";
import { GuestSilent } from "./guest-silent.tsx";
import { KeyBar } from "./key-bar.tsx";
import { useLab } from "./lab-context.ts";
import { Loading } from "./loading.tsx";
import { FontButtons } from "./font-buttons.tsx";
import { SearchBar } from "./search-bar.tsx";
import { focusTerminal } from "./focus-terminal.ts";
import { TerminalEnded } from "./terminal-ended.tsx";
import { TerminalHost } from "./terminal-host.tsx";
import { TerminalTabs } from "./terminal-tabs.tsx";

/** Puts the focus on the open step, or what stands there without a lesson: everything else is a Tab away. */
function focusLesson(): void {
  document.querySelector<HTMLElement>(".step.open h3, .free-pane h1")?.focus();
}

/** The right side: the terminal, and whatever has to be said about it. */
export function TerminalPane(): JSX.Element {
  const lab = useLab();
  const [isReady, setReady] = useState(false);
  const [rendererLost, setRendererLost] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const viewsRef = useRef(new Map<string, TerminalView>());
  const find = async (text: string, direction: SearchDirection): Promise<boolean> =>
    (await viewsRef.current.get(lab.front.value)?.find(text, direction)) ?? false;
  const { phase } = lab.machine.value;
  const terminal = lab.terminal.value;
  const isStopped = phase === "panicked" || phase === "off" || phase === "crashed" || phase === "unpowered";
  const isLoading =
    !isStopped &&
    (phase === "starting" || terminal.kind === "opening" || terminal.kind === "none" || !isReady);
  return (
    <section class="terminal-pane" aria-label={say("terminal.label")}>
      <TerminalTabs />
      <div class="terminal-frame">
        {lab.terminals.map((one, i) => (
          <TerminalHost
            key={one.name}
            terminal={one}
            isInFront={one.name === lab.front.value}
            keepsPast={i === 0}
            onReady={(view) => {
              viewsRef.current.set(one.name, view);
              setReady(true);
            }}
            onSearchAsked={() => setSearching(true)}
            onLeave={focusLesson}
            onRendererLost={() => setRendererLost(true)}
          />
        ))}
        {isSearching && (
          <SearchBar
            find={find}
            onClosed={() => {
              setSearching(false);
              focusTerminal();
            }}
          />
        )}
        {isLoading && <Loading />}
        <FaultCard />
        <FileDrop />
        <div class="terminal-strips">
          <FileWaiting />
          <GuestSilent />
          <TerminalEnded />
        </div>
      </div>
      <KeyBar view={() => viewsRef.current.get(lab.front.value)} />
      <footer class="terminal-foot">
        <AddFiles />
        <span class="foot-buttons">
          <button
            type="button"
            class="quiet small"
            title={say("terminal.search.title")}
            aria-expanded={isSearching}
            data-testid="open-search"
            onClick={() => setSearching(true)}
          >
            {say("terminal.search")}
          </button>
          <FontButtons />
        </span>
        <span class="leave-help">
          {LEAVE_KEYS.map((key, i) => (
            <span key={key}>
              {i > 0 && "+"}
              <kbd>{key}</kbd>
            </span>
          ))}{" "}
          {say(lab.lesson.value.kind === "none" ? "free.leave-terminal" : "app.leave-terminal")}
        </span>
        <output data-testid="terminal-notice">{rendererLost ? say("terminal.renderer-lost") : ""}</output>
      </footer>
    </section>
  );
}
