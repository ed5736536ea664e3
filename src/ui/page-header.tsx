import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../i18n/index.ts";
import { AboutDialog } from "./about-dialog.tsx";
import { Brand } from "./brand.tsx";
import { focusTerminal } from "./focus-terminal.ts";
import { useLab } from "./lab-context.ts";
import { LessonChoice, type LessonChoiceProps } from "./lesson-choice.tsx";
import { MachineBar } from "./machine-bar/machine-bar.tsx";
import { Presets } from "./panels/presets.tsx";
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

/** Name, lesson, and the state of the machine. */
export function PageHeader(props: PageHeaderProps): JSX.Element {
  const lab = useLab();
  const [isAboutOpen, setAboutOpen] = useState(false);
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
      <MachineBar profile={props.profile} kernel={props.kernel} />
      <Presets />
      <XrayButton />
      <SettingsButton />
      <button type="button" class="quiet" data-testid="open-about" onClick={() => setAboutOpen(true)}>
        {say("about.open")}
      </button>
      {isAboutOpen && <AboutDialog kernel={props.kernel} onClosed={() => setAboutOpen(false)} />}
    </header>
  );
}
