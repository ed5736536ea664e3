import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../i18n/index.ts";
import { AboutDialog } from "./about-dialog.tsx";
import { Brand } from "./brand.tsx";
import { focusTerminal } from "./focus-terminal.ts";
import { useLab } from "./lab-context.ts";
import { LessonChoice, type LessonChoiceProps } from "./lesson-choice.tsx";
import { Presets } from "./panels/presets.tsx";
import { PhaseWords } from "./phase-words.tsx";
import { SettingsButton } from "./settings/settings-button.tsx";
import { XrayButton } from "./xray-button.tsx";

/** Addresses of what lies outside of the lab. */
export interface OutwardLinks {
  readonly home: string;
  readonly course: (id: string) => string;
}

interface PageHeaderProps {
  readonly kernel: string;
  readonly profile: string;
  readonly choice: LessonChoiceProps;
  readonly links: OutwardLinks;
  /** What is open, where it is no lesson. */
  readonly title?: string;
}

/** Each of several machines with its state. */
function MachineChips(): JSX.Element {
  const lab = useLab();
  return (
    <ul class="machine-chips" aria-label={say("machine.all")}>
      {lab.machines.map(({ name, state }) => {
        const { phase } = state.value;
        return (
          <li key={name} class={`chip ${phase}`} data-testid={`machine-chip-${name}`} data-phase={phase}>
            <span class="dot" aria-hidden="true" />
            {name}: {say(`machine.phase.${phase}`)}
          </li>
        );
      })}
    </ul>
  );
}

/** Name, lesson, and the state of the machine. */
export function PageHeader(props: PageHeaderProps): JSX.Element {
  const lab = useLab();
  const [isAboutOpen, setAboutOpen] = useState(false);
  const { phase } = lab.machine.value;
  const lesson = lab.lesson.value;
  const open = lesson.kind === "open" ? lesson.lesson.id : "";
  const course = props.choice.courses.value.find(({ lessons }) => lessons.some(({ id }) => id === open));
  const opened = lesson.kind === "open" ? lesson.lesson.title : (props.title ?? "");
  useEffect(() => {
    document.title = opened === "" ? say("app.name") : say("app.title", { lesson: opened });
  }, [opened]);
  return (
    <header class="page-head">
      <a
        class="skip"
        href="#terminal"
        onClick={(event) => {
          // The address names a step.
          event.preventDefault();
          focusTerminal();
        }}
      >
        {say("app.skip-to-terminal")}
      </a>
      <Brand home={props.links.home} />
      <p class="crumbs">
        {props.title}
        {course !== undefined && <a href={props.links.course(course.id)}>{course.title}</a>}
        {lesson.kind === "open" && (
          <>
            {" / "}
            <LessonChoice {...props.choice} open={open} name="choose-lesson" />
          </>
        )}
      </p>
      {lab.machines.length > 1 && <MachineChips />}
      <p
        class={lab.machines.length > 1 ? "chip common" : `chip ${phase}`}
        data-testid="machine-chip"
        data-phase={phase}
      >
        {lab.machines.length === 1 && <PhaseWords phase={phase} />}
        {props.profile !== "" && (
          <span class="profile" data-testid="profile">
            <span class="visually-hidden">{say("machine.profile")} </span>
            {props.profile}
          </span>
        )}
        {props.kernel !== "" && (
          <span class="kernel">{say("machine.kernel", { version: props.kernel })}</span>
        )}
      </p>
      <Presets />
      <XrayButton />
      <button
        type="button"
        class="quiet"
        title={say("machine.restart.title")}
        data-testid="restart-machine"
        onClick={() => void lab.restartMachine()}
      >
        {say("machine.restart")}
      </button>
      <SettingsButton />
      <button type="button" class="quiet" data-testid="open-about" onClick={() => setAboutOpen(true)}>
        {say("about.open")}
      </button>
      {isAboutOpen && <AboutDialog kernel={props.kernel} onClosed={() => setAboutOpen(false)} />}
    </header>
  );
}
