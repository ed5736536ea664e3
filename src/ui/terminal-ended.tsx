import type { JSX } from "preact";
import { faultSentences, sayInLab } from "../i18n/index.ts";
import type { TerminalState } from "../state/index.ts";
import { useLab } from "./lab-context.ts";

function words(state: TerminalState, agentIsGone: boolean, hasLesson: boolean): string | undefined {
  if (state.kind === "exited") {
    const { status } = state;
    const how =
      status.how === "signalled"
        ? sayInLab("terminal.signalled", { signal: status.signal })
        : sayInLab("terminal.exited", { code: status.how === "exited" ? status.code : 124 });
    return `${how} ${sayInLab("terminal.exited.kept")}`;
  }
  if (state.kind !== "lost") return undefined;
  if (agentIsGone) return sayInLab("terminal.agent-gone");
  return faultSentences(state.error.code, hasLesson);
}

/** One line where the shell has ended or the terminal was lost, and the button for the next one. */
export function TerminalEnded(): JSX.Element | null {
  const lab = useLab();
  const { phase, agent } = lab.machine.value;
  const isRunning = phase === "running" || phase === "paused";
  const text = words(lab.terminal.value, agent === "gone", lab.lesson.value.kind !== "none");
  if (text === undefined || !isRunning) return null;
  return (
    <div class="terminal-strip" role="alert" data-testid="terminal-ended">
      <p>{text}</p>
      {agent === "here" && (
        <button type="button" class="primary" data-testid="new-terminal" onClick={() => lab.openTerminal()}>
          {sayInLab("terminal.new")}
        </button>
      )}
    </div>
  );
}
