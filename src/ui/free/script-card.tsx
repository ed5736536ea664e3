import type { JSX } from "preact";
import { faultSentences, sayFree } from "../../i18n/index.ts";
import type { FreeDesk, ScriptState } from "../../state/index.ts";
import { focusTerminal } from "../focus-terminal.ts";
import { useLab } from "../lab-context.ts";

function words(state: ScriptState): string {
  if (state.kind === "waiting") return "";
  const said = sayFree(`free.script.${state.kind}`);
  return state.kind === "failed" ? `${said} ${faultSentences(state.error.code, false)}` : said;
}

/** The script of the address: to be read, and run when its reader wants it. */
export function ScriptCard({ desk }: { readonly desk: FreeDesk }): JSX.Element | null {
  const lab = useLab();
  const state = desk.script.value;
  const { script, user } = desk.settings;
  const [first] = lab.machines;
  // Whichever terminal is in front decides when this is drawn again; the first one is what counts.
  const isOpen = lab.terminals[0]?.state.value.kind === "open";
  if (script === "" || first === undefined) return null;
  return (
    <section class="free-card script-card" aria-labelledby="free-script-title" data-testid="script-card">
      <h2 id="free-script-title">{sayFree("free.script.title")}</h2>
      <p class="free-words">{sayFree("free.script.words", { user, machine: first.name })}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be in a keyboard's reach */}
      <pre tabIndex={0} aria-label={sayFree("free.script.label")} data-testid="script-text">
        {script}
      </pre>
      <div class="form-end">
        <button
          type="button"
          class={state.kind === "typed" ? "quiet" : "primary"}
          disabled={!isOpen || state.kind === "starting"}
          data-testid="run-script"
          onClick={() => {
            void desk.runScript().then(focusTerminal);
          }}
        >
          {sayFree(state.kind === "typed" ? "free.script.again" : "free.script.run")}
        </button>
        <output class={state.kind === "failed" ? "bad" : ""} data-testid="script-said">
          {words(state)}
        </output>
      </div>
    </section>
  );
}
