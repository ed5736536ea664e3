import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { sayInLab } from "../i18n/index.ts";
import type { ManPage, ManView } from "../state/index.ts";
import { useLab } from "./lab-context.ts";
import { ManFault } from "./man-fault.tsx";
import { ManNameText } from "./man-link.tsx";
import { ManSurroundingsProvider, ManText } from "./man-text.tsx";

const idOf = (section: number): string => `man-section-${section}`;

/** Puts a heading at the top of what scrolls, and the focus on it. */
function goToSection(scroller: HTMLElement | null, section: number): void {
  const heading = document.getElementById(idOf(section));
  if (scroller === null || heading === null) return;
  scroller.scrollTop += heading.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  heading.focus({ preventScroll: true });
}

interface ContentsProps {
  readonly page: ManPage;
  readonly isOpen: boolean;
  readonly onGo: (section: number) => void;
}

function Contents({ page, isOpen, onGo }: ContentsProps): JSX.Element {
  return (
    <nav
      id="man-contents"
      class={isOpen ? "man-contents open" : "man-contents"}
      aria-label={sayInLab("man.sections")}
    >
      <ul>
        {page.sections.map(({ title, level }, i) => (
          <li key={i} class={level === 2 ? "sub" : ""}>
            <button type="button" onClick={() => onGo(i)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Sections({ page }: { readonly page: ManPage }): JSX.Element {
  return (
    <>
      {page.sections.map(({ title, level, blocks }, i) => (
        <section key={i}>
          {level === 1 ? (
            <h3 id={idOf(i)} tabIndex={-1}>
              {title}
            </h3>
          ) : (
            <h4 id={idOf(i)} tabIndex={-1}>
              {title}
            </h4>
          )}
          <ManText of={blocks} />
        </section>
      ))}
      {page.foot !== "" && <p class="man-foot">{page.foot}</p>}
    </>
  );
}

/** Gives the focus back to what is behind the page until it is gone. */
function focusBack(element: HTMLElement): void {
  element.focus();
  if (document.activeElement !== element) requestAnimationFrame(() => element.focus());
}

interface ManPaneProps {
  /** Another panel is seen in its place. */
  readonly isBehind: boolean;
}

function OpenPage({ view, isBehind }: ManPaneProps & { readonly view: ManView }): JSX.Element {
  const { man } = useLab();
  const { place, content, visit, top } = view;
  const [isListOpen, setListOpen] = useState(false);
  const paneRef = useRef<HTMLElement>(null);
  const titleRef = useRef<HTMLHeadingElement>(null);
  const scrollRef = useRef<HTMLDivElement>(null);
  const openerRef = useRef<Element>(null);
  const name = `${place.page}(${place.section})`;

  // Before the pane takes the focus.
  useLayoutEffect(() => {
    const opener = document.activeElement?.closest(".lesson .man-link");
    if (opener) openerRef.current = opener;
    setListOpen(false);
    titleRef.current?.focus({ preventScroll: true });
  }, [visit]);

  const at = content.kind === "page" ? content.at : undefined;
  useLayoutEffect(() => {
    const scroller = scrollRef.current;
    if (content.kind !== "page" || scroller === null) return;
    scroller.scrollTop = top ?? 0;
    // Who has gone on to the terminal meanwhile stays there.
    const isHere = paneRef.current?.contains(document.activeElement) === true;
    if (top === undefined && at !== undefined && at >= 0 && isHere) goToSection(scroller, at);
  }, [visit, content.kind, top, at]);

  const close = useCallback((): void => {
    const opener = openerRef.current;
    man.close();
    const back = opener?.isConnected === true ? opener : document.querySelector(".step.open h3");
    if (back instanceof HTMLElement) focusBack(back);
  }, [man]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.key !== "Escape" || event.defaultPrevented || !(target instanceof Element)) return;
      // In the terminal it is the guest's.
      if (target.closest(".man-pane, .lesson") === null) return;
      event.preventDefault();
      close();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [close]);

  const go = (section: number): void => {
    setListOpen(false);
    goToSection(scrollRef.current, section);
  };
  const around = {
    name: place,
    follow: (to: typeof place): void => man.follow(to, scrollRef.current?.scrollTop ?? 0),
  };
  return (
    <section
      ref={paneRef}
      class={isBehind ? "man-pane behind" : "man-pane"}
      inert={isBehind}
      aria-label={sayInLab("man.label", { name })}
      data-testid="man"
      data-kind={content.kind}
    >
      <header>
        {view.canGoBack && (
          <button type="button" class="quiet small" data-testid="man-back" onClick={() => man.back()}>
            ← {sayInLab("man.back")}
          </button>
        )}
        <h2 ref={titleRef} tabIndex={-1}>
          <ManNameText page={place.page} section={place.section} />
        </h2>
        {content.kind === "page" && (
          <button
            type="button"
            class="quiet small man-toggle"
            aria-expanded={isListOpen}
            aria-controls="man-contents"
            data-testid="man-sections"
            onClick={() => setListOpen(!isListOpen)}
          >
            {sayInLab("man.sections")}
          </button>
        )}
        <button type="button" class="quiet small" data-testid="man-close" onClick={close}>
          {sayInLab("man.close")} <kbd>Esc</kbd>
        </button>
      </header>
      <p class="man-status" aria-live="polite" data-testid="man-status">
        {content.kind === "waiting" && content.isLong && `${sayInLab("man.waiting", { name })} …`}
        {at === -1 && sayInLab("man.no-section", { heading: place.heading ?? "" })}
      </p>
      {(content.kind === "missing" || content.kind === "failed") && (
        <ManFault name={place} content={content} />
      )}
      {content.kind === "page" && (
        <div class="man-body">
          <Contents page={content.page} isOpen={isListOpen} onGo={go} />
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is scrolled by keys */}
          <div class="man-scroll" ref={scrollRef} tabIndex={0}>
            <ManSurroundingsProvider value={around}>
              <Sections page={content.page} />
            </ManSurroundingsProvider>
          </div>
        </div>
      )}
    </section>
  );
}

/** A page of the guest's manual, beside the terminal. */
export function ManPane({ isBehind }: ManPaneProps): JSX.Element | null {
  const view = useLab().man.view.value;
  return view === undefined ? null : <OpenPage view={view} isBehind={isBehind} />;
}
