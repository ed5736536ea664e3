import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import { type Measured, type MeasureBlock, measuresOf } from "../state/index.ts";
import { Inlines } from "./inlines.tsx";
import { useLab } from "./lab-context.ts";

const MILLION = 1e6;
const MIB = 1024 * 1024;

function instructionWords({ instructions }: Measured): string {
  const millions = instructions / MILLION;
  return sayInLab("measure.instructions", { millions: millions.toFixed(millions < 10 ? 1 : 0) });
}

function memoryWords({ memoryBytes }: Measured): string {
  if (memoryBytes === undefined) return sayInLab("measure.memory.shared");
  const mib = memoryBytes / MIB;
  return sayInLab("measure.memory", { mib: mib.toFixed(mib < 10 ? 1 : 0) });
}

function useMeasured(): Readonly<Record<string, Measured>> {
  const lesson = useLab().lesson.value;
  return lesson.kind === "open" ? lesson.run.measures : {};
}

/** What the learner's own run has cost, as soon as there is one. */
export function MeasureLine({ block }: { readonly block: MeasureBlock }): JSX.Element {
  const measured = useMeasured()[block.id];
  return (
    <p class="measure" data-testid={`measure-${block.id}`}>
      <strong>
        <Inlines of={block.name} />:
      </strong>{" "}
      <span aria-live="polite">
        {measured === undefined
          ? sayInLab("measure.waiting")
          : `${instructionWords(measured)}, ${memoryWords(measured)}, ${sayInLab(`measure.kernel.${measured.kernel}`)}`}
      </span>
    </p>
  );
}

/** All that the lesson measures, side by side. */
export function MeasureTable(): JSX.Element {
  const lab = useLab();
  const measures = useMeasured();
  const lesson = lab.lesson.value;
  const rows = lesson.kind === "open" ? lesson.lesson.steps.flatMap(({ body }) => measuresOf(body)) : [];
  const most = Math.max(1, ...rows.map(({ id }) => measures[id]?.instructions ?? 0));
  return (
    <table class="measures" data-testid="measures">
      <caption class="visually-hidden">{sayInLab("measures.caption")}</caption>
      <thead>
        <tr>
          <th scope="col">{sayInLab("measures.what")}</th>
          <th scope="col">{sayInLab("measures.instructions")}</th>
          <th scope="col">{sayInLab("measures.memory")}</th>
          <th scope="col">{sayInLab("measures.kernel")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name }) => {
          const measured = measures[id];
          return (
            <tr key={id} data-testid={`measured-${id}`}>
              <th scope="row">
                <Inlines of={name} />
              </th>
              {measured === undefined ? (
                <td colSpan={3} class="not-run">
                  {sayInLab("measures.not-run")}
                </td>
              ) : (
                <>
                  <td>
                    {instructionWords(measured)}
                    <span
                      class="measure-bar"
                      aria-hidden="true"
                      style={{ width: `${(100 * measured.instructions) / most}%` }}
                    />
                  </td>
                  <td>{memoryWords(measured)}</td>
                  <td>{sayInLab(`measures.kernel.${measured.kernel}`)}</td>
                </>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
