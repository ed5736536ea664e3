import type { JSX } from "preact";
import { sayInLab } from "../i18n/index.ts";
import type { Block, Step } from "../state/index.ts";
import { Blocks } from "./blocks.tsx";

interface AidProps {
  readonly title: string;
  readonly of: readonly Block[];
  readonly testid: string;
  readonly isOpen?: boolean;
  readonly onOpen?: () => void;
}

function Aid({ title, of, testid, isOpen = false, onOpen }: AidProps): JSX.Element {
  return (
    <details
      class="aid"
      open={isOpen}
      data-testid={testid}
      onToggle={(event) => event.currentTarget.open && onOpen?.()}
    >
      <summary>{title}</summary>
      <div class="aid-body">
        <Blocks of={of} />
      </div>
    </details>
  );
}

interface HintsProps {
  readonly step: Step;
  /** Indexes of those that come by themselves now. */
  readonly now: readonly number[];
  /** How many of the others were asked for. */
  readonly given: number;
  readonly onGiven: (count: number) => void;
}

/** Hints that wait for who asks, one after the other. */
export function askedHints(step: Step): Step["hints"] {
  return step.hints.filter(({ when }) => when === undefined);
}

/** Hints: those that were asked for and the next one, what does the step, and those that come by themselves. */
export function Hints({ step, now, given, onGiven }: HintsProps): JSX.Element {
  return (
    <div class="hints">
      {askedHints(step)
        .slice(0, given + 1)
        .map(({ blocks }, i) => (
          <Aid
            key={i}
            title={sayInLab(i === 0 ? "step.hint" : "step.another-hint")}
            of={blocks}
            testid="hint"
            isOpen={i < given}
            onOpen={() => onGiven(i + 1)}
          />
        ))}
      {step.solution.length > 0 && (
        <Aid
          title={sayInLab("step.solution")}
          of={step.solution.map((deed) => (deed.type === "run" ? { ...deed, typed: false } : deed))}
          testid="solution"
        />
      )}
      {/* After what can be clicked: it comes by itself, and must not move that. */}
      <div aria-live="polite">
        {step.hints.map(
          (hint, i) =>
            now.includes(i) && (
              <aside key={i} class="note" data-testid="hint-now">
                <Blocks of={hint.blocks} />
              </aside>
            ),
        )}
      </div>
    </div>
  );
}
