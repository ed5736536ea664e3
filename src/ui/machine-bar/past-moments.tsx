import { Rewind } from "lucide";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { sayBar } from "../../i18n/index.ts";
import type { PastMoment } from "../../state/index.ts";
import { Icon } from "../icon.tsx";
import { useLab } from "../lab-context.ts";
import { Question } from "./question.tsx";
import { agoWords } from "./time-words.ts";

const LOOK_MS = 1000;

/** The moments of a machine's past, the latest first, looked up again and again. */
function usePast(name: string): readonly PastMoment[] {
  const { machineDesk } = useLab();
  const [moments, setMoments] = useState<readonly PastMoment[]>([]);
  useEffect(() => {
    let isGone = false;
    const look = async (): Promise<void> => {
      const found = await machineDesk.past(name);
      if (!isGone) setMoments(found);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [machineDesk, name]);
  return moments;
}

/** The way back to a moment of a machine's latest past; it says what is lost, and asks. */
export function PastMoments({
  name,
  onDone,
}: {
  readonly name: string;
  readonly onDone: () => void;
}): JSX.Element {
  const lab = useLab();
  const moments = usePast(name);
  const [chosen, setChosen] = useState<PastMoment | undefined>(undefined);
  const isBusy = lab.machineDesk.goingBack.value.kind === "going" || lab.activity.value.kind !== "none";
  const words = (moment: PastMoment): string =>
    [
      sayBar("bar.past.question", { time: agoWords(moment.agoMs), machine: name }),
      ...(lab.lesson.value.kind === "open" ? [sayBar("bar.past.question.lesson")] : []),
      ...(lab.machines.length > 1 ? [sayBar("bar.past.question.many")] : []),
    ].join(" ");
  return (
    <section class="machine-past" data-testid="machine-past">
      <h3>
        <Icon of={Rewind} /> {sayBar("bar.past")}
      </h3>
      {chosen === undefined ? (
        <>
          <p>{sayBar(moments.length === 0 ? "bar.past.none" : "bar.past.words")}</p>
          <ul>
            {moments.map((moment) => (
              <li key={moment.id}>
                <button
                  type="button"
                  class="quiet"
                  disabled={isBusy}
                  aria-label={sayBar("bar.past.label", { time: agoWords(moment.agoMs) })}
                  data-testid="past-moment"
                  data-ago={moment.agoMs}
                  onClick={() => setChosen(moment)}
                >
                  {agoWords(moment.agoMs)}
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Question
          words={words(chosen)}
          verb={sayBar("bar.past.go")}
          name="past-go"
          onSure={() => {
            onDone();
            void lab.machineDesk.goBack(name, chosen);
          }}
          onCancel={() => setChosen(undefined)}
        />
      )}
    </section>
  );
}
