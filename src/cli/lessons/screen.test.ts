import { expect, test, vi } from "vitest";
import { deferred, Emitter } from "../../base/index.ts";
import type { Terminal } from "../../machine/index.ts";
import { Screen } from "./screen.ts";

function shell(): { terminal: Terminal; print: (text: string, replay?: boolean) => void; end: () => void } {
  const output = new Emitter<{ bytes: Uint8Array; replay: boolean }>();
  const exited = deferred<{ how: "exited"; code: number }>();
  const ignore = (): void => undefined;
  return {
    terminal: {
      onOutput: output.event,
      exited: exited.promise,
      latest: new Uint8Array(0),
      write: ignore,
      resize: ignore,
      shown: ignore,
      dispose: ignore,
    },
    print: (text, replay = false) => output.fire({ bytes: new TextEncoder().encode(text), replay }),
    end: () => exited.resolve({ how: "exited", code: 0 }),
  };
}

test("the prompt is there when the shell has shown it, not when it begins to print", async () => {
  const { terminal, print } = shell();
  const screen = new Screen(terminal);
  const onPrompt = vi.fn<() => void>();
  const waiting = screen.prompt(new AbortController().signal).then(onPrompt);
  print("a message of the day\r\n\u001b[?2004h");
  await Promise.resolve();
  expect(onPrompt).not.toHaveBeenCalled();
  print("root@machine-2:~# ");
  await waiting;
  expect(screen.text).toBe("a message of the day\nroot@machine-2:~# ");
});

test("who waits for the prompt of a shell that ends is let go, and so is who gives up", async () => {
  const ended = shell();
  const screen = new Screen(ended.terminal);
  ended.end();
  await screen.prompt(new AbortController().signal);
  expect(screen.isOpen).toBe(false);
  const stop = new AbortController();
  const waiting = new Screen(shell().terminal).prompt(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: "aborted" });
});

test("a machine that went back in time shows what it showed then", () => {
  const { terminal, print } = shell();
  const screen = new Screen(terminal);
  print("$ later\r\n");
  print("$ ", true);
  expect(screen.text).toBe("$ ");
});
