import { type Signal, signal } from "@preact/signals-core";
import { describe, expect, test } from "vitest";
import { poll } from "../../tests/support/poll.ts";
import type { Machine } from "../machine/index.ts";
import { HiddenPause } from "./hidden-pause.ts";

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

function start(isOn = true): { pause: HiddenPause; machine: FakeMachine; wanted: Signal<boolean> } {
  const wanted = signal(isOn);
  const pause = new HiddenPause(wanted);
  const machine = new FakeMachine();
  pause.attach(machine as unknown as Machine);
  return { pause, machine, wanted };
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

  test("goes on where the learner wants it to, from that moment on", async () => {
    const { pause, machine, wanted } = start();
    pause.setVisible(false);
    await expectSaid(machine, "pause");
    wanted.value = false;
    await expectSaid(machine, "pause resume");

    const next = start(false);
    next.pause.setVisible(false);
    expect(next.machine.said).toEqual([]);
    next.wanted.value = true;
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
