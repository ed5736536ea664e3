import { expect, test } from "vitest";
import { CodedError, deferred, Emitter } from "../base/index.ts";
import type { Machine, Terminal, TerminalOptions } from "../machine/index.ts";
import type { ExitStatus } from "../protocol/agent.ts";
import { TerminalDesk } from "./terminal-desk.ts";

interface Opened {
  readonly user: string;
  readonly typed: string[];
  readonly ended: ReturnType<typeof deferred<ExitStatus>>;
}

function desk() {
  const opened: Opened[] = [];
  const machine = {
    async openTerminal({ user }: TerminalOptions): Promise<Terminal> {
      const one: Opened = { user, typed: [], ended: deferred<ExitStatus>() };
      one.ended.promise.catch(() => undefined);
      opened.push(one);
      return {
        onOutput: new Emitter<{ bytes: Uint8Array; replay: boolean }>().event,
        latest: new Uint8Array(),
        exited: one.ended.promise,
        write: (bytes) => void one.typed.push(String(bytes)),
        resize: () => undefined,
        shown: () => undefined,
        dispose: () => undefined,
      };
    },
  } as unknown as Machine;
  const terminals = new TerminalDesk(
    [
      { name: "one", machine: "m", user: "root" },
      { name: "two", machine: "m", user: "learner" },
    ],
    (name) => (name === "m" ? machine : undefined),
  );
  return { opened, terminals };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

test("all are opened, each as its user, and the first is in front", async () => {
  const { opened, terminals } = desk();
  expect(terminals.state.value.kind).toBe("none");
  await terminals.openAll("m");
  await settled();
  expect(opened.map(({ user }) => user)).toEqual(["root", "learner"]);
  expect(terminals.front.value).toBe("one");
  expect(terminals.isOpen("two")).toBe(true);
  terminals.dispose();
});

test("what is typed goes to the one that is named, and brings it to the front", async () => {
  const { opened, terminals } = desk();
  await terminals.openAll("m");
  await settled();
  terminals.write("a", "two");
  expect(terminals.front.value).toBe("two");
  terminals.write("b");
  expect(terminals.front.value).toBe("one");
  terminals.bringToFront("three");
  expect(terminals.front.value).toBe("one");
  expect(opened.map(({ typed }) => typed)).toEqual([["b"], ["a"]]);
  terminals.dispose();
});

test("one that the machine has lost is opened anew by itself; one whose shell ended when it is asked for", async () => {
  const { opened, terminals } = desk();
  await terminals.openAll("m");
  await settled();
  const gone = new CodedError("terminal-gone", "gone", { cause: new CodedError("terminal-gone", "gone") });
  opened[1]?.ended.reject(gone);
  await settled();
  expect(opened).toHaveLength(3);
  expect(opened[2]?.user).toBe("learner");
  opened[0]?.ended.resolve({ how: "exited", code: 0 });
  await settled();
  expect(opened).toHaveLength(3);
  expect(terminals.state.value.kind).toBe("exited");
  terminals.reopenEnded();
  await settled();
  expect(opened).toHaveLength(4);
  expect(terminals.state.value.kind).toBe("open");
  terminals.dispose();
});
