import { describe, expect, test } from "vitest";
import { poll } from "../../tests/support/poll.ts";
import type { Machine } from "../machine/index.ts";
import { HiddenPause, type Setting } from "./hidden-pause.ts";

class FakeMachine {
  phase: "running" | "paused" = "running";
  readonly said: string[] = [];
  async pause(): Promise<void> {
    this.said.push("pause");
    this.phase = "paused";
  }
  async resume(): Promise<void> {
    this.said.push("resume");
    this.phase = "running";
  }
}

function setting(kept?: boolean): Setting & { value: boolean | undefined } {
  return {
    value: kept,
    async load() {
      return this.value;
    },
    async save(value) {
      this.value = value;
    },
  };
}

function start(kept?: boolean): {
  pause: HiddenPause;
  machine: FakeMachine;
  store: ReturnType<typeof setting>;
} {
  const store = setting(kept);
  const pause = new HiddenPause(store);
  const machine = new FakeMachine();
  pause.attach(machine as unknown as Machine);
  return { pause, machine, store };
}

const expectSaid = (machine: FakeMachine, words: string): Promise<unknown> =>
  poll(() => machine.said.join(" ") === words, { what: `"${words}", not "${machine.said.join(" ")}"` });

describe("a machine that nobody sees", () => {
  test("is paused, and goes on when it is seen", async () => {
    const { pause, machine } = start();
    pause.setVisible(false);
    await expectSaid(machine, "pause");
    pause.setVisible(true);
    await expectSaid(machine, "pause resume");
  });

  test("goes on where the learner wants it to, now and the next time", async () => {
    const { pause, machine, store } = start();
    pause.setVisible(false);
    await expectSaid(machine, "pause");
    pause.set(false);
    await expectSaid(machine, "pause resume");
    expect(store.value).toBe(false);

    const next = start(false);
    await poll(() => !next.pause.isOn.value, { what: "the setting to be read" });
    next.pause.setVisible(false);
    next.pause.set(true);
    await expectSaid(next.machine, "pause");
  });

  test("is paused when it comes up unseen; one that was paused otherwise stays so", async () => {
    const { pause, machine } = start();
    machine.phase = "paused";
    pause.setVisible(false);
    pause.setVisible(true);
    const second = new FakeMachine();
    pause.setVisible(false);
    pause.attach(second as unknown as Machine);
    await expectSaid(second, "pause");
    expect(machine.said).toEqual([]);
  });
});
