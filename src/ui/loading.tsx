import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import { useLab } from "./lab-context.ts";

const MB = 1_000_000;

/** What is awaited, in words and bytes, while the machine comes up. */
export function Loading(): JSX.Element {
  const lab = useLab();
  const { stage, loaded, total } = lab.machine.value;
  const isFetching = stage === "fetching" && total > 0;
  return (
    <div class="loading" aria-live="polite" data-testid="loading" data-stage={stage}>
      <p>{sayInLab(`stage.${stage}`)} …</p>
      <progress
        {...(isFetching ? { value: loaded, max: total } : {})}
        aria-label={sayInLab(`stage.${stage}`)}
      />
      <p class="loading-bytes">
        {isFetching
          ? sayInLab("stage.bytes", { loaded: (loaded / MB).toFixed(1), total: (total / MB).toFixed(1) })
          : "\u00a0"}
      </p>
    </div>
  );
}
