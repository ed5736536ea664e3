import { signal } from "@preact/signals-core";
import { afterEach, describe, expect, test } from "vitest";
import { CodedError, Emitter } from "../../base/index.ts";
import { toldByAgent } from "../../isolation/index.ts";
import type { Lesson, LessonRunState, StepHeld } from "../../lessons/index.ts";
import type { EmbedEvent } from "../../protocol/embed.ts";
import type { LessonState } from "../lesson-desk.ts";
import type { MachineState } from "../machine-control.ts";
import type { DeskTerminal } from "../terminal-desk.ts";
import { EmbeddedLab, type EmbeddableLab } from "./embedded-lab.ts";

const step = (id: string): Lesson["steps"][number] => ({
  id,
  title: `Step ${id}`,
  setup: [],
  body: [],
  afterwards: [],
  hints: [],
  solution: [],
});

const LESSON = { id: "course/lesson", title: "A lesson", language: "en", steps: [step("one"), step("two")] };

const runOf = (current: string, done: readonly string[], trouble?: CodedError): LessonRunState => ({
  current,
  steps: Object.fromEntries(
    LESSON.steps.map(({ id }) => [id, { done: done.includes(id), verdict: { kind: "waiting" } }]),
  ),
  answers: {},
  measures: {},
  hints: [],
  prepared: true,
  activity: { kind: "none" },
  typed: false,
  resettable: false,
  startable: false,
  trouble,
  changed: false,
});

const made: EmbeddedLab[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.dispose();
});

function setUp() {
  const lesson = signal<LessonState>({ kind: "loading" });
  const held = new Emitter<StepHeld>();
  const fault = signal<CodedError | undefined>(undefined);
  const typed: string[] = [];
  const opened: string[] = [];
  const canStartOver = signal(false);
  const canReset = signal(false);
  let arrive: (id: string) => void = () => undefined;
  let attempts = 0;
  const end = { write: (text: string) => typed.push(text) };
  const terminal = signal({ kind: "none" } as { kind: string; end?: typeof end });
  const lab: EmbeddableLab = {
    lesson,
    machines: [
      {
        name: "machine-1",
        get state() {
          return signal({ phase: "running", fault: fault.value } as MachineState);
        },
      },
    ],
    terminals: [{ name: "terminal", state: terminal } as unknown as DeskTerminal],
    canReset,
    canStartOver,
    onStepHeld: held.event,
    isTerminalOpen: () => terminal.value.kind === "open",
    run: (command) => typed.push(`${command}\r`),
    noteAttempt: () => {
      attempts++;
    },
    openStep: (id) => opened.push(id),
    goToStep: async (id) => {
      opened.push(`before ${id}`);
      arrive(id);
    },
    resetStep: async () => undefined,
    observe: async () => new Map([["machine-1", toldByAgent([])]]),
  };
  const embedded = new EmbeddedLab({
    lab,
    hasLesson: true,
    addressOf: (id) => `https://labs.example/?lesson=${id}`,
    now: () => 0,
  });
  made.push(embedded);
  const events: EmbedEvent[] = [];
  embedded.onEvent((event) => events.push(event));
  const show = (current: string, done: readonly string[], trouble?: CodedError): void => {
    lesson.value = { kind: "open", lesson: LESSON as unknown as Lesson, run: runOf(current, done, trouble) };
  };
  const onWay = (does: typeof arrive): void => {
    arrive = does;
  };
  const openTerminal = (): void => {
    terminal.value = { kind: "open", end };
  };
  return {
    ...{ embedded, events, show, held, fault, typed, opened, openTerminal, canReset, canStartOver, onWay },
    attempts: () => attempts,
  };
}

const seen = new Map([["machine-1", toldByAgent([])]]);

describe("what a page is told", () => {
  test("ready once, when the lesson is there and a terminal is open", () => {
    const { events, show, openTerminal } = setUp();
    show("one", []);
    expect(events).toEqual([]);
    openTerminal();
    show("one", []);
    expect(events).toEqual([
      {
        name: "ready",
        detail: expect.objectContaining({ lesson: "course/lesson", step: "one", ready: true }),
      },
    ]);
  });

  test("a step that is done, with what was seen then; and one that holds once more", () => {
    const { events, show, held } = setUp();
    show("one", []);
    held.fire({ step: "one", looks: seen });
    expect(events).toEqual([]);
    show("one", ["one"]);
    held.fire({ step: "one", looks: seen });
    const done = { kind: "done", step: "one", title: "Step one", observations: Object.fromEntries(seen) };
    expect(events).toEqual([
      { name: "step", detail: done },
      { name: "step", detail: done },
    ]);
  });

  test("completion as a statement about nobody, when the last step is done", () => {
    const { events, show, held } = setUp();
    show("two", ["one"]);
    held.fire({ step: "two", looks: seen });
    show("two", ["one", "two"]);
    expect(events.map(({ name }) => name)).toEqual(["step", "completed"]);
    expect(events[1]?.detail).toEqual({
      lesson: "course/lesson",
      title: "A lesson",
      observations: Object.fromEntries(seen),
      statement: {
        actor: { objectType: "Agent", account: { homePage: "https://labs.example", name: "anonymous" } },
        verb: { id: "http://adlnet.gov/expapi/verbs/completed", display: { en: "completed" } },
        object: {
          objectType: "Activity",
          id: "https://labs.example/?lesson=course/lesson",
          definition: { type: "http://adlnet.gov/expapi/activities/lesson", name: { en: "A lesson" } },
        },
        result: { completion: true },
        timestamp: "1970-01-01T00:00:00.000Z",
      },
    });
  });

  test("nothing of what was done before it looked", () => {
    const { events, show } = setUp();
    show("two", ["one", "two"]);
    expect(events).toEqual([]);
  });

  test("a step that was opened, and each trouble once", () => {
    const { events, show, fault } = setUp();
    show("one", []);
    show("two", []);
    fault.value = new CodedError("boot-failed", "no kernel");
    show("two", []);
    expect(events).toEqual([
      { name: "step", detail: { kind: "opened", step: "two", title: "Step two" } },
      { name: "failed", detail: { code: "boot-failed", message: "no kernel" } },
    ]);
  });
});

test("who comes late is told what is so still", () => {
  const { embedded, show, openTerminal, fault } = setUp();
  expect(embedded.standing()).toEqual([]);
  openTerminal();
  show("one", []);
  fault.value = new CodedError("boot-failed", "no kernel");
  expect(embedded.standing()).toMatchObject([
    { name: "ready", detail: { ready: true } },
    { name: "failed", detail: { code: "boot-failed", message: "no kernel" } },
  ]);
});

describe("what a page can ask", () => {
  test("types only where a terminal is open, and only into one that there is", async () => {
    const { embedded, typed, openTerminal, attempts } = setUp();
    await expect(embedded.answer({ name: "run", command: "id" })).rejects.toMatchObject({
      code: "terminal-gone",
    });
    openTerminal();
    await embedded.answer({ name: "run", command: "id" });
    await embedded.answer({ name: "type", text: "echo" });
    expect(attempts()).toBe(0);
    await embedded.answer({ name: "type", text: " hi\r" });
    expect(attempts()).toBe(1);
    await expect(embedded.answer({ name: "type", text: "x", terminal: "other" })).rejects.toMatchObject({
      code: "bad-argument",
    });
    expect(typed).toEqual(["id\r", "echo", " hi\r"]);
  });

  test("types when the step can be reset to before it, or never will be", async () => {
    const { embedded, typed, openTerminal, show, canReset, fault } = setUp();
    openTerminal();
    show("one", []);
    const both = [
      embedded.answer({ name: "run", command: "one" }),
      embedded.answer({ name: "type", text: "two" }),
    ];
    await Promise.resolve();
    expect(typed).toEqual([]);
    canReset.value = true;
    await Promise.all(both);
    expect(typed).toEqual(["one\r", "two"]);
    canReset.value = false;
    fault.value = new CodedError("boot-failed", "no kernel");
    show("one", []);
    await embedded.answer({ name: "run", command: "three" });
    expect(typed).toEqual(["one\r", "two", "three\r"]);
  });

  test("goes to steps that there are", async () => {
    const { embedded, opened, show } = setUp();
    await expect(embedded.answer({ name: "goTo", step: "one" })).rejects.toThrow("no lesson is open");
    show("one", []);
    await embedded.answer({ name: "goTo", step: "two" });
    await expect(embedded.answer({ name: "goTo", step: "three" })).rejects.toThrow("no step three");
    expect(opened).toEqual(["two"]);
  });

  test("does the steps before one when it can, and says when it did not get there", async () => {
    const { embedded, opened, show, canStartOver, onWay } = setUp();
    show("one", []);
    const going = embedded.answer({ name: "goTo", step: "two", doBefore: true });
    await Promise.resolve();
    expect(opened).toEqual([]);
    onWay((id) => show(id, []));
    canStartOver.value = true;
    await going;
    expect(opened).toEqual(["before two"]);

    onWay(() => show("one", [], new CodedError("step-unsolved", "not done by its solution")));
    const again = (): Promise<unknown> => embedded.answer({ name: "goTo", step: "two", doBefore: true });
    await expect(again()).rejects.toMatchObject({ code: "step-unsolved" });
    onWay(() => show("one", []));
    await expect(again()).rejects.toMatchObject({ code: "aborted" });
  });

  test("the wait for a beginning ends with the fault for which there is none, and with the lab", async () => {
    const { embedded, opened, show, fault } = setUp();
    show("one", []);
    const goTwo = (): Promise<unknown> => embedded.answer({ name: "goTo", step: "two", doBefore: true });
    const died = goTwo();
    fault.value = new CodedError("boot-failed", "no kernel");
    show("one", []);
    await expect(died).rejects.toMatchObject({ code: "boot-failed" });
    fault.value = undefined;
    const ended = goTwo();
    embedded.dispose();
    await expect(ended).rejects.toMatchObject({ code: "aborted" });
    expect(opened).toEqual([]);
  });

  test("is told that a step cannot be reset, and what is seen", async () => {
    const { embedded } = setUp();
    await expect(embedded.answer({ name: "reset" })).rejects.toMatchObject({ code: "machine-busy" });
    expect(await embedded.answer({ name: "observe" })).toEqual(Object.fromEntries(seen));
  });
});
