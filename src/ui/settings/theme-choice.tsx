import type { JSX } from "preact";
import { saySettings } from "../../i18n/index.ts";
import { type Theme, THEMES } from "../../state/index.ts";
import { usePageDesk } from "../page-desk.ts";
import { useMedia } from "../use-media.ts";

/** The shades that a theme's picture has: those of the system are both. */
function shadesOf(theme: Theme): readonly ("light" | "dark")[] {
  if (theme === "system") return ["light", "dark"];
  return [theme.endsWith("dark") ? "dark" : "light"];
}

/** A page in miniature, in a theme's own colours. */
function Miniature({ theme, isMore }: { readonly theme: Theme; readonly isMore: boolean }): JSX.Element {
  const contrast = isMore || theme.startsWith("contrast") ? "more" : "usual";
  return (
    <span class="theme-picture" aria-hidden="true">
      {shadesOf(theme).map((shade) => (
        <span key={shade} class="theme-half" data-theme={shade} data-contrast={contrast}>
          <span class="theme-line" />
          <span class="theme-line short" />
          <span class="theme-accent" />
        </span>
      ))}
    </span>
  );
}

/** Light, dark, high contrast, or as the system has it. */
export function ThemeChoice(): JSX.Element {
  const { settings, isThemed = false } = usePageDesk();
  const { theme } = settings.value.value;
  const isMore = useMedia("(prefers-contrast: more)");
  const isForced = useMedia("(forced-colors: active)");
  const isStill = useMedia("(prefers-reduced-motion: reduce)");
  return (
    <section>
      <fieldset class="theme-choice" disabled={isThemed}>
        <legend>
          <h3>{saySettings("settings.looks")}</h3>
        </legend>
        {THEMES.map((one) => (
          <label key={one} class="theme-card">
            <Miniature theme={one} isMore={isMore} />
            <span class="theme-name">
              <input
                type="radio"
                name="theme"
                value={one}
                checked={theme === one}
                data-testid={`theme-${one}`}
                onChange={() => settings.change({ theme: one })}
              />
              {saySettings(`settings.theme.${one}`)}
            </span>
          </label>
        ))}
      </fieldset>
      {isThemed && <p class="note small">{saySettings("settings.theme.by-page")}</p>}
      {isForced && <p class="quiet-line">{saySettings("settings.contrast.forced")}</p>}
      {isMore && !isForced && <p class="quiet-line">{saySettings("settings.contrast.more")}</p>}
      {isStill && <p class="quiet-line">{saySettings("settings.motion.reduce")}</p>}
    </section>
  );
}
