import { describe as suite, expect, test } from "vitest";
import {
  asCodedError,
  CodedError,
  concatBytes,
  deferred,
  DisposableStore,
  Emitter,
  fromWireError,
  toHex,
  toWireError,
  withAbort,
  withDeadline,
} from "./index.ts";

suite("DisposableStore", () => {
  test("releases in reverse order, once, and what comes late at once", () => {
    const released: string[] = [];
    const store = new DisposableStore();
    store.defer(() => released.push("first"));
    store.defer(() => released.push("second"));
    store.dispose();
    store.dispose();
    store.defer(() => released.push("late"));
    expect(released).toEqual(["second", "first", "late"]);
  });

  test("releases the rest when one release fails, and says so", () => {
    const released: string[] = [];
    const store = new DisposableStore();
    store.defer(() => released.push("kept going"));
    store.defer(() => {
      throw new Error("stuck");
    });
    expect(() => store.dispose()).toThrow(AggregateError);
    expect(released).toEqual(["kept going"]);
  });
});

suite("Emitter", () => {
  test("tells every listener until it is taken away, and none after dispose", () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    const listener = (value: number): void => void heard.push(value);
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire(1);
    first.dispose();
    emitter.fire(2);
    expect(heard).toEqual([1, 1, 2]);
    emitter.dispose();
    emitter.fire(3);
    expect(heard).toEqual([1, 1, 2]);
    expect(emitter.listenerCount).toBe(0);
  });

  test("a listener that leaves while it is called does not disturb the others", () => {
    const emitter = new Emitter<void>();
    const heard: string[] = [];
    const once = emitter.event(() => {
      heard.push("once");
      once.dispose();
    });
    emitter.event(() => heard.push("always"));
    emitter.fire();
    emitter.fire();
    expect(heard).toEqual(["once", "always", "always"]);
  });
});

suite("errors across a wire", () => {
  test("keep code, message and causes", () => {
    const error = new CodedError("asset-missing", "no kernel", { cause: new Error("status 404") });
    const there = fromWireError(structuredClone(toWireError(error)));
    expect(there).toMatchObject({ code: "asset-missing", message: "no kernel", cause: "Error: status 404" });
  });

  test("anything malformed becomes an internal error", () => {
    for (const wire of [undefined, null, 7, "text", {}, { code: "made-up", message: 1 }]) {
      expect(fromWireError(wire).code).toBe("internal");
    }
    expect(toWireError("thrown text")).toMatchObject({ code: "internal", message: "thrown text" });
  });

  test("an unexpected error gets the code of its place; an abort stays an abort", () => {
    expect(asCodedError(new Error("x"), "network").code).toBe("network");
    expect(asCodedError(new DOMException("gone", "AbortError"), "network").code).toBe("aborted");
    const coded = new CodedError("timed-out", "late");
    expect(asCodedError(coded)).toBe(coded);
  });
});

suite("waiting", () => {
  test("an abort ends the wait with its reason and leaves no listener", async () => {
    const stop = new AbortController();
    const never = deferred<void>();
    const waiting = withAbort(never.promise, stop.signal);
    stop.abort(new CodedError("machine-disposed", "taken down"));
    await expect(waiting).rejects.toMatchObject({ code: "machine-disposed" });
    await expect(withAbort(Promise.resolve(1), stop.signal)).rejects.toMatchObject({
      code: "machine-disposed",
    });
  });

  test("a deadline rejects with what did not answer; in time, the value passes", async () => {
    await expect(withDeadline(deferred<void>().promise, 5, "nobody")).rejects.toMatchObject({
      code: "timed-out",
      message: "nobody did not answer within 5 ms",
    });
    expect(await withDeadline(Promise.resolve("here"), 1000, "it")).toBe("here");
  });
});

test("bytes are joined and written as hexadecimal", () => {
  expect(toHex(concatBytes([Uint8Array.of(0, 15), new Uint8Array(0), Uint8Array.of(255)]))).toBe("000fff");
});
