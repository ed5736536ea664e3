import type { Browser } from "playwright-core";
import { type Deferred, deferred } from "../../src/base/index.ts";

/** A page with one plain session of the Chrome DevTools Protocol. */
export interface PlainPage {
  goto(url: string): Promise<void>;
  /** Waits until an expression, or what it promises, is true, looking at every frame, and gives the page's own time of that. */
  until(expression: string): Promise<number>;
  /** Types a line and Enter. */
  typeLine(text: string): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
  readonly error?: { readonly message: string };
}

/** What a question is answered with when its page has gone on to another. */
const GONE = /context|navigat|target/i;

/**
 * Opens a page in a context of its own, which ends with the browser. Playwright attaches to every worker of its pages, and
 * each starts only then: that would be measured as a part of a machine's start.
 */
export async function openPlainPage(browser: Browser): Promise<PlainPage> {
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send("Target.createBrowserContext");
  const { targetId } = await session.send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await session.send("Target.attachToTarget", { targetId });
  const waiting = new Map<number, Deferred<Answer>>();
  let last = 0;
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const answer = JSON.parse(message) as Answer;
    waiting.get(answer.id ?? 0)?.resolve(answer);
    waiting.delete(answer.id ?? 0);
  });

  const ask = async (method: string, params: object): Promise<Answer> => {
    const id = ++last;
    const answer = deferred<Answer>();
    waiting.set(id, answer);
    await session.send("Target.sendMessageToTarget", {
      sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    return answer.promise;
  };
  const tell = async (method: string, params: object): Promise<void> => {
    const { error } = await ask(method, params);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  };

  return {
    goto: (url) => tell("Page.navigate", { url }),
    async until(expression) {
      const look = `new Promise((done) => {
        const look = async () => ((await (${expression})) ? done(performance.now()) : requestAnimationFrame(look));
        look();
      })`;
      for (;;) {
        const { result, error } = await ask("Runtime.evaluate", {
          expression: look,
          awaitPromise: true,
          returnByValue: true,
        });
        const value = result?.result?.value;
        if (typeof value === "number") return value;
        if (error !== undefined && !GONE.test(error.message)) throw new Error(error.message);
      }
    },
    async typeLine(text) {
      await tell("Input.insertText", { text });
      const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" };
      for (const type of ["keyDown", "keyUp"]) await tell("Input.dispatchKeyEvent", { type, ...enter });
    },
  };
}
