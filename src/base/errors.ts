/**
 * Every fault that can reach a user, by a code that never changes its meaning.
 * The words for a code stand in the message catalogue of the page; `message` here is for developers and the command line.
 */
export const ERROR_CODES = [
  "aborted",
  "timed-out",
  "unsupported",
  "asset-missing",
  "asset-truncated",
  "asset-corrupt",
  "network",
  "manifest-invalid",
  "profile-unknown",
  "snapshot-invalid",
  "snapshot-mismatch",
  "out-of-memory",
  "machine-gone",
  "machine-off",
  "machine-crashed",
  "machine-busy",
  "machine-disposed",
  "guest-panicked",
  "guest-silent",
  "boot-failed",
  "agent-gone",
  "agent-refused",
  "agent-version",
  "terminal-gone",
  "exec-failed",
  "exec-refused",
  "file-failed",
  "output-limit",
  "step-unsolved",
  "bad-argument",
  "protocol",
  "internal",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error with a stable code, a sentence for a person, and what caused it. */
export class CodedError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "CodedError";
    this.code = code;
  }
}

/** The form in which an error crosses a wire. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly causes: readonly string[];
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && (ERROR_CODES as readonly string[]).includes(value);
}

/** Any thrown value in words. */
export function describe(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? typeof thrown);
}

/** Flattens any thrown value; the chain of causes is kept as text. */
export function toWireError(thrown: unknown): WireError {
  const causes: string[] = [];
  // A fault that nobody expected is only found by its stack.
  if (thrown instanceof Error && !(thrown instanceof CodedError)) causes.push(thrown.stack ?? "");
  let cause = thrown instanceof Error ? thrown.cause : undefined;
  while (cause !== undefined && causes.length < 8) {
    causes.push(describe(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  if (thrown instanceof CodedError) return { code: thrown.code, message: thrown.message, causes };
  return { code: "internal", message: thrown instanceof Error ? thrown.message : String(thrown), causes };
}

/** The inverse of {@link toWireError}; anything malformed becomes an `internal` error. */
export function fromWireError(wire: unknown): CodedError {
  if (typeof wire !== "object" || wire === null) return new CodedError("internal", String(wire));
  const { code, message, causes } = wire as Partial<WireError>;
  const text = Array.isArray(causes) ? causes.map(String).join("; ") : "";
  return new CodedError(
    isErrorCode(code) ? code : "internal",
    typeof message === "string" ? message : "an error without a message",
    text === "" ? undefined : { cause: text },
  );
}

/** Turns any thrown value into a coded error; coded ones pass through. */
export function asCodedError(thrown: unknown, code: ErrorCode = "internal"): CodedError {
  if (thrown instanceof CodedError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new CodedError("aborted", "the call was aborted", { cause: thrown });
  }
  return new CodedError(code, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
