/**
 * The wire between a course page and the frame in it that holds a lab.
 *
 * Two kinds of messages are posted to windows: they find each other there. Everything else goes over a MessagePort, one
 * to a frame, whose other end came with the page's `hello`. The page has no schema library to spare (its script is to be
 * small): it reads with `readFrameMessage` and the like, the frame with valibot.
 */
import * as v from "valibot";
import type { ErrorCode } from "../base/index.ts";
import type { Observation } from "../isolation/index.ts";

export type { Observation };

/** Of this wire. Ends of different versions do not speak with each other. */
export const EMBED_VERSION = 1;

/** CSS pixels at which a lab can be worked with well: its terminal beside the lesson, and below it. */
export const LAB_HEIGHT = { beside: 560, below: 760 } as const;

/** Why the page or the frame could not do what was asked. */
export type EmbedErrorCode =
  /** The frame is gone, was loaded anew, or its lab was disposed. */
  | "frame-gone"
  /** Nothing that speaks this version answered from the frame. */
  | "frame-silent"
  /** The frame speaks with another page already, or with none of this origin. */
  | "refused"
  /** More calls than it takes in that time. */
  | "flood"
  | "unknown-call"
  | ErrorCode;

/** An error with a stable code and a sentence for a person. */
export class EmbedError extends Error {
  readonly code: EmbedErrorCode;

  constructor(code: EmbedErrorCode, message: string) {
    super(message);
    this.name = "EmbedError";
    this.code = code;
  }
}

/** Characters of one command line. */
const COMMAND_MAX = 4096;
/** Characters that are typed at once. */
const TYPE_MAX = 64 * 1024;
const NAME_MAX = 64;
const NONCE_MAX = 128;

/** What of a step's check is so now; see `docs/authoring.md`. */
export interface EmbedVerdict {
  readonly kind: "waiting" | "holds" | "not-yet" | "broken";
  /** Why not, as plain text; empty where there is nothing to say. */
  readonly reason: string;
}

export interface EmbedStep {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
}

export interface EmbedMachine {
  readonly name: string;
  readonly phase: "starting" | "running" | "paused" | "panicked" | "off" | "crashed" | "unpowered";
}

/** The lab as it is now. */
export interface EmbedState {
  /** `COURSE/LESSON`; empty for a terminal without a lesson. */
  readonly lesson: string;
  readonly title: string;
  /** Id of the open step. */
  readonly step: string;
  readonly steps: readonly EmbedStep[];
  readonly verdict: EmbedVerdict;
  /** Every step is done. */
  readonly complete: boolean;
  readonly machines: readonly EmbedMachine[];
  /** A terminal can be typed into. */
  readonly ready: boolean;
}

/** By the machines' names. */
export type Observations = Readonly<Record<string, Observation>>;

/** An xAPI statement (IEEE 9274.1.1), without an id and a timestamp of the store's own. */
export interface XapiStatement {
  readonly actor: XapiActor;
  readonly verb: { readonly id: string; readonly display: Readonly<Record<string, string>> };
  readonly object: {
    readonly objectType: "Activity";
    /** The lesson's address. */
    readonly id: string;
    readonly definition: { readonly type: string; readonly name: Readonly<Record<string, string>> };
  };
  readonly result: { readonly completion: true };
  /** ISO 8601. */
  readonly timestamp: string;
}

/** Who did it: the frame knows nobody and names an anonymous account; the page puts its own in its place. */
export interface XapiActor {
  readonly objectType?: "Agent";
  readonly name?: string;
  readonly mbox?: string;
  readonly account?: { readonly homePage: string; readonly name: string };
}

/** What the frame tells without being asked, by name. */
export interface EmbedEvents {
  /** The lesson is there, and a terminal can be typed into. */
  readonly ready: EmbedState;
  /** A step was opened, or its check has begun to hold. */
  readonly step: EmbedStepEvent;
  /** The last step that was missing is done. */
  readonly completed: {
    readonly lesson: string;
    readonly title: string;
    /** What was seen of each machine when the last step was done; empty where that step has no check. */
    readonly observations: Observations;
    readonly statement: XapiStatement;
  };
  /** Something does not work; the frame shows what can be done about it. */
  readonly failed: { readonly code: EmbedErrorCode; readonly message: string };
  /** CSS pixels. `wanted` is the height at which the lab can be worked with well. */
  readonly resized: { readonly width: number; readonly height: number; readonly wanted: number };
}

export type EmbedStepEvent =
  | { readonly kind: "opened"; readonly step: string; readonly title: string }
  | {
      readonly kind: "done";
      readonly step: string;
      readonly title: string;
      /** What was seen of each machine then; empty for a step that has no check. */
      readonly observations: Observations;
    };

export type EmbedEventName = keyof EmbedEvents;
export type EmbedEvent = {
  [Name in EmbedEventName]: { readonly name: Name; readonly detail: EmbedEvents[Name] };
}[EmbedEventName];

/** What the page can ask for. */
export type EmbedCall =
  | { readonly name: "run"; readonly command: string; readonly terminal?: string | undefined }
  | { readonly name: "type"; readonly text: string; readonly terminal?: string | undefined }
  | { readonly name: "goTo"; readonly step: string; readonly doBefore?: boolean | undefined }
  | { readonly name: "reset" }
  | { readonly name: "state" }
  | { readonly name: "observe" }
  | { readonly name: "dispose" };

export interface EmbedResults {
  readonly run: undefined;
  readonly type: undefined;
  readonly goTo: undefined;
  readonly reset: undefined;
  readonly state: EmbedState;
  readonly observe: Observations;
  readonly dispose: undefined;
}

/** Between windows. The frame says `here` when it listens, and when it is knocked; neither holds a secret. */
export type WindowMessage =
  | { readonly vivarium: number; readonly kind: "here" }
  | { readonly vivarium: number; readonly kind: "knock" }
  /** From the page, with one port: it is to be answered there. */
  | { readonly vivarium: number; readonly kind: "hello"; readonly nonce: string }
  /** From the frame, to a `hello` that it does not take. */
  | { readonly vivarium: number; readonly kind: "refused"; readonly nonce: string; readonly message: string };

/** Over the port, from the page. */
export type PageMessage =
  | { readonly kind: "call"; readonly id: number; readonly call: EmbedCall }
  /** Whether somebody can see the frame. */
  | { readonly kind: "visible"; readonly visible: boolean };

/** Over the port, from the frame. */
export type FrameMessage =
  | { readonly kind: "welcome"; readonly nonce: string }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly code: EmbedErrorCode; readonly message: string }
  | { readonly kind: "event"; readonly event: EmbedEvent }
  | { readonly kind: "gone" };

const isText = (value: unknown): value is string => typeof value === "string";

function fieldsOf(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
}

/** What the page heard from the frame's window, or undefined when it is none of ours. */
export function readFrameWindow(
  data: unknown,
): Extract<WindowMessage, { kind: "here" | "refused" }> | undefined {
  const { vivarium, kind, nonce, message } = fieldsOf(data);
  if (typeof vivarium !== "number") return undefined;
  if (kind === "here") return { vivarium, kind };
  return kind === "refused" && isText(nonce) && isText(message)
    ? { vivarium, kind, nonce, message }
    : undefined;
}

const EVENTS: Readonly<Record<EmbedEventName, true>> = {
  ready: true,
  step: true,
  completed: true,
  failed: true,
  resized: true,
};

/** What came off the port at the page, or undefined when it is none of ours. */
export function readFrameMessage(data: unknown): FrameMessage | undefined {
  const { kind, id, nonce, value, code, message, event } = fieldsOf(data);
  if (kind === "gone") return { kind };
  if (kind === "welcome") return isText(nonce) ? { kind, nonce } : undefined;
  if (kind === "event") {
    const { name, detail } = fieldsOf(event);
    if (!isText(name) || !Object.hasOwn(EVENTS, name) || typeof detail !== "object" || detail === null)
      return undefined;
    return { kind, event: { name, detail } as EmbedEvent };
  }
  if (typeof id !== "number") return undefined;
  if (kind === "answer") return { kind, id, value };
  return kind === "failed" && isText(code) && isText(message)
    ? { kind, id, code: code as EmbedErrorCode, message }
    : undefined;
}

const Name = v.pipe(v.string(), v.maxLength(NAME_MAX));
const Id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What the frame's window takes from the page's. */
export const PageWindowSchema = v.variant("kind", [
  v.object({ vivarium: v.number(), kind: v.literal("knock") }),
  v.object({
    vivarium: v.number(),
    kind: v.literal("hello"),
    nonce: v.pipe(v.string(), v.minLength(16), v.maxLength(NONCE_MAX)),
  }),
]);

/** Something that may be a call: what is asked is read on its own, so that a refusal can name the call. */
export const PageMessageSchema = v.variant("kind", [
  v.object({ kind: v.literal("call"), id: Id, call: v.looseObject({ name: v.string() }) }),
  v.object({ kind: v.literal("visible"), visible: v.boolean() }),
]);

export const EmbedCallSchema: v.GenericSchema<unknown, EmbedCall> = v.variant("name", [
  v.object({
    name: v.literal("run"),
    // A line feed would enter what stands before it.
    command: v.pipe(v.string(), v.maxLength(COMMAND_MAX), v.regex(/^[^\r\n]*$/, "must be one line")),
    terminal: v.optional(Name),
  }),
  v.object({
    name: v.literal("type"),
    text: v.pipe(v.string(), v.maxLength(TYPE_MAX)),
    terminal: v.optional(Name),
  }),
  v.object({ name: v.literal("goTo"), step: Name, doBefore: v.optional(v.boolean()) }),
  v.object({ name: v.literal("reset") }),
  v.object({ name: v.literal("state") }),
  v.object({ name: v.literal("observe") }),
  v.object({ name: v.literal("dispose") }),
]);

const CALLS: ReadonlySet<string> = new Set([
  "run",
  "type",
  "goTo",
  "reset",
  "state",
  "observe",
  "dispose",
] satisfies EmbedCall["name"][]);

/** Whether there is a call of that name. */
export function isEmbedCall(name: string): name is EmbedCall["name"] {
  return CALLS.has(name);
}
