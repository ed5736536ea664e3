import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { loadXray } from "./load-xray.ts";
import { faultSentences, say, sayInLab } from "../i18n/index.ts";
import type { Lesson, LessonRunState } from "../state/index.ts";
import { Blocks } from "./blocks.tsx";
import { useLab } from "./lab-context.ts";
import { LessonChoice, type LessonChoiceProps } from "./lesson-choice.tsx";
import { LessonMenu } from "./lesson-menu.tsx";
import { PostcardCard } from "./postcard.tsx";
import { makePostcards } from "./postcard-maker.ts";
import { ReplayBar } from "./replay-bar.tsx";
import { scrollTo } from "./scroll-to.ts";
import { StepCard } from "./step-card.tsx";

/** Makes an address of a lesson, to be done or to be watched, or of a step of it. */
export type LinkTo = (lesson: string, isReplay: boolean, step?: string) => string;

interface LessonPaneProps {
  readonly choice: LessonChoiceProps;
  /** The browser keeps progress when the page is closed. */
  readonly isKept: boolean;
  readonly linkTo: LinkTo;
}

function OpenLesson(
  props: LessonPaneProps & { readonly lesson: Lesson; readonly run: LessonRunState },
): JSX.Element {
  const { lesson, run, choice, isKept, linkTo } = props;
  const lab = useLab();
  useEffect(() => (lesson.postcard === undefined ? undefined : makePostcards(lab, lesson)), [lab, lesson]);
  const isPrompt = lab.terminal.value.kind === "open";
  const speaksOfXray = lesson.steps.some(({ xray }) => xray === true);
  useEffect(() => {
    // Before a step opens the X-ray, and after the first prompt, which must not wait for it.
    if (isPrompt && speaksOfXray)
      Promise.all([loadXray(), import("./xray-widgets.ts")]).catch(() => undefined);
  }, [isPrompt, speaksOfXray]);
  const isAtFirstRef = useRef(run.current === lesson.steps[0]?.id);
  useEffect(() => {
    // Where a link leads, or where one was; the beginning is in sight already.
    const heading = isAtFirstRef.current ? null : document.querySelector(".step.open h3");
    if (heading !== null) scrollTo(heading, "start");
  }, []);
  const done = lesson.steps.filter(({ id }) => run.steps[id]?.done === true).length;
  const isComplete = done === lesson.steps.length;
  return (
    <>
      <ReplayBar ownLink={linkTo(lesson.id, false)} />
      <header class="lesson-head">
        {/* Where the page's head has no room for it. */}
        <p class="choice-here">
          <LessonChoice {...choice} open={lesson.id} name="choose-lesson-here" />
        </p>
        <h1>{lesson.title}</h1>
        <p class="summary">{lesson.summary}</p>
        <div class="progress">
          <progress max={lesson.steps.length} value={done} aria-hidden="true" />
          <span>
            {say("lesson.progress", { done, total: lesson.steps.length })} ·{" "}
            {say("lesson.minutes", { minutes: lesson.minutes })}
          </span>
          <LessonMenu lesson={lesson} isKept={isKept} />
        </div>
      </header>
      {run.changed && <p class="note small">{sayInLab("lesson.changed")}</p>}
      <div class="prose intro">
        <Blocks of={lesson.intro} />
      </div>
      <h2 class="visually-hidden">{sayInLab("lesson.steps")}</h2>
      <ol class="steps">
        {lesson.steps.map((step, i) => (
          <StepCard
            key={step.id}
            step={step}
            number={i + 1}
            state={run.steps[step.id] ?? { done: false, verdict: { kind: "waiting" } }}
            run={run}
            isOpen={step.id === run.current}
            next={lesson.steps[i + 1]?.id}
            link={linkTo(lesson.id, false, step.id)}
          />
        ))}
      </ol>
      {isComplete && (
        <section class="proven prose" data-testid="lesson-complete">
          <h2 tabIndex={-1}>{sayInLab("lesson.complete")}</h2>
          <Blocks of={lesson.proven} />
          {lesson.postcard !== undefined && <PostcardCard lesson={lesson} link={linkTo(lesson.id, true)} />}
        </section>
      )}
    </>
  );
}

/** The left side: the lesson and its steps. */
export function LessonPane(props: LessonPaneProps): JSX.Element {
  const lab = useLab();
  const lesson = lab.lesson.value;
  return (
    <section class="lesson" aria-label={lesson.kind === "open" ? lesson.lesson.title : undefined}>
      {lesson.kind === "loading" && (
        <p class="quiet-line" aria-live="polite">
          {sayInLab("lesson.loading")} …
        </p>
      )}
      {lesson.kind === "failed" && (
        <div class="fault" role="alert">
          <h2>{sayInLab("lesson.failed")}</h2>
          <p>{faultSentences(lesson.error.code)}</p>
          <button type="button" class="primary" onClick={() => void lab.loadLesson()}>
            {sayInLab("fault.retry")}
          </button>
        </div>
      )}
      {lesson.kind === "open" && <OpenLesson {...props} lesson={lesson.lesson} run={lesson.run} />}
    </section>
  );
}
