import type { JSX } from "preact";
import { sayBar } from "../../i18n/index.ts";
import type { BootPart } from "../../state/index.ts";
import { useLab } from "../lab-context.ts";
import { sizeWords } from "../size-words.ts";
import { tookWords } from "./time-words.ts";

const PERCENT = 100;

/** Share of the whole start, as a style sheet has it. */
function share(part: number, whole: number): string {
  return `${whole > 0 ? (part / whole) * PERCENT : 0}%`;
}

function Part({ part, whole }: { readonly part: BootPart; readonly whole: number }): JSX.Element {
  const { stage, at, took, bytes } = part;
  return (
    <li class={took === undefined ? "going" : ""} data-testid={`boot-${stage}`} data-took={took}>
      <span>{sayBar(`bar.boot.stage.${stage}`)}</span>
      <span class="boot-bar" aria-hidden="true">
        <span style={{ marginLeft: share(at, whole), width: share(took ?? whole - at, whole) }} />
      </span>
      <span class="figure">
        {took === undefined ? `${sayBar("bar.boot.going")} …` : tookWords(took)}
        {bytes > 0 && ` · ${sizeWords(bytes)}`}
      </span>
    </li>
  );
}

/** What a machine's start took, stage by stage: to be watched, and to be looked at afterwards. */
export function BootTimes({ name }: { readonly name: string }): JSX.Element {
  const { parts, total } = useLab().machineDesk.boot(name).value;
  const last = parts.at(-1);
  const whole = total ?? (last === undefined ? 0 : last.at + (last.took ?? last.at / 2));
  return (
    <section class="machine-boot" data-testid="machine-boot">
      <h3>
        {sayBar("bar.boot")}
        {total !== undefined && <span>{sayBar("bar.boot.total", { time: tookWords(total) })}</span>}
      </h3>
      {parts.length === 0 ? (
        <p>{sayBar("bar.boot.never")}</p>
      ) : (
        <ol>
          {parts.map((part) => (
            <Part key={part.stage} part={part} whole={whole} />
          ))}
        </ol>
      )}
    </section>
  );
}
