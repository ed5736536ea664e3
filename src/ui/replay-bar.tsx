import type { JSX } from "preact";
import { say } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";

/** A lesson that is there to be watched: offered first, then played, and stopped whenever one likes. */
export function ReplayBar({ ownLink }: { readonly ownLink: string }): JSX.Element | null {
  const lab = useLab();
  const replay = lab.replay.value;
  if (replay === undefined) return null;
  const state = replay.state.value;
  const isPlaying = state.kind === "playing";
  const isReady = lab.canReset.value;
  return (
    <section class="replay-bar" aria-label={say("replay.label")} data-testid="replay" data-state={state.kind}>
      <p aria-live="polite">
        {state.kind === "playing"
          ? say("replay.playing", { at: state.at + 1, of: state.of })
          : say(`replay.${state.kind}`)}
      </p>
      {isPlaying ? (
        <button type="button" class="primary" data-testid="stop-replay" onClick={() => replay.stop()}>
          {say("replay.stop")}
        </button>
      ) : (
        <>
          <button
            type="button"
            class={state.kind === "offered" ? "primary" : "quiet"}
            data-testid="play-replay"
            disabled={!isReady}
            onClick={() => void replay.play()}
          >
            {say(state.kind === "offered" ? "replay.play" : "replay.again")}
          </button>
          <a
            class={state.kind === "offered" ? "button quiet" : "button primary"}
            href={ownLink}
            data-testid="own-lesson"
          >
            {say("replay.own")}
          </a>
        </>
      )}
    </section>
  );
}
