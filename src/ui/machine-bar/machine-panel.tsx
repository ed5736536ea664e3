import { Plus } from "lucide";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { say, sayBar, sayInLab } from "../../i18n/index.ts";
import { Icon } from "../icon.tsx";
import { useLab } from "../lab-context.ts";
import { BootTimes } from "./boot-times.tsx";
import { MachineActions } from "./machine-actions.tsx";
import { PastMoments } from "./past-moments.tsx";

interface MachinePanelProps {
  readonly name: string;
  readonly kernel: string;
  /** What was asked for shows elsewhere in the page. */
  readonly onDone: () => void;
}

const PERCENT = 100;

function Memory({ name }: { readonly name: string }): JSX.Element {
  const use = useLab().machineDesk.memory(name).value;
  return (
    <div class="machine-memory" data-testid="machine-memory">
      <span>{sayBar("bar.memory")}</span>
      <span class="memory-bar" aria-hidden="true">
        <span style={{ width: use === undefined ? "0" : `${(use.used / use.total) * PERCENT}%` }} />
      </span>
      <span class="figure">
        {use === undefined
          ? sayBar("bar.memory.unknown")
          : sayBar("bar.memory.of", { used: use.used, total: use.total })}
      </span>
    </div>
  );
}

function AddMachine({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const { machineDesk } = useLab();
  const canAdd = machineDesk.canAdd.value;
  return (
    <footer class="machine-add">
      <button
        type="button"
        class="quiet"
        disabled={!canAdd}
        data-testid="add-machine"
        onClick={() => {
          onDone();
          void machineDesk.add();
        }}
      >
        <Icon of={Plus} />
        {sayBar("bar.add")}
      </button>
      <p>{sayBar(canAdd ? "bar.add.words" : "bar.add.full")}</p>
    </footer>
  );
}

/** All that there is to one machine: its memory, its power, its past, and its start. */
export function MachinePanel({ name, kernel, onDone }: MachinePanelProps): JSX.Element {
  const lab = useLab();
  const { machineDesk } = lab;
  const phase = lab.machines.find((one) => one.name === name)?.state.value.phase ?? "unpowered";
  useEffect(() => {
    const watch = machineDesk.watch(name);
    return () => watch.dispose();
  }, [machineDesk, name]);
  return (
    <>
      <header>
        <h2>{name}</h2>
        <p>
          {sayInLab(`machine.phase.${phase}`)}
          {kernel !== "" && ` · ${say("machine.kernel", { version: kernel })}`}
        </p>
      </header>
      {phase !== "unpowered" && <Memory name={name} />}
      <MachineActions name={name} phase={phase} onDone={onDone} />
      {phase !== "unpowered" && <PastMoments name={name} onDone={onDone} />}
      <BootTimes name={name} />
      <AddMachine onDone={onDone} />
    </>
  );
}
