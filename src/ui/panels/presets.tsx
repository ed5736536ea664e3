import { BookOpen, Eye, type IconNode, Scale, SlidersHorizontal } from "lucide";
import type { JSX } from "preact";
import { sayPanels } from "../../i18n/index.ts";
import { PRESETS, type Preset } from "../../state/index.ts";
import { Icon } from "../icon.tsx";
import { useLab } from "../lab-context.ts";

const ICONS: Readonly<Record<Preset, IconNode>> = { read: BookOpen, watch: Eye, compare: Scale };

/** Three ways to share the page, each a click away. Where there is one column there is nothing to share. */
export function Presets(): JSX.Element | null {
  const { panels, lesson } = useLab();
  if (panels.isColumn.value) return null;
  const isFree = lesson.value.kind === "none";
  const now = panels.preset.value;
  return (
    <fieldset class="presets">
      <legend class="visually-hidden">{sayPanels("panels.presets")}</legend>
      {PRESETS.map((preset) => {
        const isSettings = isFree && preset === "read";
        return (
          <button
            key={preset}
            type="button"
            aria-pressed={preset === now}
            title={sayPanels(isSettings ? "panels.preset.settings.title" : `panels.preset.${preset}.title`)}
            data-testid={`preset-${preset}`}
            onClick={() => panels.choose(preset)}
          >
            <Icon of={isSettings ? SlidersHorizontal : ICONS[preset]} />
            <span class="preset-word spared">
              {sayPanels(isSettings ? "panels.settings" : `panels.preset.${preset}`)}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
