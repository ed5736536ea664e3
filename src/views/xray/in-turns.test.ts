import { expect, test } from "vitest";
import { InTurns } from "./in-turns.ts";
import { turn } from "./turn.ts";

/** Turns that come when the test says so. */
class Turns {
  #waiting: (() => void)[] = [];

  readonly next = (): Promise<void> =>
    new Promise((resolve) => {
      this.#waiting.push(resolve);
    });

  async give(): Promise<void> {
    for (const go of this.#waiting.splice(0)) go();
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }

  async giveAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.give();
  }
}

function recorder(turns: Turns): { done: string[]; works: InTurns } {
  const done: string[] = [];
  const works = new InTurns([() => done.push("a"), () => done.push("b"), () => done.push("c")], turns.next);
  return { done, works };
}

test("each work has a turn of its own", async () => {
  const turns = new Turns();
  const { done, works } = recorder(turns);
  works.ask();
  expect(done).toEqual([]);
  await turns.give();
  expect(done).toEqual(["a"]);
  await turns.give();
  expect(done).toEqual(["a", "b"]);
  await turns.giveAll();
  expect(done).toEqual(["a", "b", "c"]);
});

test("asked while at work, all is done once more, and the last is not left out", async () => {
  const turns = new Turns();
  const { done, works } = recorder(turns);
  works.ask();
  await turns.give();
  works.ask();
  works.ask();
  await turns.giveAll();
  expect(done.join("")).toBe("abcabc");
  works.ask();
  await turns.giveAll();
  expect(done.join("")).toBe("abcabcabc");
});

test("a disposed one does nothing more", async () => {
  const turns = new Turns();
  const { done, works } = recorder(turns);
  works.ask();
  await turns.give();
  works.dispose();
  await turns.giveAll();
  expect(done).toEqual(["a"]);
});

test("a turn is over when another task has had its own", async () => {
  const order: string[] = [];
  setTimeout(() => order.push("other"));
  await turn();
  order.push("next");
  expect(order).toEqual(["other", "next"]);
});
