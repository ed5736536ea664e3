export {
  abortError,
  deferred,
  type Deferred,
  throwIfAborted,
  Turns,
  unwaited,
  withAbort,
  withDeadline,
} from "./async.ts";
export { concatBytes, toHex } from "./bytes.ts";
export { type Disposable, DisposableStore, toDisposable } from "./disposable.ts";
export { Emitter, type Event } from "./emitter.ts";
export {
  asCodedError,
  CodedError,
  describe,
  type ErrorCode,
  fromWireError,
  toWireError,
  type WireError,
} from "./errors.ts";
