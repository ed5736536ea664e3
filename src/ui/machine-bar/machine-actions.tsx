import { Pause, Play, Power, RotateCcw, Undo2 } from "lucide";
import type { IconNode } from "lucide";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say } from "../../i18n/index.ts";
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
          words={say("bar.on")}
          title={say("bar.on.title")}
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
        words={say("bar.off.question", { machine: name })}
        verb={say("bar.off")}
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
          words={say("bar.resume")}
          title={say("bar.resume.title")}
          name="machine-resume"
          isMain
          onPress={() => void machineDesk.resume(name)}
        />
      ) : (
        <Action
          icon={Pause}
          words={say("bar.pause")}
          title={say("bar.pause.title")}
          name="machine-pause"
          isDisabled={phase !== "running"}
          onPress={() => void machineDesk.pause(name)}
        />
      )}
      {lab.lesson.value.kind === "open" && (
        <Action
          icon={Undo2}
          words={say("bar.reset")}
          title={say("step.reset.title")}
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
        words={say("bar.restart")}
        title={say("machine.restart.title")}
        name="restart-machine"
        onPress={() => {
          onDone();
          void lab.restartMachine(name);
        }}
      />
      <Action
        icon={Power}
        words={`${say("bar.off")} …`}
        title={say("bar.off.title")}
        name="machine-off"
        onPress={() => setAsking(true)}
      />
    </div>
  );
}
