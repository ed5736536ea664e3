import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../i18n/index.ts";
import type { About, AboutSource, Notice } from "../state/index.ts";
import { PartList } from "./about-part.tsx";
import { DiagnosticsButton } from "./diagnostics/diagnostics-button.tsx";
import { usePageDesk } from "./page-desk.ts";
import { Sheet } from "./sheet.tsx";

const LESSONS_LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/";

function NoticeText({ notice }: { readonly notice: Notice }): JSX.Element {
  const pieces = notice.pieces.map(({ kind, text }, i) => {
    if (kind === "strong") return <strong key={i}>{text}</strong>;
    return kind === "code" ? <code key={i}>{text}</code> : text;
  });
  return <p class={notice.kind === "item" ? "notice-item" : ""}>{pieces}</p>;
}

interface AboutTextProps {
  readonly about: About;
  readonly kernel: string;
  readonly source: AboutSource;
}

function AboutText({ about, kernel, source }: AboutTextProps): JSX.Element {
  const own = { name: say("app.name"), version: about.version, licence: "MIT", text: "LICENSE.txt" };
  return (
    <>
      <p class="quiet-line" data-testid="about-version">
        {say("about.version", { version: about.version })}
        {kernel !== "" && ` · ${say("machine.kernel", { version: kernel })}`}
      </p>
      <PartList title={say("about.own")} parts={[own]} source={source} />
      <p>
        {say("about.lessons")}{" "}
        <a href={LESSONS_LICENCE} target="_blank" rel="noreferrer">
          CC BY-SA 4.0
        </a>
      </p>
      <section>
        <h3>{say("about.notices")}</h3>
        {about.notices.map((notice, i) => (
          <NoticeText key={i} notice={notice} />
        ))}
        <p>
          {say("about.sources")} <code>npm run images:sources DIR</code>
        </p>
      </section>
      <PartList title={say("about.machine")} parts={about.machine} source={source} />
      <PartList title={say("about.page")} parts={about.page} source={source} />
      <PartList title={say("about.common")} parts={about.common} source={source} />
    </>
  );
}

export interface AboutDialogProps {
  readonly kernel: string;
  readonly onClosed: () => void;
}

/** What this is, what it is made of and under which licences. Open for as long as it is there. */
export function AboutDialog({ kernel, onClosed }: AboutDialogProps): JSX.Element {
  const { about: source } = usePageDesk();
  const [about, setAbout] = useState<About | "loading" | "failed">("loading");
  useEffect(() => {
    let isGone = false;
    const show = (found: About | "failed"): void => {
      if (!isGone) setAbout(found);
    };
    source.load().then(show, () => show("failed"));
    return () => {
      isGone = true;
    };
  }, [source]);
  return (
    <Sheet name="about" title={say("about.title")} onClosed={onClosed}>
      <p>{say("about.what")}</p>
      <p class="about-help">
        {say("about.help")} <DiagnosticsButton />
      </p>
      {typeof about === "string" ? (
        <p aria-live="polite">{say(`about.${about}`)}</p>
      ) : (
        <AboutText about={about} kernel={kernel} source={source} />
      )}
    </Sheet>
  );
}
