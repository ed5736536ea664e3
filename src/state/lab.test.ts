import { signal } from "@preact/signals-core";
import { afterEach, describe, expect, it } from "vitest";
import { LESSON_META } from "../../tests/support/lesson-meta.ts";
import { poll } from "../../tests/support/poll.ts";
import { CodedError, deferred, type Disposable, Emitter, toDisposable } from "../base/index.ts";
import { type Observation, toldByAgent } from "../isolation/index.ts";
import { type Lesson, systemClock } from "../lessons/index.ts";
import type { Machine, MachineNotice, Terminal } from "../machine/index.ts";
import type { ExitStatus } from "../protocol/agent.ts";
import type { PastMoment } from "../protocol/machine.ts";
import { Lab } from "./lab.ts";
import { fetchedManual } from "./man/man-source.ts";
import { memoryProgress } from "./progress-store.ts";

class FakeTerminal implements Terminal {
  readonly typed: string[] = [];
  readonly ended = deferred<ExitStatus>();
  readonly exited = this.ended.promise;
  readonly onOutput = new Emitter<{ bytes: Uint8Array; replay: boolean }>().event;
  readonly latest = new Uint8Array();
  disposed = false;

  constructor() {
    this.exited.catch(() => undefined);
  }

  write(bytes: Uint8Array | string): void {
    this.typed.push(String(bytes));
  }
  resize(): void {}
  shown(): void {}
  dispose(): void {
    this.disposed = true;
  }
}

const PAUSE_HIDDEN = signal(true);

const absent = async (): Promise<never> => {
  throw new CodedError("internal", "not here");
};

class FakeMachine implements Machine {
  readonly phase = "running";
  readonly fault = undefined;
  readonly notices = new Emitter<MachineNotice>();
  readonly onEvent = this.notices.event;
  readonly terminals: FakeTerminal[] = [];
  rewound = 0;
  retried = 0;
  disposed = false;

  async openTerminal(): Promise<Terminal> {
    const terminal = new FakeTerminal();
    this.terminals.push(terminal);
    return terminal;
  }
  readonly exec = absent;
  readonly readFile = absent;
  readonly writeFile = absent;
  readonly statFile = absent;
  readonly packFolder = absent;
  readonly unpackFolder = absent;
  readonly kill = absent;
  readonly killCgroup = absent;
  readonly snapshot = absent;
  readonly lend = absent;
  readonly plug = absent;
  readonly exportSaved = absent;
  readonly restore = absent;
  async history(): Promise<readonly PastMoment[]> {
    return [{ id: 7, agoMs: 10_000 }];
  }
  readonly recover = absent;
  readonly stats = absent;
  async observe() {
    return toldByAgent([]);
  }
  watch(onLook: (observation: Observation) => void): Disposable {
    const timer = setInterval(() => onLook(toldByAgent([])), 5);
    return toDisposable(() => clearInterval(timer));
  }
  writeConsole(): void {}
  async checkpoint() {
    return { id: 1 };
  }
  async rewind(): Promise<void> {
    this.rewound++;
  }
  forget(): void {}
  async pause(): Promise<void> {}
  async resume(): Promise<void> {}
  async keepHistory(): Promise<void> {}
  async takeChunksUsed() {
    return [];
  }
  retryFiles(): void {
    this.retried++;
  }
  dispose(): void {
    this.disposed = true;
  }
}

const step = (id: string): Lesson["steps"][number] => ({
  id,
  title: id,
  setup: [],
  body: [],
  afterwards: [],
  hints: [],
  solution: [],
  check: { needs: [{ query: { process: { comm: "never" } } }], notYet: [], broken: [] },
});

const LESSON: Lesson = {
  ...LESSON_META,
  intro: [],
  proven: [],
  steps: [step("one"), { ...step("two"), target: { goal: [{ type: "text", text: "Never." }] } }],
};

const labs: Lab[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose();
});

/** A lab whose machines are made one after another by `make`. */
function setUp(make: (attempt: number) => Promise<FakeMachine> = async () => new FakeMachine()) {
  const machines: FakeMachine[] = [];
  const progress = memoryProgress();
  const specs: Lesson["machines"][number][] = [];
  let tell: (event: MachineNotice) => void = () => undefined;
  let attempts = 0;
  const lab = new Lab({
    machines: LESSON.machines,
    startMachine: async (spec, { onEvent }) => {
      specs.push(spec);
      tell = onEvent;
      onEvent({ kind: "stage", stage: "fetching" });
      onEvent({ kind: "progress", loaded: 1, total: 2 });
      const machine = await make(attempts++);
      onEvent({ kind: "phase", phase: "running" });
      machines.push(machine);
      return machine;
    },
    loadLesson: async () => LESSON,
    progress,
    clock: systemClock,
    manual: fetchedManual("https://vivarium.test/man/", undefined),
    terminals: LESSON.terminals,
    pauseHidden: PAUSE_HIDDEN,
    keepsPast: true,
  });
  labs.push(lab);
  const terminal = async (of: number, number: number): Promise<FakeTerminal> =>
    poll(() => (lab.terminal.value.kind === "open" ? machines[of]?.terminals[number] : undefined));
  return { lab, machines, specs, progress, terminal, tell: (event: MachineNotice) => tell(event) };
}

describe("a lab", () => {
  it("starts machine, terminal and lesson, and types commands", async () => {
    const { lab, machines, terminal } = setUp();
    await lab.start();
    const first = await terminal(0, 0);
    expect(lab.machine.value).toMatchObject({ phase: "running", loaded: 1, total: 2, fault: undefined });
    expect(lab.lesson.value).toMatchObject({ kind: "open", run: { current: "one" } });
    lab.run("ls");
    expect(first.typed).toEqual(["\u0015ls\r"]);
    lab.dispose();
    expect(first.disposed).toBe(true);
    expect(machines[0]?.disposed).toBe(true);
  });

  it("tells the X-ray what is wanted while the open step has a target", async () => {
    const { lab } = setUp();
    await lab.start();
    lab.xray.setOpen(true);
    const seen = await poll(() => lab.xray.machines.value[0]);
    expect(seen.goal).toBeUndefined();
    lab.openStep("two");
    expect(lab.xray.machines.value[0]).toMatchObject({
      name: "machine",
      goal: {
        words: "Never.",
        wanted: { queries: [{ process: { comm: "never" } }], commands: 0 },
      },
    });
  });

  it("tells why a start failed, and starts again", async () => {
    const { lab } = setUp(async (attempt) => {
      if (attempt === 0) throw new CodedError("asset-corrupt", "damaged");
      return new FakeMachine();
    });
    await lab.start();
    expect(lab.machine.value).toMatchObject({ phase: "crashed", fault: { code: "asset-corrupt" } });
    expect(lab.lesson.value.kind).toBe("open");
    await lab.restartMachine();
    expect(lab.machine.value).toMatchObject({ phase: "running", fault: undefined });
  });

  it("ignores what a machine tells that was given up", async () => {
    const slow = deferred<FakeMachine>();
    const { lab } = setUp(async (attempt) => (attempt === 0 ? slow.promise : new FakeMachine()));
    const started = lab.start();
    await lab.restartMachine();
    const late = new FakeMachine();
    slow.resolve(late);
    await started;
    expect(late.disposed).toBe(true);
    expect(lab.machine.value.phase).toBe("running");
  });

  it("keeps progress and the open step when the machine dies", async () => {
    const { lab, machines, tell, terminal, progress } = setUp();
    await lab.start();
    await terminal(0, 0);
    lab.openStep("two");
    lab.answer("guess", 1);
    tell({ kind: "phase", phase: "crashed", error: { code: "machine-gone", message: "killed", causes: [] } });
    expect(lab.machine.value).toMatchObject({ phase: "crashed", fault: { code: "machine-gone" } });
    await lab.restartMachine();
    await terminal(1, 0);
    expect(machines[0]?.disposed).toBe(true);
    expect(lab.lesson.value).toMatchObject({ run: { current: "two", answers: { guess: 1 } } });
    expect(lab.fresh.value).toBe(true);
    expect(await progress.load(LESSON.id)).toMatchObject({ current: "two", answers: { guess: 1 } });
  });

  it("shows the panic and goes back before it", async () => {
    const { lab, machines, tell } = setUp();
    await lab.start();
    await poll(() => lab.lesson.value.kind === "open" && lab.lesson.value.run.resettable);
    tell({ kind: "phase", phase: "panicked", panic: "Kernel panic - not syncing" });
    expect(lab.machine.value).toMatchObject({ phase: "panicked", panic: "Kernel panic - not syncing" });
    await lab.resetStep();
    expect(machines[0]?.rewound).toBe(1);
  });
});

describe("the machines on their desk", () => {
  it("lose their power when the learner says so, and boot from their firmware then; the lesson waits meanwhile", async () => {
    const { lab, machines, specs } = setUp();
    await lab.start();
    const isResettable = (): boolean => lab.lesson.value.kind === "open" && lab.lesson.value.run.resettable;
    await poll(isResettable);
    lab.cutPower("machine-1");
    expect(lab.machine.value.phase).toBe("unpowered");
    expect(machines[0]?.disposed).toBe(true);
    expect(isResettable()).toBe(false);
    await lab.switchOn("machine-1");
    expect(specs.map(({ power }) => power)).toEqual(["on", "off"]);
    await poll(isResettable);
    await lab.restartMachine("machine-1");
    expect(specs.at(-1)?.power).toBe("on");
  });

  it("go back to a moment of their past, and tell what the start took", async () => {
    const { lab, machines, terminal } = setUp();
    await lab.start();
    await terminal(0, 0);
    const [moment] = await poll(async () => {
      const past = await lab.machineDesk.past("machine-1");
      return past.length > 0 ? past : undefined;
    });
    expect(moment).toEqual({ id: 7, agoMs: 10_000 });
    await lab.machineDesk.goBack("machine-1", { id: 7, agoMs: 10_000 });
    expect(machines[0]?.rewound).toBe(1);
    expect(lab.machineDesk.goingBack.value).toMatchObject({ kind: "back", machine: "machine-1" });
    expect(lab.machineDesk.boot("machine-1").value.parts).toMatchObject([{ stage: "fetching", bytes: 1 }]);
  });

  it("get another one beside them, of which the lesson knows nothing", async () => {
    const { lab, specs, tell } = setUp();
    await lab.start();
    await poll(() => lab.lesson.value.kind === "open" && lab.lesson.value.run.resettable);
    await lab.machineDesk.add();
    expect(specs.at(-1)).toMatchObject({ name: "machine-2", segment: 1, power: "on" });
    expect(lab.machines.map(({ name }) => name)).toEqual(["machine-1", "machine-2"]);
    expect(lab.frontMachine.value).toBe("machine-2");
    expect(lab.machineDesk.joining.value).toEqual([]);
    tell({ kind: "phase", phase: "crashed", error: { code: "machine-gone", message: "killed", causes: [] } });
    expect(lab.machine.value.phase).toBe("crashed");
    expect(lab.lesson.value).toMatchObject({ run: { resettable: true } });
    await lab.machineDesk.add();
    await lab.machineDesk.add();
    expect(lab.machineDesk.canAdd.value).toBe(false);
    await lab.machineDesk.add();
    expect(lab.machines).toHaveLength(4);
  });
});

describe("a lab of several machines", () => {
  const [first] = LESSON.machines;
  const TWO: Lesson = {
    ...LESSON,
    machines: [...(first === undefined ? [] : [first]), { name: "machine-2", segment: 1, power: "off" }],
    terminals: [...LESSON.terminals, { name: "other", machine: "machine-2", user: "learner" }],
  };

  function setUpTwo() {
    const made: { name: string; machine: FakeMachine; tell: (event: MachineNotice) => void }[] = [];
    const net = deferred<void>();
    const lab = new Lab({
      machines: TWO.machines,
      startMachine: async ({ name }, { onEvent }) => {
        const machine = new FakeMachine();
        onEvent({ kind: "phase", phase: "running" });
        made.push({ name, machine, tell: onEvent });
        return machine;
      },
      reachable: async () => net.promise,
      loadLesson: async () => TWO,
      progress: memoryProgress(),
      clock: systemClock,
      manual: fetchedManual("https://vivarium.test/man/", undefined),
      terminals: TWO.terminals,
      pauseHidden: PAUSE_HIDDEN,
    });
    labs.push(lab);
    const run = () => (lab.lesson.value.kind === "open" ? lab.lesson.value.run : undefined);
    return { lab, made, net, run };
  }

  it("starts those that are on, and waits with the lesson for their network", async () => {
    const { lab, made, net, run } = setUpTwo();
    await lab.start();
    expect(made.map(({ name }) => name)).toEqual(["machine-1"]);
    expect(lab.machines.map(({ state }) => state.value.phase)).toEqual(["running", "unpowered"]);
    expect(lab.isTerminalOpen("terminal")).toBe(true);
    expect(run()?.startable).toBe(false);
    net.resolve();
    await poll(() => run()?.startable, { what: "the first checkpoint" });
    expect(lab.xray.open.value).toBe(false);
  });

  it("switches one on with its terminal, and off again by going back; what is shown is the one in front", async () => {
    const { lab, made, net, run } = setUpTwo();
    net.resolve();
    await lab.start();
    await poll(() => run()?.resettable, { what: "the step's checkpoint" });
    lab.bringToFront("other");
    expect([lab.machine.value.phase, lab.terminal.value.kind]).toEqual(["unpowered", "none"]);
    await lab.switchOn("machine-2");
    await poll(() => lab.isTerminalOpen("other"));
    expect(lab.machine.value.phase).toBe("running");
    lab.run("ls", "other");
    expect(made[1]?.machine.terminals[0]?.typed).toEqual(["\u0015ls\r"]);
    await lab.resetStep();
    expect([lab.machine.value.phase, lab.terminal.value.kind]).toEqual(["unpowered", "none"]);
    expect([made[0]?.machine.rewound, made[1]?.machine.disposed]).toEqual([1, true]);
  });

  it("replaces the one in front and leaves the other alone; the lesson waits meanwhile", async () => {
    const { lab, made, net, run } = setUpTwo();
    net.resolve();
    await lab.start();
    await lab.switchOn("machine-2");
    await poll(() => run()?.startable);
    made[1]?.tell({
      kind: "phase",
      phase: "crashed",
      error: { code: "machine-gone", message: "killed", causes: [] },
    });
    expect(run()?.startable).toBe(false);
    lab.bringToFront("other");
    await lab.restartMachine();
    expect(made.map(({ name, machine }) => [name, machine.disposed])).toEqual([
      ["machine-1", false],
      ["machine-2", true],
      ["machine-2", false],
    ]);
    await poll(() => run()?.startable, { what: "a lesson that goes on" });
  });
});

describe("a machine that waits for a file", () => {
  it("says why and how often it was tried, is told to try now, and goes on", async () => {
    const { lab, machines, tell } = setUp();
    await lab.start();
    expect(lab.machine.value.fileTrouble).toBeUndefined();
    for (const attempts of [2, 3]) {
      tell({
        kind: "waiting-for-file",
        error: { code: "network", message: "no way there", causes: [] },
        attempts,
      });
      expect(lab.machine.value).toMatchObject({
        phase: "running",
        fileTrouble: { error: { code: "network" }, attempts },
      });
    }
    expect(machines[0]?.retried).toBe(0);
    lab.retryFiles();
    expect(machines[0]?.retried).toBe(1);
    tell({ kind: "file-arrived" });
    expect(lab.machine.value.fileTrouble).toBeUndefined();
  });

  it("is forgotten with its trouble", async () => {
    const { lab, tell } = setUp();
    await lab.start();
    tell({ kind: "waiting-for-file", error: { code: "network", message: "", causes: [] }, attempts: 2 });
    await lab.restartMachine();
    expect(lab.machine.value.fileTrouble).toBeUndefined();
  });
});

describe("a terminal", () => {
  it("that ended by `exit` waits for the learner to open the next", async () => {
    const { lab, terminal } = setUp();
    await lab.start();
    (await terminal(0, 0)).ended.resolve({ how: "exited", code: 3 });
    await poll(() => lab.terminal.value.kind === "exited");
    expect(lab.terminal.value).toEqual({ kind: "exited", status: { how: "exited", code: 3 } });
    lab.openTerminal();
    expect(await terminal(0, 1)).toBeDefined();
  });

  it("that was lost with the agent comes back with it", async () => {
    const { lab, tell, terminal } = setUp();
    await lab.start();
    const first = await terminal(0, 0);
    tell({ kind: "agent", state: "gone" });
    first.ended.reject(
      new CodedError("terminal-gone", "lost", { cause: new CodedError("agent-gone", "the agent is gone") }),
    );
    await poll(() => lab.terminal.value.kind === "lost");
    expect(lab.machine.value.agent).toBe("gone");
    tell({ kind: "agent", state: "back" });
    expect(await terminal(0, 1)).toBeDefined();
  });

  it("that did not exist where the machine went back to is replaced", async () => {
    const { lab, terminal } = setUp();
    await lab.start();
    const first = await terminal(0, 0);
    first.ended.reject(
      new CodedError("terminal-gone", "lost", { cause: new CodedError("terminal-gone", "went back") }),
    );
    expect(await terminal(0, 1)).toBeDefined();
  });
});

describe("a lesson that cannot be fetched", () => {
  it("is told, and the machine runs all the same", async () => {
    const lab = new Lab({
      machines: LESSON.machines,
      startMachine: async () => new FakeMachine(),
      loadLesson: async () => {
        throw new TypeError("Failed to fetch");
      },
      progress: memoryProgress(),
      clock: systemClock,
      manual: fetchedManual("https://vivarium.test/man/", undefined),
      terminals: LESSON.terminals,
      pauseHidden: PAUSE_HIDDEN,
    });
    labs.push(lab);
    await lab.start();
    expect(lab.lesson.value.kind).toBe("failed");
    await poll(() => lab.terminal.value.kind === "open");
  });
});
