import { expect, test } from "vitest";
import { Emitter } from "../base/index.ts";
import { SpareWorker } from "./spare-worker.ts";
import type { WorkerHandle } from "./worker-handle.ts";

function setUp() {
  const started: { readonly handle: WorkerHandle; readonly death: Emitter<string>; disposed: boolean }[] = [];
  const spare = new SpareWorker(() => {
    const death = new Emitter<string>();
    const { port1 } = new MessageChannel();
    const entry = {
      death,
      disposed: false,
      handle: {
        endpoint: port1,
        onDeath: death.event,
        dispose: () => {
          entry.disposed = true;
          port1.close();
        },
      },
    };
    started.push(entry);
    return entry.handle;
  });
  return { spare, started };
}

test("one waits at a time and is given away once; without one a new one is started", () => {
  const { spare, started } = setUp();
  spare.prepare();
  spare.prepare();
  expect(started).toHaveLength(1);
  expect(spare.take()).toBe(started[0]?.handle);
  expect(spare.take()).toBe(started[1]?.handle);
  spare.dispose();
  // They belong to whoever took them.
  expect(started.map(({ disposed }) => disposed)).toEqual([false, false]);
  for (const { handle } of started) handle.dispose();
});

test("one that dies while it waits is not given away", () => {
  const { spare, started } = setUp();
  spare.prepare();
  started[0]?.death.fire("out of memory");
  expect(started[0]?.disposed).toBe(true);
  expect(spare.take()).toBe(started[1]?.handle);
  started[1]?.handle.dispose();
});

test("the one that waits goes with its owner, and none comes after", () => {
  const { spare, started } = setUp();
  spare.prepare();
  spare.dispose();
  spare.prepare();
  expect(started.map(({ disposed }) => disposed)).toEqual([true]);
});
