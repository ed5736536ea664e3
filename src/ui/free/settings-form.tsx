import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { sayFree } from "../../i18n/index.ts";
import {
  type FreeDesk,
  memoryChoices,
  MOST_MACHINES,
  type ProfileChoice,
  scriptFault,
  TERMINAL_USERS,
  type TerminalSettings,
} from "../../state/index.ts";
import { SelectField } from "../select-field.tsx";
import { ShareLink } from "./share-link.tsx";

interface SettingsFormProps {
  readonly desk: FreeDesk;
  /** Makes an address of a query. */
  readonly linkTo: (query: string) => string;
  readonly open: (address: string) => void;
}

const PROFILE_WORDS = new Map<string, Parameters<typeof sayFree>[0]>([
  ["base", "free.form.profile.base"],
  ["containers", "free.form.profile.containers"],
]);

function profileWords(name: string): string {
  const key = PROFILE_WORDS.get(name);
  return key === undefined ? name : sayFree(key);
}

/** With another profile, the memory is what is usual with that, unless it was chosen and will do. */
function withProfile(
  settings: TerminalSettings,
  before: ProfileChoice,
  now: ProfileChoice,
): TerminalSettings {
  const wasUsual = settings.memory === before.memory.default;
  const memory = wasUsual || settings.memory < now.memory.minimum ? now.memory.default : settings.memory;
  return { ...settings, profile: now.name, memory };
}

function ScriptField(props: {
  readonly script: string;
  readonly onTyped: (script: string) => void;
}): JSX.Element {
  const id = useId();
  const fault = scriptFault(props.script);
  return (
    <div class="field wide">
      <label htmlFor={id}>{sayFree("free.form.script")}</label>
      <textarea
        id={id}
        rows={3}
        spellcheck={false}
        autocapitalize="off"
        value={props.script}
        aria-describedby={`${id}-words`}
        aria-invalid={fault !== undefined}
        data-testid="free-script-field"
        onInput={(event) => props.onTyped(event.currentTarget.value)}
      />
      <p id={`${id}-words`} class={fault === undefined ? "field-words" : "field-words bad"}>
        {fault === undefined ? sayFree("free.form.script.words") : sayFree(`free.form.script.${fault}`)}
      </p>
    </div>
  );
}

function Fields(props: { readonly children: ComponentChildren; readonly onSent: () => void }): JSX.Element {
  return (
    <form
      class="free-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSent();
      }}
    >
      {props.children}
    </form>
  );
}

/** What the next machines shall be made of, and the link that says so. */
export function SettingsForm({ desk, linkTo, open }: SettingsFormProps): JSX.Element {
  const [draft, setDraft] = useState(desk.settings);
  const profile = desk.profiles.find(({ name }) => name === draft.profile) ?? desk.profiles[0];
  const usual = profile?.memory.default;
  const change = (part: Partial<TerminalSettings>): void => setDraft((now) => ({ ...now, ...part }));
  const isWhole = scriptFault(draft.script) === undefined;
  const link = linkTo(desk.queryOf(isWhole ? draft : { ...draft, script: "" }));
  // One way on at a time: a script that waits comes first.
  const isScriptNext = desk.settings.script !== "" && desk.script.value.kind !== "typed";
  const memoryWords = (mib: number): string =>
    sayFree(mib === usual ? "free.form.memory.usual" : "free.form.memory.mib", { mib });
  return (
    <section class="free-card" aria-labelledby="free-form-title">
      <h2 id="free-form-title">{sayFree("free.form.title")}</h2>
      <Fields
        onSent={() => {
          if (isWhole) open(link);
        }}
      >
        <SelectField
          class="field"
          name="free-profile"
          label={sayFree("free.form.profile")}
          value={draft.profile}
          values={desk.profiles.map(({ name }) => name)}
          words={profileWords}
          onChosen={(name) => {
            const now = desk.profiles.find((one) => one.name === name);
            if (now !== undefined && profile !== undefined) setDraft(withProfile(draft, profile, now));
          }}
        />
        <SelectField
          class="field"
          name="free-memory"
          label={sayFree("free.form.memory")}
          value={draft.memory}
          values={profile === undefined ? [draft.memory] : memoryChoices(profile, draft.memory)}
          words={memoryWords}
          onChosen={(memory) => change({ memory })}
        />
        <SelectField
          class="field"
          name="free-machines"
          label={sayFree("free.form.machines")}
          value={draft.machines}
          values={Array.from({ length: MOST_MACHINES }, (_, i) => i + 1)}
          words={String}
          onChosen={(machines) => change({ machines })}
        />
        <SelectField
          class="field"
          name="free-user"
          label={sayFree("free.form.user")}
          value={draft.user}
          values={TERMINAL_USERS}
          words={(user) => sayFree(`free.form.user.${user}`)}
          onChosen={(user) => change({ user })}
        />
        {draft.memory !== usual && <p class="field-words wide">{sayFree("free.form.memory.boots")}</p>}
        <ScriptField script={draft.script} onTyped={(script) => change({ script })} />
        <div class="form-end wide">
          <button
            type="submit"
            class={isScriptNext ? "quiet" : "primary"}
            disabled={!isWhole}
            data-testid="free-start"
          >
            {sayFree("free.form.start")}
          </button>
          <span>{sayFree("free.form.start.words")}</span>
        </div>
      </Fields>
      <ShareLink link={link} />
    </section>
  );
}
