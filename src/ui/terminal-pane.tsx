import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { SearchDirection, TerminalView } from "../views/index.ts";
import { sayInLab, sayPanels } from "../i18n/index.ts";
import type { SplitDirection } from "../state/index.ts";
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
import { MachineStrips } from "./machine-bar/machine-strips.tsx";
import { SearchBar } from "./search-bar.tsx";
import { focusLesson } from "./focus-lesson.ts";
import { focusTerminal } from "./focus-terminal.ts";
import { trackOf } from "./panels/rooms.ts";
import { Separator } from "./panels/separator.tsx";
import { TerminalPlaceLine } from "./terminal-box.tsx";
import { TerminalEnded } from "./terminal-ended.tsx";
import { TerminalHost } from "./terminal-host.tsx";
import { TerminalTabs } from "./terminal-tabs.tsx";
import { TerminalTools } from "./terminal-tools.tsx";

/** Cells of a grid whose second track is the separator's; with their ends, without which what is placed goes on to the edge. */
function placeOf(at: number, direction: SplitDirection): string {
  const track = at === 0 ? 1 : 3;
  const end = track + 1;
  return direction === "beside" ? `1 / ${track} / 2 / ${end}` : `${track} / 1 / ${end} / 2`;
}

/** From the first track to the last, whatever they are. */
const ALL = "1 / 1 / -1 / -1";

/** The terminals, and whatever has to be said about the one in front. */
export function TerminalPane({ canCollapse }: { readonly canCollapse: boolean }): JSX.Element {
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
  const { shown, front, direction } = lab.terminalPanes.value;
  const isSplit = shown.length > 1;
  /** One that is not seen stands behind the one in front, whose place it would take. */
  const areaOf = (name: string): string => {
    const at = shown.findIndex((one) => one === name);
    return placeOf(at < 0 ? shown.findIndex((one) => one === front) : at, direction);
  };
  const seen = lab.terminals.filter(({ name }) => shown.some((one) => one === name));
  // A machine's fault is over all that is seen of it, in front or not.
  const seenMachines = [...new Set(seen.map(({ machine }) => machine))];
  return (
    <section class="terminal-pane" aria-label={sayInLab("terminal.label")}>
      <div>
        <div class="terminal-head">
          <TerminalTabs />
          <TerminalTools canCollapse={canCollapse} />
        </div>
        <TerminalPlaceLine />
      </div>
      <div
        class={isSplit ? `terminal-frame split-${direction}` : "terminal-frame"}
        style={{ "--split": trackOf("split", lab.panels.layout.value.shares.split) }}
      >
        {lab.terminals.map((one, i) => (
          <TerminalHost
            key={one.name}
            terminal={one}
            isInFront={one.name === front}
            isShown={shown.some((name) => name === one.name)}
            area={areaOf(one.name)}
            keepsPast={i === 0}
            onReady={(view) => {
              viewsRef.current.set(one.name, view);
              setReady(true);
            }}
            onSearchAsked={() => setSearching(true)}
            onNextAsked={(which) => lab.bringNextToFront(which)}
            onLeave={focusLesson}
            onRendererLost={() => setRendererLost(true)}
          />
        ))}
        {isSplit && (
          <Separator
            key={direction}
            share="split"
            axis={direction === "beside" ? "x" : "y"}
            label={sayPanels("panels.move.split")}
          />
        )}
        {seenMachines.map((machine) => {
          const own = seen.find((one) => one.machine === machine)?.name ?? front;
          return (
            <div
              key={machine}
              class="terminal-over"
              style={{ gridArea: seenMachines.length === 1 ? ALL : areaOf(own) }}
              onFocusIn={() => {
                // What is done here is done to this machine: what is told of it in front follows.
                if (lab.frontMachine.value !== machine) lab.bringToFront(own);
              }}
            >
              <FaultCard machine={machine} />
            </div>
          );
        })}
        <div class="terminal-over" style={{ gridArea: areaOf(front) }}>
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
          <div class="terminal-strips">
            <MachineStrips />
            <FileWaiting />
            <GuestSilent />
            <TerminalEnded />
          </div>
        </div>
        <FileDrop />
      </div>
      <KeyBar view={() => viewsRef.current.get(lab.front.value)} />
      <footer class="terminal-foot">
        <AddFiles />
        <span class="foot-buttons">
          <button
            type="button"
            class="quiet small"
            title={sayInLab("terminal.search.title")}
            aria-expanded={isSearching}
            data-testid="open-search"
            onClick={() => setSearching(true)}
          >
            {sayInLab("terminal.search")}
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
          {sayInLab(lab.lesson.value.kind === "none" ? "free.leave-terminal" : "app.leave-terminal")}
        </span>
        <output data-testid="terminal-notice">
          {rendererLost ? sayInLab("terminal.renderer-lost") : ""}
        </output>
      </footer>
    </section>
  );
}
