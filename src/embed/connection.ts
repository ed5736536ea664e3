import {
  type EmbedCall,
  EmbedError,
  type EmbedEventName,
  type EmbedEvents,
  type EmbedResults,
  type EmbedState,
  type Observations,
  type PageMessage,
  readFrameMessage,
} from "../protocol/embed.ts";

/** How long a call may take, in milliseconds, if it is not said. */
const CALL_MS = 30_000;
/** Doing the steps before takes as long as doing them. */
const GO_MS = 300_000;

type Call<Name extends EmbedCall["name"]> = Extract<EmbedCall, { readonly name: Name }>;
type Options<Name extends EmbedCall["name"], Given extends string> = Omit<Call<Name>, "name" | Given>;

/**
 * A lab in a frame, as the page around it drives it. Each call settles: with what the lab says, with an
 * {@link EmbedError} that it answers with, with `timed-out`, or with `frame-gone` when the frame is no more.
 */
export interface LabHandle {
  /** Types a command line into a terminal, the first one if none is named, and presses Enter. @throws EmbedError */
  run(command: string, options?: Options<"run", "command">): Promise<void>;
  /** Types text as it is; `\r` is Enter. @throws EmbedError */
  type(text: string, options?: Options<"type", "text">): Promise<void>;
  /** Opens a step; with `doBefore` the lab does the steps before it first. @throws EmbedError */
  goTo(step: string, options?: Options<"goTo", "step">): Promise<void>;
  /** Takes the machines back to the beginning of the open step. @throws EmbedError */
  reset(): Promise<void>;
  /** @throws EmbedError */
  state(): Promise<EmbedState>;
  /** Looks at each machine now, from outside. @throws EmbedError */
  observe(): Promise<Observations>;
  /** Listens to an event; returns what ends that. What was told before is not told again: ask `state`. */
  on<Name extends EmbedEventName>(name: Name, listener: (detail: EmbedEvents[Name]) => void): () => void;
  /** Says whether somebody can see the frame: what nobody sees pauses. `<vivarium-lab>` does it by itself. */
  setVisible(visible: boolean): void;
  /** Resolves when the lab can be spoken with no more. */
  readonly gone: Promise<void>;
  /** Ends the lab: its machines are gone. Calls under way reject with `frame-gone`. */
  dispose(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: EmbedError): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The page's end of the port. */
export class Connection implements LabHandle {
  readonly #port: MessagePort;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<readonly [name: EmbedEventName, listener: (detail: never) => void]>();
  #tellGone: () => void = () => undefined;
  #isGone = false;
  #lastId = 0;

  readonly gone: Promise<void>;

  /** @param port Belongs to the connection from now on. */
  constructor(port: MessagePort) {
    this.#port = port;
    this.gone = new Promise((resolve) => {
      this.#tellGone = resolve;
    });
    port.onmessage = ({ data }: MessageEvent<unknown>) => this.#take(data);
  }

  #take(data: unknown): void {
    const message = readFrameMessage(data);
    if (message?.kind === "gone") this.close();
    else if (message?.kind === "event") {
      const { name, detail } = message.event;
      for (const [wanted, listener] of this.#listeners) if (wanted === name) listener(detail as never);
    } else if (message?.kind === "answer") this.#settle(message.id)?.resolve(message.value);
    else if (message?.kind === "failed")
      this.#settle(message.id)?.reject(new EmbedError(message.code, message.message));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  #post(message: PageMessage): void {
    this.#port.postMessage(message, []);
  }

  #call<Name extends EmbedCall["name"]>(call: Call<Name>, ms = CALL_MS): Promise<EmbedResults[Name]> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#isGone) {
        reject(new EmbedError("frame-gone", "the lab is gone"));
        return;
      }
      const id = ++this.#lastId;
      const timer = setTimeout(
        () =>
          this.#settle(id)?.reject(new EmbedError("timed-out", `${call.name} was not answered in ${ms} ms`)),
        ms,
      );
      this.#pending.set(id, { resolve, reject, timer });
      this.#post({ kind: "call", id, call });
    }) as Promise<EmbedResults[Name]>;
  }

  run(command: string, options?: Options<"run", "command">): Promise<void> {
    return this.#call({ ...options, name: "run", command });
  }

  type(text: string, options?: Options<"type", "text">): Promise<void> {
    return this.#call({ ...options, name: "type", text });
  }

  goTo(step: string, options?: Options<"goTo", "step">): Promise<void> {
    return this.#call({ ...options, name: "goTo", step }, GO_MS);
  }

  reset(): Promise<void> {
    return this.#call({ name: "reset" });
  }

  state(): Promise<EmbedState> {
    return this.#call({ name: "state" });
  }

  observe(): Promise<Observations> {
    return this.#call({ name: "observe" });
  }

  on<Name extends EmbedEventName>(name: Name, listener: (detail: EmbedEvents[Name]) => void): () => void {
    const entry = [name, listener] as const;
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  setVisible(visible: boolean): void {
    if (!this.#isGone) this.#post({ kind: "visible", visible });
  }

  /** The other end is no more. */
  close(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#port.close();
    for (const id of this.#pending.keys())
      this.#settle(id)?.reject(new EmbedError("frame-gone", "the lab is gone"));
    this.#tellGone();
  }

  dispose(): void {
    if (!this.#isGone) this.#post({ kind: "call", id: ++this.#lastId, call: { name: "dispose" } });
    this.close();
  }
}
