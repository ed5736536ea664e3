import type { JSX } from "preact";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { sayInLab } from "../i18n/index.ts";
import type { LiveLesson, LiveState } from "../state/index.ts";

/** A sentence of the compiler's, in which code stands between backticks. */
function Sentence({ text }: { readonly text: string }): JSX.Element {
  return <>{text.split("`").map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}

function Problems({ problems }: Pick<LiveState, "problems">): JSX.Element {
  return (
    <details open>
      <summary>
        {sayInLab(problems.length === 1 ? "live.problem" : "live.problems", { count: problems.length })}
      </summary>
      <ul>
        {problems.map(({ file, line, column, what, fix }, i) => (
          <li key={i}>
            <code class="live-place">
              {file}:{line}:{column}
            </code>{" "}
            <Sentence text={`${what}.`} /> <Sentence text={`${fix}.`} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What an author is told: nothing while all is well. */
function LiveNote({ live }: { readonly live: LiveLesson }): JSX.Element {
  const { problems, lesson, connected } = live.state.value;
  const noteRef = useRef<HTMLElement>(null);
  useEffect(() => {
    const note = noteRef.current;
    if (note === null) return undefined;
    // The lesson ends above it, so that its buttons can be reached.
    const sizes = new ResizeObserver(() =>
      document.body.style.setProperty(
        "--live-note",
        note.offsetHeight === 0 ? "0" : `calc(${note.offsetHeight}px + 1rem)`,
      ),
    );
    sizes.observe(note);
    return () => sizes.disconnect();
  }, []);
  return (
    <aside ref={noteRef} class="live-note" aria-live="polite" data-testid="live-note">
      {!connected && <p>{sayInLab("live.gone-away")}</p>}
      {lesson === "gone" && <p>{sayInLab("live.no-lesson")}</p>}
      {lesson === "stale" && (
        <p>
          {sayInLab("live.stale")}{" "}
          <button type="button" class="quiet" onClick={() => live.reload()}>
            {sayInLab("fault.reload")}
          </button>
        </p>
      )}
      {problems.length > 0 && <Problems problems={problems} />}
    </aside>
  );
}

/** Adds the note to the page. */
export function showLiveNote(live: LiveLesson): void {
  const place = document.createElement("div");
  document.body.append(place);
  render(<LiveNote live={live} />, place);
}
