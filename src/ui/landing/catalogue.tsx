import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say, sayLanding } from "../../i18n/index.ts";
import {
  type Course,
  isDone,
  type LessonStanding,
  type ListedLesson,
  type Standing,
} from "../../state/index.ts";

/** Machines of this profile need no word. */
const USUAL_PROFILE = "base";

export interface CatalogueProps {
  readonly courses: readonly Course[];
  readonly standing: Standing;
  /** Addresses. */
  readonly lessonLink: (id: string) => string;
  /** Id of the course to be shown. */
  readonly shown: string | undefined;
}

function Progress({ standing }: { readonly standing: LessonStanding }): JSX.Element {
  const { done, of } = standing;
  if (!standing.isBegun)
    return (
      <span>
        {of === 1 ? sayLanding("catalogue.one-step") : sayLanding("catalogue.steps", { total: of })}
      </span>
    );
  return (
    <span class="lesson-standing">
      <progress max={of} value={done} aria-hidden="true" />
      {say("lesson.progress", { done, total: of })}
    </span>
  );
}

interface LessonRowProps {
  readonly lesson: ListedLesson;
  readonly number: number;
  readonly standing: LessonStanding;
  readonly isLatest: boolean;
  readonly before: readonly { readonly id: string; readonly title: string }[];
  readonly lessonLink: (id: string) => string;
}

function LessonRow(props: LessonRowProps): JSX.Element {
  const { lesson, number, standing, isLatest, before, lessonLink } = props;
  const isOver = isDone(standing);
  return (
    <li
      class="lesson-row"
      data-testid={`lesson-${lesson.id}`}
      data-done={standing.done}
      data-steps={standing.of}
    >
      <span class={isOver ? "marker done" : standing.isBegun ? "marker begun" : "marker"} aria-hidden="true">
        {isOver ? "✓" : number}
      </span>
      <div>
        <h4>
          <a href={lessonLink(lesson.id)}>{lesson.title}</a>
          {isOver && <span class="visually-hidden"> ({sayLanding("catalogue.done")})</span>}
          {isLatest && <span class="tag">{sayLanding("catalogue.latest")}</span>}
        </h4>
        <p class="lesson-summary">{lesson.summary}</p>
        <p class="lesson-facts">
          <span>{say("lesson.minutes", { minutes: lesson.minutes })}</span>
          <Progress standing={standing} />
          {lesson.machines.length > 1 && (
            <span>{sayLanding("catalogue.machines", { count: lesson.machines.length })}</span>
          )}
          {lesson.profile !== USUAL_PROFILE && (
            <span>{sayLanding("catalogue.profile", { profile: lesson.profile })}</span>
          )}
          {before.length > 0 && (
            <span>
              {sayLanding("catalogue.after")}{" "}
              {before.map(({ id, title }, i) => (
                <span key={id}>
                  {i > 0 && ", "}
                  <a href={lessonLink(id)}>{title}</a>
                </span>
              ))}
            </span>
          )}
        </p>
        {lesson.topics.length > 0 && (
          <p class="topics">
            <span class="visually-hidden">{sayLanding("catalogue.topics")} </span>
            {lesson.topics.join(" · ")}
          </p>
        )}
      </div>
    </li>
  );
}

const NOWHERE: LessonStanding = { done: 0, of: 0, isBegun: false };

function CourseSection(props: CatalogueProps & { readonly course: Course }): JSX.Element {
  const { course, courses, standing, lessonLink, shown } = props;
  const headingRef = useRef<HTMLHeadingElement>(null);
  const isShown = shown === course.id;
  useEffect(() => {
    if (!isShown) return;
    headingRef.current?.focus({ preventScroll: true });
    headingRef.current?.closest("section")?.scrollIntoView({ block: "start" });
  }, [isShown]);
  const all = courses.flatMap(({ lessons }) => lessons);
  const of = ({ id }: ListedLesson): LessonStanding => standing.lessons.get(id) ?? NOWHERE;
  const total = course.lessons.length;
  const minutes = course.lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
  const done = course.lessons.filter((lesson) => isDone(of(lesson))).length;
  const isBegun = course.lessons.some((lesson) => of(lesson).isBegun);
  const title = `course-${course.id}`;
  return (
    <section class="course" aria-labelledby={title} data-testid={title} data-done={done}>
      <header class="course-head">
        <h3 id={title} ref={headingRef} tabIndex={-1}>
          {course.title}
        </h3>
        <p>{course.summary}</p>
        <p class="course-facts">
          {total === 1
            ? sayLanding("catalogue.one-lesson", { minutes })
            : sayLanding("catalogue.lessons", { total, minutes })}
        </p>
        {isBegun && (
          <p class="course-facts">
            <progress max={total} value={done} aria-hidden="true" />
            {sayLanding("catalogue.course-progress", { done, total })}
          </p>
        )}
      </header>
      <ol class="course-lessons">
        {course.lessons.map((lesson, i) => (
          <LessonRow
            key={lesson.id}
            lesson={lesson}
            number={i + 1}
            standing={of(lesson)}
            isLatest={standing.goOn?.kind === "continue" && standing.goOn.lesson.id === lesson.id}
            before={lesson.prerequisites.flatMap((id) => all.find((one) => one.id === id) ?? [])}
            lessonLink={lessonLink}
          />
        ))}
      </ol>
    </section>
  );
}

/** All courses with their lessons, and how far the learner is in each. */
export function Catalogue(props: CatalogueProps): JSX.Element {
  return (
    <section class="catalogue" aria-labelledby="catalogue-title">
      <h2 id="catalogue-title">{sayLanding("catalogue.title")}</h2>
      {props.courses.map((course) => (
        <CourseSection key={course.id} {...props} course={course} />
      ))}
    </section>
  );
}
