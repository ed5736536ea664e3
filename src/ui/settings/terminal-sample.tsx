import type { JSX } from "preact";
import { saySettings } from "../../i18n/index.ts";
import { type Scheme, TERMINAL_THEMES } from "../../views/index.ts";

interface TerminalSampleProps {
  readonly scheme: Scheme;
  /** As a style sheet has it. */
  readonly font: string;
  /** CSS pixels. */
  readonly fontSize: number;
  readonly lineHeight: number;
}

/** xterm counts in heights of letters, which are about so many sizes of the font. */
const LETTER = 1.17;

/** Some lines as a terminal would show them. */
export function TerminalSample({ scheme, font, fontSize, lineHeight }: TerminalSampleProps): JSX.Element {
  const theme = TERMINAL_THEMES[scheme];
  const style = {
    background: theme.background,
    color: theme.foreground,
    fontFamily: font,
    fontSize: `${fontSize}px`,
    lineHeight: lineHeight * LETTER,
  };
  const prompt = <span style={{ color: theme.green }}>learner@vivarium:~$</span>;
  return (
    <figure class="terminal-sample" data-testid="terminal-sample" data-scheme={scheme} style={style}>
      <figcaption class="visually-hidden">{saySettings("settings.sample")}</figcaption>
      <div aria-hidden="true">
        {prompt} ls{"\n"}
        <span style={{ color: theme.blue }}>course</span>
        {"  "}
        <span style={{ color: theme.brightGreen }}>run.sh</span>
        {"  "}
        <span style={{ color: theme.cyan }}>latest</span>
        {"  0O 1lI {}[] ~|"}
        {"\n"}
        {prompt} cat <span style={{ color: theme.yellow }}>secret</span>
        {"\n"}
        <span style={{ color: theme.red }}>cat: secret: Permission denied</span>
      </div>
    </figure>
  );
}
