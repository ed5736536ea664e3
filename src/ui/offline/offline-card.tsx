import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { sayOffline } from "../../i18n/index.ts";
import type { KeptProfile, KeptState, OfflineDesk } from "../../state/index.ts";
import { sizeWords } from "../size-words.ts";

const PROFILE_WORDS = new Map<string, Parameters<typeof sayOffline>[0]>([
  ["base", "offline.profile.base"],
  ["containers", "offline.profile.containers"],
]);

interface RowProps {
  readonly what: string;
  /** For tests. */
  readonly name: string;
  readonly bytes: number;
  readonly missing: number;
  readonly state: KeptState;
  readonly children?: JSX.Element;
}

function stateWords({ bytes, missing, state }: RowProps): string {
  switch (state.kind) {
    case "failed":
      return sayOffline(`offline.state.${state.why}`);
    case "fetching":
      return sayOffline("offline.state.fetching", {
        fetched: sizeWords(state.fetched),
        size: sizeWords(state.total),
      });
    case "absent":
      return sayOffline(missing < bytes ? "offline.state.more" : "offline.state.absent", {
        size: sizeWords(missing),
      });
    case "kept":
    case "waiting":
      break;
  }
  return sayOffline(`offline.state.${state.kind}`, { size: sizeWords(bytes) });
}

function Row(props: RowProps): JSX.Element {
  const { what, name, state, children } = props;
  return (
    <li class="offline-row" data-testid={`offline-${name}`} data-state={state.kind}>
      <span class={`offline-mark ${state.kind}`} aria-hidden="true" />
      <div>
        <p>{what}</p>
        <p class="offline-state">
          {state.kind === "fetching" && (
            <progress value={state.fetched} max={state.total} aria-label={what} />
          )}
          {stateWords(props)}
        </p>
      </div>
      {children}
    </li>
  );
}

interface VerbProps {
  readonly verb: "keep" | "stop" | "remove";
  readonly what: string;
  readonly onPressed: () => Promise<void>;
}

function Verb({ verb, what, onPressed }: VerbProps): JSX.Element {
  return (
    <button
      type="button"
      class="quiet"
      aria-label={sayOffline(`offline.${verb}.name`, { what })}
      onClick={() => void onPressed()}
    >
      {sayOffline(`offline.${verb}`)}
    </button>
  );
}

function ProfileRow({
  desk,
  profile,
}: {
  readonly desk: OfflineDesk;
  readonly profile: KeptProfile;
}): JSX.Element {
  const { name, bytes, missing, own, state } = profile;
  const what = sayOffline(PROFILE_WORDS.get(name) ?? "offline.profile", { profile: name });
  const isUnderWay = state.kind === "fetching" || state.kind === "waiting";
  return (
    <Row {...{ what, name, bytes, missing, state }}>
      <p class="offline-verbs">
        {(state.kind === "absent" || state.kind === "failed") && (
          <Verb verb="keep" what={what} onPressed={() => desk.keep(name)} />
        )}
        {isUnderWay && <Verb verb="stop" what={what} onPressed={() => desk.stop(name)} />}
        {!isUnderWay && own > 0 && <Verb verb="remove" what={what} onPressed={() => desk.remove(name)} />}
      </p>
    </Row>
  );
}

/** What of the site is kept in this browser, and buttons to keep or remove it. It looks anew when it is shown. */
export function OfflineCard({ desk }: { readonly desk: OfflineDesk }): JSX.Element {
  useEffect(() => void desk.look(), [desk]);
  const state = desk.state.value;
  if (desk.possible !== "yes") return <p class="note">{sayOffline(`offline.${desk.possible}`)}</p>;
  if (state === "unknown") return <p aria-live="polite">{sayOffline("offline.unknown")}</p>;
  if (state === "failed") {
    return (
      <p class="note">
        {sayOffline("offline.no-list")}{" "}
        <button type="button" class="quiet" onClick={() => void desk.look()}>
          {sayOffline("offline.again")}
        </button>
      </p>
    );
  }
  const { page, profiles } = state;
  return (
    <div class="offline" data-testid="offline">
      <p>
        {sayOffline("offline.words")} {page.state.kind === "absent" && sayOffline("offline.words.by-itself")}
      </p>
      <ul>
        <Row
          what={sayOffline("offline.page")}
          name="page"
          bytes={page.bytes}
          missing={page.bytes}
          state={page.state}
        />
        {profiles.map((profile) => (
          <ProfileRow key={profile.name} desk={desk} profile={profile} />
        ))}
      </ul>
    </div>
  );
}
