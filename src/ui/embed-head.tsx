import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";
import { PhaseWords } from "./phase-words.tsx";
import { SettingsButton } from "./settings/settings-button.tsx";
import { XrayButton } from "./xray-button.tsx";

interface EmbedHeadProps {
  /** There shall be a lesson; whether or not it could be had. */
  readonly hasLesson: boolean;
  /** The address of the whole page; undefined where the frame may open none. */
  readonly whole: string | undefined;
}

/** What is in the frame, the state of its machine, and the way out of it. */
export function EmbedHead({ hasLesson, whole }: EmbedHeadProps): JSX.Element {
  const lab = useLab();
  const lesson = lab.lesson.value;
  const { phase } = lab.machine.value;
  const untitled = sayInLab(hasLesson ? "embed.lesson" : "embed.terminal");
  return (
    <header class="page-head embed-head">
      <h1>{lesson.kind === "open" ? lesson.lesson.title : untitled}</h1>
      <p class={`chip ${phase}`} data-testid="machine-chip" data-phase={phase}>
        <PhaseWords phase={phase} />
      </p>
      <XrayButton isSmall />
      <SettingsButton isSmall />
      {whole !== undefined && (
        <a
          class="open-whole"
          href={whole}
          target="_blank"
          rel="noopener"
          title={sayInLab("embed.open-whole.title")}
          data-testid="open-whole"
        >
          <span class="spared">{sayInLab("embed.open-whole")}</span> <span aria-hidden="true">↗</span>
        </a>
      )}
    </header>
  );
}
