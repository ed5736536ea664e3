import { describe, expect, it } from "vitest";
import { LESSON_META } from "../../tests/support/lesson-meta.ts";
import { CodedError, deferred, type Disposable, Emitter, toDisposable } from "../base/index.ts";
import { type Process, toldByAgent } from "../isolation/index.ts";
import type { Clock } from "./clock.ts";
import { LessonRun, type Verdict } from "./engine.ts";
import type { Guest, GuestAnswer, GuestCommand, GuestSignal, GuestTerminal, Looks } from "./guest.ts";
import { emptyProgress, type LessonProgress } from "./progress.ts";
import type { Lesson, Step } from "./tree.ts";

/** A clock that stands until it is moved; work that is due runs in order, and promises settle in between. */
class FakeClock implements Clock {
  #now = 0;
  #due: { at: number; work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, work: () => void): Disposable {
    const entry = { at: this.#now + ms, work };
    this.#due.push(entry);
    return toDisposable(() => {
      this.#due = this.#due.filter((one) => one !== entry);
    });
  }

  get waiting(): number {
    return this.#due.length;
  }

  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await settle();
    }
    this.#now = until;
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function process(pid: number, comm: string): Process {
  return {
    pid,
    ppid: 1,
    state: "S",
    uid: 0,
    pids: [pid],
    comm,
    kernelThread: false,
    cgroup: "/",
    namespaces: { pid: 5 },
    forChildren: { pid: 5 },
    procMount: 5,
    details: undefined,
  };
}

class FakeGuest implements Guest {
  running: string[] = [];
  looks = 0;
  atOnce = 0;
  mostAtOnce = 0;
  answer: () => Promise<void> = async () => undefined;
  rewound: number[] = [];
  kept = new Set<number>();
  #next = 1;

  /** What was written and run in it, in order. */
  deeds: string[] = [];
  /** What the terminal answers to a line; by itself a prompt. */
  shell: (line: string) => void = () => undefined;
  readonly #printed = new Emitter<string>();
  #line = "";

  readonly #terminal: GuestTerminal = {
    onOutput: this.#printed.event,
    latest: () => `# ${this.#line}`,
    write: (text) => {
      for (const key of text) {
        if (key === "\u0015") this.#line = "";
        else if (key !== "\r") this.#line += key;
        else {
          const line = this.#line;
          this.#line = "";
          this.deeds.push(line);
          this.shell(line);
          this.#printed.fire(`${line}\r\n# `);
        }
      }
    },
  };

  terminal(): GuestTerminal {
    return this.#terminal;
  }

  async exec({ script }: GuestCommand): Promise<GuestAnswer> {
    this.deeds.push(script.replace("set -eu\n", ""));
    return { code: script.includes("false") ? 1 : 0, stdout: "", stderr: "" };
  }

  async signal({ number, to }: GuestSignal): Promise<readonly Process[]> {
    const found = this.running.filter((name) => name === to.comm);
    if (found.length === 0) return [];
    this.deeds.push(`signal ${number} to ${found.join()}`);
    return found.map((name, i) => process(30 + i, name));
  }

  async writeFile({ path }: { path: string }): Promise<void> {
    this.deeds.push(path);
  }

  async observe(_machines: readonly string[], signal?: AbortSignal): Promise<Looks> {
    this.looks++;
    this.atOnce++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      await this.answer();
      if (signal?.aborted === true) throw new CodedError("aborted", "aborted");
      const processes = this.running.map((name, i) => process(30 + i, name));
      return new Map([["machine-1", toldByAgent([process(1, "init"), ...processes])]]);
    } finally {
      this.atOnce--;
    }
  }

  isOn(): boolean {
    return true;
  }

  async switchOn(machine: string): Promise<void> {
    this.deeds.push(`power on ${machine}`);
  }

  holds({ id }: { id: number }): boolean {
    return this.kept.has(id);
  }

  async checkpoint(): Promise<{ id: number }> {
    const id = this.#next++;
    this.kept.add(id);
    return { id };
  }

  async rewind(checkpoint: { id: number }): Promise<void> {
    if (!this.kept.has(checkpoint.id)) throw new CodedError("bad-argument", "no such checkpoint");
    this.rewound.push(checkpoint.id);
    this.running = [];
  }

  forget(checkpoint: { id: number }): void {
    this.kept.delete(checkpoint.id);
  }
}

function step(id: string, comm: string, more: Partial<NonNullable<Step["check"]>> = {}): Step {
  return {
    id,
    title: id,
    setup: [],
    body: [],
    afterwards: [],
    hints: [],
    solution: [],
    check: { needs: [{ query: { process: { comm } } }], notYet: [], broken: [], ...more },
  };
}

const LESSON: Lesson = {
  ...LESSON_META,
  intro: [],
  proven: [],
  steps: [
    step("one", "sleep", {
      notYet: [{ when: { process: { comm: "cat" } }, say: [{ type: "text", text: "That is a cat." }] }],
      broken: [{ when: { process: { comm: "bomb" } }, say: [{ type: "text", text: "Boom." }] }],
    }),
    step("two", "never", {
      after: { query: { process: { comm: "sleep" } } },
      needs: [{ query: { none: { comm: "sleep" } } }],
    }),
    step("three", "vi"),
  ],
};

function start(progress: LessonProgress = emptyProgress(LESSON.id, 1)): {
  clock: FakeClock;
  guest: FakeGuest;
  run: LessonRun;
  saved: LessonProgress[];
  verdict: () => Verdict;
} {
  const clock = new FakeClock();
  const guest = new FakeGuest();
  const run = new LessonRun(LESSON, progress, clock);
  const saved: LessonProgress[] = [];
  run.onProgress((one) => saved.push(one));
  run.attach(guest);
  const verdict = (): Verdict => run.state.steps[run.state.current]?.verdict ?? { kind: "waiting" };
  return { clock, guest, run, saved, verdict };
}

describe("a verdict", () => {
  it("waits until something was tried, then tells why not", async () => {
    const { clock, guest, run, verdict } = start();
    await clock.pass(5000);
    expect(verdict()).toEqual({ kind: "waiting" });
    guest.running = ["cat"];
    run.noteAttempt();
    await clock.pass(2000);
    expect(verdict()).toMatchObject({ kind: "not-yet", reason: [{ text: "That is a cat." }] });
    guest.running = [];
    await clock.pass(2000);
    expect(verdict()).toMatchObject({
      kind: "not-yet",
      reason: [{ text: "There is no " }, { type: "code", text: "sleep" }, { text: " running." }],
    });
  });

  it("of what has to come before is remembered while the step is open, and no longer", async () => {
    const { clock, guest, run } = start();
    run.open("two");
    await clock.pass(1000);
    expect(run.state.prepared).toBe(false);
    guest.running = ["sleep"];
    await clock.pass(1000);
    guest.running = [];
    await clock.pass(1000);
    expect(run.state.prepared).toBe(true);
    run.open("three");
    expect(run.state.prepared).toBe(false);
  });

  it("tells after a minute of silence too", async () => {
    const { clock, verdict } = start();
    await clock.pass(59_000);
    expect(verdict().kind).toBe("waiting");
    await clock.pass(3000);
    expect(verdict().kind).toBe("not-yet");
  });

  it("says that it holds within a quarter of a second", async () => {
    const { clock, guest, verdict } = start();
    await clock.pass(1000);
    guest.running = ["sleep"];
    await clock.pass(250);
    expect(verdict()).toEqual({ kind: "holds" });
  });

  it("does not tell of a shortcoming that passes", async () => {
    const { clock, guest, run, verdict } = start();
    run.noteAttempt();
    await clock.pass(800);
    guest.running = ["sleep"];
    await clock.pass(300);
    expect(verdict()).toEqual({ kind: "holds" });
  });

  it("says when only a reset helps", async () => {
    const { clock, guest, run, verdict } = start();
    guest.running = ["bomb"];
    run.noteAttempt();
    await clock.pass(2000);
    expect(verdict()).toMatchObject({ kind: "broken", reason: [{ text: "Boom." }] });
  });

  it("is kept once it held, while the present goes on being told", async () => {
    const { clock, guest, run, saved, verdict } = start();
    guest.running = ["sleep"];
    await clock.pass(1000);
    expect(run.state.steps["one"]?.done).toBe(true);
    expect(saved.at(-1)?.done).toEqual(["one"]);
    guest.running = [];
    run.noteAttempt();
    await clock.pass(2000);
    expect(run.state.steps["one"]?.done).toBe(true);
    expect(verdict().kind).toBe("not-yet");
  });

  it("counts what has to be so before only since the step began", async () => {
    const { clock, guest, run, verdict } = start();
    await clock.pass(1000);
    run.open("two");
    run.noteAttempt();
    await clock.pass(2000);
    expect(verdict()).toMatchObject({ kind: "not-yet" });
    guest.running = ["sleep"];
    await clock.pass(2000);
    expect(verdict().kind).toBe("not-yet");
    guest.running = [];
    await clock.pass(300);
    expect(verdict()).toEqual({ kind: "holds" });
  });
});

describe("looking", () => {
  it("happens one look at a time, however slow the guest is", async () => {
    const { clock, guest } = start();
    guest.answer = async () =>
      new Promise((done) => {
        clock.after(700, done);
      });
    await clock.pass(10_000);
    expect(guest.mostAtOnce).toBe(1);
    expect(guest.looks).toBeGreaterThan(8);
  });

  it("stops while nobody looks at the page", async () => {
    const { clock, guest, run } = start();
    await clock.pass(1000);
    run.setVisible(false);
    const before = guest.looks;
    await clock.pass(10_000);
    expect(guest.looks).toBe(before);
    run.setVisible(true);
    await clock.pass(100);
    expect(guest.looks).toBeGreaterThan(before);
  });

  it("goes on after the agent was away, and gives up on a dead machine", async () => {
    const { clock, guest } = start();
    guest.answer = async () => {
      throw new CodedError("agent-gone", "away");
    };
    await clock.pass(3000);
    const before = guest.looks;
    await clock.pass(3000);
    expect(guest.looks).toBeGreaterThan(before);
    guest.answer = async () => {
      throw new CodedError("machine-gone", "dead");
    };
    await clock.pass(1000);
    const dead = guest.looks;
    await clock.pass(10_000);
    expect(guest.looks).toBe(dead);
  });

  it("withdraws a question that is not answered", async () => {
    const { clock, guest, verdict } = start();
    let unanswered = true;
    guest.answer = async () =>
      new Promise((done) => {
        if (!unanswered) done();
        else clock.after(4500, done);
      });
    await clock.pass(5200);
    unanswered = false;
    guest.running = ["sleep"];
    await clock.pass(1000);
    expect(verdict()).toEqual({ kind: "holds" });
  });
});

describe("reset", () => {
  it("takes the guest back to where the step began, and what is done stays done", async () => {
    const { clock, guest, run, verdict } = start();
    expect(run.state.resettable).toBe(false);
    await clock.pass(1000);
    expect(run.state.resettable).toBe(true);
    guest.running = ["sleep"];
    await clock.pass(500);
    await run.reset();
    // The first one is the lesson's beginning.
    expect(guest.rewound).toEqual([2]);
    expect(verdict()).toEqual({ kind: "waiting" });
    expect(run.state.steps["one"]?.done).toBe(true);
    await clock.pass(1000);
    expect(guest.kept).toEqual(new Set([1, 2]));
  });

  it("keeps a checkpoint of the beginning and of each step, and lets go of them with the guest", async () => {
    const { clock, guest, run } = start();
    await clock.pass(1000);
    run.open("two");
    await clock.pass(500);
    run.open("three");
    await clock.pass(500);
    expect(guest.kept).toEqual(new Set([1, 2, 3, 4]));
    run.dispose();
    expect(guest.kept.size).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  it("looks again after a panic was undone", async () => {
    const { clock, guest, run, verdict } = start();
    await clock.pass(1000);
    guest.answer = async () => {
      throw new CodedError("guest-panicked", "panic");
    };
    await clock.pass(2000);
    guest.answer = async () => undefined;
    await run.reset();
    guest.running = ["sleep"];
    await clock.pass(500);
    expect(verdict()).toEqual({ kind: "holds" });
  });

  it("that fails leaves the engine alive", async () => {
    const { clock, guest, run, verdict } = start();
    await clock.pass(1000);
    guest.rewind = async () => {
      throw new CodedError("machine-gone", "the machine has died");
    };
    await expect(run.reset()).rejects.toMatchObject({ code: "machine-gone" });
    guest.running = ["sleep"];
    await clock.pass(500);
    expect(verdict()).toEqual({ kind: "holds" });
  });
});

describe("a machine that dies", () => {
  it("in the middle of a step is replaced, and nothing of the progress is lost", async () => {
    const { clock, guest, run } = start();
    guest.running = ["sleep"];
    await clock.pass(1000);
    run.open("two");
    run.detach();
    expect(run.state.resettable).toBe(false);
    const fresh = new FakeGuest();
    run.attach(fresh);
    await clock.pass(1000);
    expect(run.state.current).toBe("two");
    expect(run.state.steps["one"]?.done).toBe(true);
    expect(fresh.looks).toBeGreaterThan(0);
    expect(run.state.resettable).toBe(true);
  });
});

describe("progress", () => {
  it("opens the step that was open, else the first that is not done", () => {
    const empty = emptyProgress(LESSON.id, 1);
    expect(start({ ...empty, current: "three" }).run.state.current).toBe("three");
    expect(start({ ...empty, done: ["one"] }).run.state.current).toBe("two");
    expect(start({ ...empty, current: "gone", done: ["one", "two", "three"] }).run.state.current).toBe("one");
  });

  it("keeps answers", () => {
    const { run, saved } = start();
    run.answer("guess", 2);
    expect(run.state.answers).toEqual({ guess: 2 });
    expect(saved.at(-1)?.answers).toEqual({ guess: 2 });
  });
});

describe("preparing, showing and going", () => {
  const deed = (text: string): Step["solution"][number] => ({
    type: "run",
    language: "sh",
    text,
    solves: true,
    stays: false,
  });
  const solved = (id: string, comm: string, more: Partial<Step> = {}): Step => ({
    ...step(id, comm),
    solution: [deed(`run ${comm}`)],
    ...more,
  });
  const steps = [
    solved("one", "sleep"),
    solved("two", "cat", { setup: [{ script: "make room", shown: false }] }),
    solved("three", "vi", { setup: [{ script: "make more room", shown: false }] }),
  ];

  function open(lesson: Lesson = { ...LESSON, steps }) {
    const clock = new FakeClock();
    const guest = new FakeGuest();
    // `run NAME` starts one of that name.
    guest.shell = (line) => {
      if (line.startsWith("run ")) guest.running = [...guest.running, line.slice(4)];
    };
    const run = new LessonRun(lesson, emptyProgress(lesson.id, 1), clock);
    run.attach(guest);
    return { clock, guest, run };
  }

  /** Lets time pass while something is done. */
  async function through(clock: FakeClock, work: Promise<void>): Promise<void> {
    let isOver = false;
    const ended = work.finally(() => {
      isOver = true;
    });
    ended.catch(() => undefined);
    for (let i = 0; i < 3000 && !isOver; i++) await clock.pass(250);
    await ended;
  }

  it("a step's set-up is in the guest before its checkpoint, once", async () => {
    const { clock, guest, run } = open();
    await clock.pass(1000);
    expect(guest.deeds).toEqual([]);
    run.open("two");
    await clock.pass(1000);
    expect(guest.deeds).toEqual(["make room"]);
    await run.reset();
    await clock.pass(1000);
    expect(guest.deeds).toEqual(["make room"]);
    run.dispose();
  });

  it("a step's files are there before its checkpoint, wherever in its text they stand", async () => {
    const file = (path: string, write: "start" | "click") =>
      ({
        type: "file",
        language: "",
        path,
        text: "",
        mode: 0o644,
        user: "root",
        write,
        solves: false,
      }) as const;
    const body: Step["body"] = [
      { type: "note", children: [file("/in-a-note", "start"), file("/by-click", "click")] },
      { type: "list", ordered: true, items: [[file("/in-a-list", "start")]] },
      file("/plain", "start"),
    ];
    const { clock, guest, run } = open({ ...LESSON, steps: [solved("one", "sleep", { body })] });
    await clock.pass(1000);
    expect(guest.deeds).toEqual(["/in-a-note", "/in-a-list", "/plain"]);
    expect(run.state.resettable).toBe(true);
    run.dispose();
  });

  it("a set-up that fails is told, and the step goes on", async () => {
    const { clock, guest, run } = open({
      ...LESSON,
      steps: [solved("one", "sleep", { setup: [{ script: "false", shown: false }] })],
    });
    await clock.pass(1000);
    expect(run.state.trouble?.code).toBe("exec-failed");
    expect(run.state.resettable).toBe(true);
    guest.running = ["sleep"];
    await clock.pass(500);
    expect(run.state.steps["one"]?.done).toBe(true);
    run.dispose();
  });

  it("shows a solution key by key, and the check sees it", async () => {
    const { clock, guest, run } = open();
    await clock.pass(1000);
    const shown = run.showMe();
    await clock.pass(100);
    expect(run.state.activity).toEqual({ kind: "showing" });
    expect(guest.deeds).toEqual([]);
    await through(clock, shown);
    await clock.pass(300);
    expect(guest.deeds).toEqual(["run sleep"]);
    expect(run.state.activity).toEqual({ kind: "none" });
    expect(run.state.steps["one"]?.done).toBe(true);
    run.dispose();
  });

  it("stops showing when told to, and types no further", async () => {
    const { clock, guest, run } = open();
    await clock.pass(1000);
    const shown = run.showMe();
    await clock.pass(100);
    run.stop();
    await through(clock, shown);
    await clock.pass(5000);
    expect(guest.deeds).toEqual([]);
    expect(run.state.activity).toEqual({ kind: "none" });
    run.dispose();
  });

  it("goes to a step as if those before were done, and marks none of them", async () => {
    const { clock, guest, run } = open();
    await clock.pass(1000);
    guest.running = ["junk"];
    const gone = run.goTo("three");
    await through(clock, gone);
    await clock.pass(300);
    expect(guest.running).toEqual(["sleep", "cat"]);
    expect(guest.deeds).toEqual(["run sleep", "make room", "run cat", "make more room"]);
    expect(run.state.current).toBe("three");
    expect(run.state.resettable).toBe(true);
    expect(Object.values(run.state.steps).map(({ done }) => done)).toEqual([false, false, false]);
    run.dispose();
  });

  it("on a fresh guest does not take the open step's own beginning for one that was reached", async () => {
    const clock = new FakeClock();
    const guest = new FakeGuest();
    guest.shell = (line) => {
      if (line.startsWith("run ")) guest.running = [...guest.running, line.slice(4)];
    };
    const run = new LessonRun(
      { ...LESSON, steps },
      { ...emptyProgress(LESSON.id, 1), current: "three" },
      clock,
    );
    run.attach(guest);
    await clock.pass(1000);
    expect(guest.deeds).toEqual(["make more room"]);
    await through(clock, run.goTo("three"));
    await clock.pass(300);
    expect(guest.running).toEqual(["sleep", "cat"]);
    await through(clock, run.goTo("three"));
    expect(guest.deeds.filter((done) => done === "run cat")).toHaveLength(1);
    run.dispose();
  });

  it("says when a solution does not do its step, and stays there", async () => {
    const { clock, run } = open({
      ...LESSON,
      steps: [solved("one", "sleep", { solution: [deed("nothing")] }), solved("two", "cat")],
    });
    await clock.pass(1000);
    const gone = run.goTo("two");
    await expect(through(clock, gone)).rejects.toMatchObject({ code: "step-unsolved" });
    expect(run.state.current).toBe("one");
    expect(run.state.trouble?.code).toBe("step-unsolved");
    run.dispose();
  });

  it("a command that never comes back ends the way with what the terminal shows", async () => {
    const { clock, guest, run } = open();
    await clock.pass(1000);
    guest.terminal = () => ({
      onOutput: new Emitter<string>().event,
      latest: () => "",
      write: () => undefined,
    });
    await expect(through(clock, run.goTo("two"))).rejects.toMatchObject({ code: "timed-out" });
    run.dispose();
    expect(clock.waiting).toBe(0);
  });

  it("starts over: nothing is done, and the guest is as at first", async () => {
    const { clock, guest, run } = open();
    await clock.pass(1000);
    guest.running = ["sleep"];
    await clock.pass(500);
    run.open("two");
    await clock.pass(500);
    await through(clock, run.startOver());
    await clock.pass(500);
    expect(guest.rewound).toEqual([1]);
    expect(run.state.current).toBe("one");
    expect(run.state.steps["one"]?.done).toBe(false);
    run.dispose();
  });
});

describe("a check by a command", () => {
  it("is asked when all that can be seen holds, and no more often than it may", async () => {
    const lesson: Lesson = {
      ...LESSON,
      steps: [
        step("one", "sleep", {
          needs: [
            { query: { process: { comm: "sleep" } } },
            {
              command: {
                script: "false",
                user: "root",
                exit: 0,
                say: [{ type: "text", text: "Not there." }],
              },
            },
          ],
        }),
      ],
    };
    const clock = new FakeClock();
    const guest = new FakeGuest();
    const run = new LessonRun(lesson, emptyProgress(lesson.id, 1), clock);
    run.attach(guest);
    await clock.pass(2000);
    expect(guest.deeds).toEqual([]);
    guest.running = ["sleep"];
    run.noteAttempt();
    await clock.pass(2000);
    expect(guest.deeds.length).toBeGreaterThan(1);
    expect(guest.deeds.length).toBeLessThan(5);
    expect(run.state.steps["one"]?.verdict).toMatchObject({
      kind: "not-yet",
      reason: [{ text: "Not there." }],
    });
    run.dispose();
  });

  it("that loops for ever is told so, and leaves the guest in peace for as long as it took", async () => {
    const command = { script: "while true; do :; done", user: "root", exit: 0, say: [] };
    const lesson: Lesson = { ...LESSON, steps: [step("one", "sleep", { needs: [{ command }] })] };
    const clock = new FakeClock();
    const guest = new FakeGuest();
    guest.exec = async ({ script, timeoutMs }) => {
      guest.deeds.push(script);
      const over = deferred<void>();
      clock.after(timeoutMs, () => over.resolve());
      await over.promise;
      return { code: 124, stdout: "", stderr: "" };
    };
    const run = new LessonRun(lesson, emptyProgress(lesson.id, 1), clock);
    run.attach(guest);
    run.noteAttempt();
    await clock.pass(120_000);
    expect(guest.deeds.length).toBeGreaterThan(1);
    expect(guest.deeds.length).toBeLessThanOrEqual(5);
    expect(run.state.steps["one"]?.verdict).toMatchObject({
      kind: "not-yet",
      detail: [{ text: "The command that looks did not end in time." }],
    });
    run.dispose();
  });
});

describe("hints that come by themselves", () => {
  it("are there while their condition holds", async () => {
    const hinted: Lesson = {
      ...LESSON,
      steps: [
        {
          ...step("one", "sleep"),
          hints: [{ blocks: [] }, { when: { query: { process: { comm: "cat" } } }, blocks: [] }],
        },
      ],
    };
    const clock = new FakeClock();
    const guest = new FakeGuest();
    const run = new LessonRun(hinted, emptyProgress(hinted.id, 1), clock);
    run.attach(guest);
    await clock.pass(1000);
    expect(run.state.hints).toEqual([]);
    guest.running = ["cat"];
    await clock.pass(500);
    expect(run.state.hints).toEqual([1]);
    guest.running = [];
    await clock.pass(500);
    expect(run.state.hints).toEqual([]);
    run.dispose();
  });
});

describe("another form of the lesson", () => {
  const other = (steps: readonly Step[]): Lesson => ({ ...LESSON, version: 2, title: "Other", steps });
  const words = (one: Step | undefined, text: string): Step => {
    if (one === undefined) throw new Error("no such step");
    return { ...one, body: [{ type: "paragraph", children: [{ type: "text", text }] }] };
  };
  const [one, two, three] = LESSON.steps;

  it("keeps the open step, what is done and seen of it, and the checkpoints", async () => {
    const { clock, guest, run, saved } = start();
    await clock.pass(1000);
    guest.running = ["sleep"];
    await clock.pass(1000);
    run.open("two");
    await clock.pass(2000);
    // The second step's check wants a `sleep` to have been there before.
    const kept = [...guest.kept];
    run.replaceLesson(other([words(one, "a"), words(two, "b"), words(three, "c")]));
    guest.running = [];
    await clock.pass(1000);
    expect(run.state).toMatchObject({ current: "two", resettable: true, changed: false });
    expect(run.state.steps).toMatchObject({ one: { done: true }, two: { done: true } });
    expect([...guest.kept]).toEqual(kept);
    expect(guest.deeds).toEqual([]);
    expect(saved.at(-1)).toMatchObject({ version: 2, current: "two", done: ["one", "two"] });
    expect(run.lesson.title).toBe("Other");
    run.dispose();
    expect(guest.kept.size).toBe(0);
  });

  it("opens the nearest step before, where the open one is gone, and forgets its beginning", async () => {
    const { clock, guest, run } = start();
    await clock.pass(1000);
    run.open("two");
    await clock.pass(1000);
    run.open("three");
    await clock.pass(1000);
    const before = guest.kept.size;
    run.replaceLesson(other([step("zero", "top"), words(two, "b")]));
    await clock.pass(1000);
    expect(run.state).toMatchObject({ current: "two", resettable: true });
    expect(guest.kept.size).toBe(before - 2);
    run.replaceLesson(other([step("zero", "top"), step("four", "vi")]));
    await clock.pass(1000);
    expect(run.state).toMatchObject({ current: "zero", resettable: true });
    run.dispose();
  });

  it("does a set-up again only when it is another one", async () => {
    const { clock, guest, run } = start();
    await clock.pass(1000);
    const prepared = (script: string): Step => ({ ...step("one", "top"), setup: [{ script, shown: false }] });
    run.replaceLesson(other([prepared("mkdir a")]));
    await clock.pass(1000);
    run.replaceLesson(other([words(prepared("mkdir a"), "a")]));
    await clock.pass(1000);
    run.replaceLesson(other([prepared("mkdir b")]));
    await clock.pass(1000);
    expect(guest.deeds).toEqual(["mkdir a", "mkdir b"]);
    run.dispose();
  });

  it("is judged by its own check at once", async () => {
    const { clock, guest, run, verdict } = start();
    guest.running = ["top"];
    await clock.pass(1000);
    expect(verdict().kind).toBe("waiting");
    run.replaceLesson(other([step("one", "top")]));
    await clock.pass(1000);
    expect(verdict().kind).toBe("holds");
    run.dispose();
  });

  it("goes to no step by a state that came of other commands", async () => {
    const { clock, guest, run } = start();
    const solved = (id: string, text: string): Step => ({
      ...words(LESSON.steps[0], id),
      ...{ id, check: undefined },
      solution: [{ type: "run", language: "sh", text, solves: true, stays: false }],
    });
    run.replaceLesson(other([solved("one", "echo 1"), solved("two", "echo 2"), solved("three", "echo 3")]));
    await clock.pass(1000);
    run.open("two");
    await clock.pass(1000);
    run.replaceLesson(other([solved("one", "echo new"), solved("two", "echo 2"), solved("three", "echo 3")]));
    await clock.pass(1000);
    const gone = run.goTo("three");
    await clock.pass(60_000);
    await gone;
    expect(guest.deeds).toEqual(["echo new", "echo 2"]);
    run.dispose();
  });

  it("waits for a guest as the one before did", async () => {
    const clock = new FakeClock();
    const run = new LessonRun(LESSON, emptyProgress(LESSON.id, 1), clock);
    run.replaceLesson(other([step("one", "top")]));
    const guest = new FakeGuest();
    guest.running = ["top"];
    run.attach(guest);
    await clock.pass(1000);
    expect(run.state.steps["one"]?.done).toBe(true);
    run.dispose();
  });
});

describe("progress that comes from elsewhere", () => {
  it("is shown at once and kept by nobody anew; the guest and its beginnings stay", async () => {
    const { clock, guest, run, saved } = start();
    await clock.pass(1000);
    run.adopt({ ...emptyProgress(LESSON.id, 1), current: "three", done: ["one"], answers: { guess: 1 } });
    expect(run.state).toMatchObject({
      current: "three",
      steps: { one: { done: true }, three: { done: false } },
      answers: { guess: 1 },
      startable: true,
    });
    await clock.pass(1000);
    expect(run.state.resettable).toBe(true);
    expect(guest.rewound).toEqual([]);
    expect(saved).toEqual([]);
    run.dispose();
  });

  it("undoes what was done, but for what holds now", async () => {
    const { clock, guest, run } = start();
    await clock.pass(1000);
    run.noteAttempt();
    guest.running = ["sleep"];
    await clock.pass(500);
    expect(run.state.steps["one"]?.done).toBe(true);
    guest.running = [];
    run.adopt(emptyProgress(LESSON.id, 1));
    await clock.pass(1000);
    expect(run.state.steps["one"]).toMatchObject({ done: false, verdict: { kind: "waiting" } });
    guest.running = ["sleep"];
    await clock.pass(500);
    expect(run.state.steps["one"]?.done).toBe(true);
    run.dispose();
  });
});

describe("what a lesson does by itself", () => {
  const line = {
    type: "run",
    language: "sh",
    text: "sleep 9 &",
    solves: true,
    stays: false,
    typed: true,
  } as const;
  const kill = { type: "signal", signal: "KILL", to: { comm: "sleep" }, solves: true } as const;

  function begin(steps: readonly Step[], typesAhead = true) {
    const clock = new FakeClock();
    const guest = new FakeGuest();
    const lesson = { ...LESSON, steps };
    const run = new LessonRun(lesson, emptyProgress(LESSON.id, 1), clock, typesAhead);
    run.attach(guest);
    const shown = (): string => guest.terminal().latest();
    return { clock, guest, run, shown };
  }

  it("a line stands in the terminal once for a visit, and again after a reset", async () => {
    const { clock, guest, run, shown } = begin([{ ...step("one", "sleep"), body: [line], solution: [line] }]);
    await clock.pass(2000);
    expect(shown()).toBe("# sleep 9 &");
    expect(run.state.typed).toBe(true);
    expect(guest.deeds).toEqual([]);
    guest.terminal().write("\u0015");
    run.noteAttempt();
    expect(run.state.typed).toBe(false);
    await clock.pass(3000);
    expect(shown()).toBe("# ");
    await run.reset();
    await clock.pass(2000);
    expect(shown()).toBe("# sleep 9 &");
    run.dispose();
    expect(clock.waiting).toBe(0);
  });

  it("nothing stands there in a lesson that is to be watched", async () => {
    const { clock, run, shown } = begin([{ ...step("one", "sleep"), body: [line], solution: [line] }], false);
    await clock.pass(5000);
    expect(shown()).toBe("# ");
    run.dispose();
  });

  it("a signal waits for whom it is for, and gives up in words", async () => {
    const { clock, guest, run } = begin([{ ...step("one", "never"), solution: [kill] }]);
    await clock.pass(2000);
    const shown = run.showMe();
    await clock.pass(2000);
    guest.running = ["sleep"];
    await clock.pass(500);
    await shown;
    expect(guest.deeds).toEqual(["signal 9 to sleep"]);
    guest.running = [];
    const missed = run.showMe().catch((error: unknown) => error);
    await clock.pass(10_000);
    expect(await missed).toMatchObject({
      code: "timed-out",
      message: "SIGKILL to sleep: there is no such process",
    });
    run.dispose();
  });

  it("tells of the moment at which a step begins to hold, with what was seen", async () => {
    const { clock, guest, run } = begin([step("one", "sleep")]);
    const held: string[] = [];
    run.onHeld(({ step: id, looks }) => held.push(`${id} ${looks.get("machine-1")?.processes.length}`));
    await clock.pass(2000);
    guest.running = ["sleep"];
    await clock.pass(3000);
    expect(held).toEqual(["one 2"]);
    run.dispose();
  });
});
