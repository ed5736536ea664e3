/**
 * Imported before v86. Where v86 finds `Worker` it ticks through a nested worker made from a blob, which a strict
 * content security policy forbids; without it v86 takes a plain timer, which our own scheduler then replaces.
 */
Reflect.deleteProperty(globalThis, "Worker");
if ("Worker" in globalThis) Object.defineProperty(globalThis, "Worker", { value: undefined });
