import type { JSX } from "preact";
import { faultWords, sayInLab } from "../i18n/index.ts";
import type { CodedError } from "../state/index.ts";
import { DiagnosticsButton } from "./diagnostics/diagnostics-button.tsx";
import { useLab } from "./lab-context.ts";
import { ResetButton, RestartButton } from "./recovery-buttons.tsx";

const ACTIONS = {
  retry: "fault.retry",
  restart: "fault.restart",
  reload: "fault.reload",
  usual: "fault.usual",
} as const;

function Recovery({
  children,
}: {
  readonly children: JSX.Element | readonly (JSX.Element | false)[];
}): JSX.Element {
  return <div class="fault-actions">{children}</div>;
}

/** A machine that stands still, and can be taken back to where the step began. */
function StoppedGuest({
  machine,
  kind,
  text,
}: {
  readonly machine: string;
  readonly kind: "panic" | "off";
  readonly text: string;
}): JSX.Element {
  const lab = useLab();
  return (
    <div class="fault" role="alert" data-testid={`fault-${kind}`}>
      <h2>{sayInLab(`${kind}.title`)}</h2>
      <p>{sayInLab(lab.lesson.value.kind === "none" ? `free.${kind}.words` : `${kind}.words`)}</p>
      {text !== "" && (
        <figure>
          <figcaption>{sayInLab("panic.text")}</figcaption>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be in a keyboard's reach */}
          <pre class="panic-text" tabIndex={0} aria-label={sayInLab("panic.text")} data-testid="panic-text">
            {text}
          </pre>
        </figure>
      )}
      <Recovery>
        {[
          <ResetButton key="reset" />,
          <RestartButton key="restart" machine={machine} isMain={!lab.canReset.value} />,
          <DiagnosticsButton key="diagnostics" />,
        ]}
      </Recovery>
    </div>
  );
}

/** The same without a profile. */
function usualAddress(): string {
  const url = new URL(location.href);
  url.searchParams.delete("profile");
  return url.href;
}

function CodedFault({
  machine,
  fault,
}: {
  readonly machine: string;
  readonly fault: CodedError;
}): JSX.Element {
  const lab = useLab();
  const words = faultWords(fault.code, lab.lesson.value.kind !== "none");
  return (
    <div class="fault" role="alert" data-testid="fault" data-code={fault.code}>
      <h2>{words.what}</h2>
      <p>
        {words.kept} {words.next}
      </p>
      <Recovery>
        {[
          words.action !== "none" && (
            <button
              key="act"
              type="button"
              class="primary"
              data-testid="fault-action"
              onClick={() => {
                if (words.action === "reload") location.reload();
                else if (words.action === "usual") location.assign(usualAddress());
                else void lab.restartMachine(machine);
              }}
            >
              {sayInLab(ACTIONS[words.action])}
            </button>
          ),
          <DiagnosticsButton key="diagnostics" />,
        ]}
      </Recovery>
      <details class="fault-details">
        <summary>{sayInLab("fault.details")}</summary>
        <code>
          {fault.code}: {fault.message}
        </code>
      </details>
    </div>
  );
}

/** A machine that nobody has switched on yet. */
function Unpowered({ machine }: { readonly machine: string }): JSX.Element {
  const lab = useLab();
  return (
    <div class="fault unpowered" data-testid="unpowered">
      <h2>{sayInLab("power.title", { machine })}</h2>
      <p>{sayInLab("power.words")}</p>
      <Recovery>
        {[
          <button
            key="on"
            type="button"
            class="primary"
            data-testid="power-on"
            onClick={() => void lab.switchOn(machine)}
          >
            {sayInLab("power.on")}
          </button>,
        ]}
      </Recovery>
    </div>
  );
}

/** Why a machine does not run, what was kept, and the way on. Nothing when it runs. */
export function FaultCard({ machine }: { readonly machine: string }): JSX.Element | null {
  const state = useLab().machines.find(({ name }) => name === machine)?.state.value;
  if (state === undefined) return null;
  const { phase, panic, fault } = state;
  if (phase === "unpowered") return <Unpowered machine={machine} />;
  if (phase === "panicked") return <StoppedGuest machine={machine} kind="panic" text={panic ?? ""} />;
  if (phase === "off") return <StoppedGuest machine={machine} kind="off" text="" />;
  return phase === "crashed" && fault !== undefined ? <CodedFault machine={machine} fault={fault} /> : null;
}
