import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";

/** What can be opened, in order. */
export interface ShownCourse {
  readonly id: string;
  readonly title: string;
  readonly lessons: readonly { readonly id: string; readonly title: string }[];
}

export interface LessonChoiceProps {
  /** A signal's value. */
  readonly courses: { readonly value: readonly ShownCourse[] };
  readonly openLesson: (id: string) => void;
}

/** All lessons of all courses, of which one is open. */
export function LessonChoice(
  props: LessonChoiceProps & { readonly open: string; readonly name: string },
): JSX.Element {
  return (
    <select
      class="lesson-choice"
      aria-label={sayInLab("lesson.choose")}
      data-testid={props.name}
      value={props.open}
      onChange={(event) => props.openLesson(event.currentTarget.value)}
    >
      {props.courses.value.map(({ id: course, title: courseTitle, lessons }) => (
        <optgroup key={course} label={courseTitle}>
          {lessons.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
