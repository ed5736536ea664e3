import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say, sayLanding } from "../../i18n/index.ts";
import type { Course, Standing } from "../../state/index.ts";
import { AboutDialog } from "../about-dialog.tsx";
import { Brand } from "../brand.tsx";
import { OfflineButton } from "../offline/offline-button.tsx";
import { type PageDesk, PageDeskProvider } from "../page-desk.ts";
import { SettingsButton } from "../settings/settings-button.tsx";
import { Catalogue } from "./catalogue.tsx";
import { Still } from "./still.tsx";

/** What it says at its beginning, instead of what it shows. */
export type LandingNote = "erased" | "missing.course" | "missing.lesson" | "no-list";

export interface LandingProps {
  /** Signals' values: the courses may be being written, and what is known of the learner comes later. */
  readonly courses: { readonly value: readonly Course[] };
  readonly standing: { readonly value: Standing };
  /** Progress lasts only as long as the page. */
  readonly notKept: { readonly value: boolean };
  readonly note: LandingNote | undefined;
  /** Id of the course to be shown. */
  readonly shown: string | undefined;
  /** Id of the lesson that shows a visitor around; the first one does where it is not among the courses. */
  readonly tour: string;
  readonly lessonLink: (id: string) => string;
  readonly terminalLink: string;
  readonly desk: PageDesk;
}

/** What to open first: what the learner was at, or what shows one around. */
function Doors({ courses, standing, tour, lessonLink, terminalLink }: LandingProps): JSX.Element {
  const all = courses.value.flatMap(({ lessons }) => lessons);
  const { goOn } = standing.value;
  const first = all.find(({ id }) => id === tour) ?? all[0];
  const isTour = first?.id === tour;
  return (
    <p class="doors">
      {goOn !== undefined && (
        <a class="button primary" href={lessonLink(goOn.lesson.id)} data-testid="go-on">
          {sayLanding(`landing.${goOn.kind}`, { title: goOn.lesson.title })}
        </a>
      )}
      {first !== undefined && first.id !== goOn?.lesson.id && (
        <a
          class={goOn === undefined ? "button primary" : "button quiet"}
          href={lessonLink(first.id)}
          data-testid="start"
        >
          {sayLanding(isTour ? "landing.tour" : "landing.first", {
            title: first.title,
            minutes: first.minutes,
          })}
        </a>
      )}
      <a class="button quiet" href={terminalLink} data-testid="free-terminal">
        {sayLanding("landing.terminal")}
      </a>
    </p>
  );
}

function Landing(props: LandingProps): JSX.Element {
  const { courses, standing, notKept, note, shown, lessonLink } = props;
  const { offline } = props.desk;
  const [isAboutOpen, setAboutOpen] = useState(false);
  const course = courses.value.find(({ id }) => id === shown)?.title;
  useEffect(() => {
    document.title =
      course === undefined ? sayLanding("landing.title") : sayLanding("landing.course-title", { course });
  }, [course]);
  const isEmpty = courses.value.every(({ lessons }) => lessons.length === 0);
  return (
    <div class="landing" data-testid="landing">
      <header class="landing-head">
        <Brand />
      </header>
      <main>
        {note !== undefined && (
          <p class="note" role="alert" data-testid="landing-note">
            {note === "erased" ? say("settings.erased") : sayLanding(`landing.${note}`)}
          </p>
        )}
        <div class="hero">
          <div class="hero-words">
            <h1>{sayLanding("landing.what")}</h1>
            <p>{sayLanding("landing.how")}</p>
            <Doors {...props} />
            <p class="quiet-line">{sayLanding("landing.nothing")}</p>
          </div>
          <Still />
        </div>
        {notKept.value && <p class="note small">{say("lesson.not-kept")}</p>}
        {!isEmpty && (
          <Catalogue
            courses={courses.value.filter(({ lessons }) => lessons.length > 0)}
            standing={standing.value}
            lessonLink={lessonLink}
            shown={shown}
          />
        )}
        {isEmpty && note !== "no-list" && <p class="note">{sayLanding("landing.no-courses")}</p>}
      </main>
      <footer class="landing-foot">
        <p>
          <strong>{sayLanding("landing.teachers")}</strong> {sayLanding("landing.teachers.words")}{" "}
          <code>{`<vivarium-lab lesson="${courses.value[0]?.lessons[0]?.id ?? props.tour}">`}</code>
        </p>
        <p class="landing-verbs">
          {/* Down here: the first thing that a key reaches in the page is the tour. */}
          <SettingsButton withWord />
          {offline !== undefined && <OfflineButton desk={offline} />}
          <button type="button" class="quiet" data-testid="open-about" onClick={() => setAboutOpen(true)}>
            {say("about.open")}
          </button>
        </p>
      </footer>
      {isAboutOpen && <AboutDialog kernel="" onClosed={() => setAboutOpen(false)} />}
    </div>
  );
}

/** Shows the landing in `root`, in place of what was there. */
export function showLanding(root: HTMLElement, props: LandingProps): void {
  root.replaceChildren();
  render(
    <PageDeskProvider value={props.desk}>
      <Landing {...props} />
    </PageDeskProvider>,
    root,
  );
}
