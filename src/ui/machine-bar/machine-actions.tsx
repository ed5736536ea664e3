import { Pause, Play, Power, RotateCcw, Undo2 } from "lucide";
import type { IconNode } from "lucide";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sayBar, sayInLab } from "../../i18n/index.ts";
import type { MachineState } from "../../state/index.ts";
import { Icon } from "../icon.tsx";
import { useLab } from "../lab-context.ts";
import { Question } from "./question.tsx";

interface MachineActionsProps {
  readonly name: string;
  readonly phase: MachineState["phase"];
  readonly onDone: () => void;
}

interface ActionProps {
  readonly icon: IconNode;
  readonly words: string;
  readonly title: string;
  readonly name: string;
  readonly onPress: () => void;
  readonly isMain?: boolean;
  readonly isDisabled?: boolean;
}

function Action({ icon, words, title, name, onPress, isMain = false, isDisabled = false }: ActionProps) {
  return (
    <button
      type="button"
      class={isMain ? "primary" : "quiet"}
      title={title}
      disabled={isDisabled}
      data-testid={name}
      onClick={onPress}
    >
      <Icon of={icon} />
      {words}
    </button>
  );
}

/** Pause, reset, restart and power of one machine. What takes everything away asks first. */
export function MachineActions({ name, phase, onDone }: MachineActionsProps): JSX.Element {
  const lab = useLab();
  const { machineDesk } = lab;
  const [isAsking, setAsking] = useState(false);
  if (phase === "unpowered") {
    return (
      <div class="machine-actions">
        <Action
          icon={Power}
          words={sayBar("bar.on")}
          title={sayBar("bar.on.title")}
          name="machine-on"
          isMain
          onPress={() => {
            onDone();
            void lab.switchOn(name);
          }}
        />
      </div>
    );
  }
  if (isAsking) {
    return (
      <Question
        words={sayBar("bar.off.question", { machine: name })}
        verb={sayBar("bar.off")}
        name="machine-off-sure"
        onSure={() => {
          onDone();
          lab.cutPower(name);
        }}
        onCancel={() => setAsking(false)}
      />
    );
  }
  return (
    <div class="machine-actions">
      {phase === "paused" ? (
        <Action
          icon={Play}
          words={sayBar("bar.resume")}
          title={sayBar("bar.resume.title")}
          name="machine-resume"
          isMain
          onPress={() => void machineDesk.resume(name)}
        />
      ) : (
        <Action
          icon={Pause}
          words={sayBar("bar.pause")}
          title={sayBar("bar.pause.title")}
          name="machine-pause"
          isDisabled={phase !== "running"}
          onPress={() => void machineDesk.pause(name)}
        />
      )}
      {lab.lesson.value.kind === "open" && (
        <Action
          icon={Undo2}
          words={sayBar("bar.reset")}
          title={sayInLab("step.reset.title")}
          name="machine-reset"
          isDisabled={!lab.canReset.value}
          onPress={() => {
            onDone();
            void lab.resetStep();
          }}
        />
      )}
      <Action
        icon={RotateCcw}
        words={sayBar("bar.restart")}
        title={sayInLab("machine.restart.title")}
        name="restart-machine"
        onPress={() => {
          onDone();
          void lab.restartMachine(name);
        }}
      />
      <Action
        icon={Power}
        words={`${sayBar("bar.off")} …`}
        title={sayBar("bar.off.title")}
        name="machine-off"
        onPress={() => setAsking(true)}
      />
    </div>
  );
}
