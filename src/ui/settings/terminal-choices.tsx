import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { saySettings } from "../../i18n/index.ts";
import { LINE_HEIGHTS, TERMINAL_SCHEMES, USUAL_FONT } from "../../state/index.ts";
import { colourScheme, onColourScheme } from "../colour-scheme.ts";
import { FontButtons } from "../font-buttons.tsx";
import { usePageDesk } from "../page-desk.ts";
import { SelectField } from "../select-field.tsx";
import { fontsThere } from "./fonts-there.ts";
import { TerminalSample } from "./terminal-sample.tsx";

/** Font, size and colours of all terminals, with a sample of what they will be. */
export function TerminalChoices(): JSX.Element {
  const { settings } = usePageDesk();
  const { fontFamily, fontSize, lineHeight, terminalScheme } = settings.value.value;
  const [fonts] = useState(fontsThere);
  const [pageScheme, setPageScheme] = useState(colourScheme);
  useEffect(() => onColourScheme(() => setPageScheme(colourScheme())), []);
  return (
    <>
      <div class="settings-grid">
        <SelectField
          class="setting"
          name="font-family"
          label={saySettings("settings.font")}
          value={fonts.includes(fontFamily) ? fontFamily : USUAL_FONT}
          values={[USUAL_FONT, ...fonts]}
          words={(name) => (name === USUAL_FONT ? saySettings("settings.font.usual") : name)}
          onChosen={(name) => settings.change({ fontFamily: name })}
        />
        <fieldset class="setting">
          <legend>{saySettings("settings.size")}</legend>
          <div class="size-buttons">
            <FontButtons name="setting-font" />
            <output data-testid="font-size">{saySettings("settings.size.value", { size: fontSize })}</output>
          </div>
        </fieldset>
        <SelectField
          class="setting"
          name="line-height"
          label={saySettings("settings.line-height")}
          value={lineHeight}
          values={LINE_HEIGHTS}
          words={(height) => saySettings(`settings.line-height.${height}`)}
          onChosen={(height) => settings.change({ lineHeight: height })}
        />
        <SelectField
          class="setting"
          name="terminal-scheme"
          label={saySettings("settings.scheme")}
          value={terminalScheme}
          values={TERMINAL_SCHEMES}
          words={(scheme) => saySettings(`settings.scheme.${scheme}`)}
          onChosen={(scheme) => settings.change({ terminalScheme: scheme })}
        />
      </div>
      <TerminalSample
        scheme={terminalScheme === "page" ? pageScheme : terminalScheme}
        font={fontFamily === USUAL_FONT ? "var(--mono)" : `"${fontFamily}", var(--mono)`}
        fontSize={fontSize}
        lineHeight={lineHeight}
      />
    </>
  );
}
