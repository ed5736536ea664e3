import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { importingScript } from "./worker-address.ts";

test("the address stands in the script as text, whatever is in it", () => {
  const url = 'https://a.example/"),alert(1),import("x.js';
  const script = importingScript(url);
  expect(script).toContain(`import(${JSON.stringify(url)})`);
});

test("what came before the module listens is kept for it, in order", async () => {
  const target = new EventTarget();
  const script = importingScript("module").replace('import("module")', "load()");
  let loaded: () => void = () => undefined;
  runInNewContext(script, {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    dispatchEvent: target.dispatchEvent.bind(target),
    MessageEvent,
    load: () =>
      new Promise<void>((done) => {
        loaded = done;
      }),
  });
  const say = (data: string): boolean => target.dispatchEvent(new MessageEvent("message", { data }));
  say("one");
  say("two");
  const heard: unknown[] = [];
  target.addEventListener("message", (event) => heard.push((event as MessageEvent<unknown>).data));
  loaded();
  await Promise.resolve();
  await Promise.resolve();
  say("three");
  expect(heard).toEqual(["one", "two", "three"]);
});
