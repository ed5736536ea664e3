import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { saySettings } from "../../i18n/index.ts";
import { LINE_HEIGHTS, TERMINAL_SCHEMES, USUAL_FONT } from "../../state/index.ts";
import { colourScheme, onColourScheme } from "../colour-scheme.ts";
import { FontButtons } from "../font-buttons.tsx";
import { usePageDesk } from "../page-desk.ts";
import { fontsThere } from "./fonts-there.ts";
import { TerminalSample } from "./terminal-sample.tsx";

interface ChoiceProps<T extends string | number> {
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly words: (value: T) => string;
  readonly onChosen: (value: T) => void;
}

function Choice<T extends string | number>(props: ChoiceProps<T>): JSX.Element {
  const { name, label, value, values, words, onChosen } = props;
  const id = useId();
  return (
    <div class="setting">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={String(value)}
        data-testid={name}
        onChange={(event) => {
          const chosen = values.find((one) => String(one) === event.currentTarget.value);
          if (chosen !== undefined) onChosen(chosen);
        }}
      >
        {values.map((one) => (
          <option key={one} value={String(one)}>
            {words(one)}
          </option>
        ))}
      </select>
    </div>
  );
}

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
        <Choice
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
        <Choice
          name="line-height"
          label={saySettings("settings.line-height")}
          value={lineHeight}
          values={LINE_HEIGHTS}
          words={(height) => saySettings(`settings.line-height.${height}`)}
          onChosen={(height) => settings.change({ lineHeight: height })}
        />
        <Choice
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
