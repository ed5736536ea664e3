import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
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
    <section
      class="replay-bar"
      aria-label={sayInLab("replay.label")}
      data-testid="replay"
      data-state={state.kind}
    >
      <p aria-live="polite">
        {state.kind === "playing"
          ? sayInLab("replay.playing", { at: state.at + 1, of: state.of })
          : sayInLab(`replay.${state.kind}`)}
      </p>
      {isPlaying ? (
        <button type="button" class="primary" data-testid="stop-replay" onClick={() => replay.stop()}>
          {sayInLab("replay.stop")}
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
            {sayInLab(state.kind === "offered" ? "replay.play" : "replay.again")}
          </button>
          <a
            class={state.kind === "offered" ? "button quiet" : "button primary"}
            href={ownLink}
            data-testid="own-lesson"
          >
            {sayInLab("replay.own")}
          </a>
        </>
      )}
    </section>
  );
}
