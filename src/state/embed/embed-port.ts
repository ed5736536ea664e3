import * as v from "valibot";
import { asCodedError, type Disposable } from "../../base/index.ts";
import {
  EmbedCallSchema,
  type EmbedCall,
  EmbedError,
  type EmbedEvent,
  type FrameMessage,
  isEmbedCall,
  PageMessageSchema,
} from "../../protocol/embed.ts";
import { Allowance } from "./allowance.ts";

/** Messages that are taken at once, and in a second over time. */
const BURST = 60;
const PER_SECOND = 30;
/** Refusals until a page that does not stop is not listened to any more. */
const PATIENCE = 500;
/** Calls that may be under way. */
const UNDER_WAY = 16;

export interface EmbedPortOptions {
  readonly port: MessagePort;
  /** Does what is asked. What it throws the page is told by its code. */
  readonly answer: (call: EmbedCall) => Promise<unknown>;
  readonly onVisible: (visible: boolean) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The frame's end of the port: reads what the page asks, with bounds on how much, and answers each call once. */
export class EmbedPort implements Disposable {
  readonly #options: EmbedPortOptions;
  readonly #allowance: Allowance;
  #patience = PATIENCE;
  #underWay = 0;
  #isClosed = false;

  constructor(options: EmbedPortOptions) {
    this.#options = options;
    this.#allowance = new Allowance(BURST, PER_SECOND, options.now);
    options.port.onmessage = ({ data }: MessageEvent<unknown>) => void this.#take(data);
  }

  #post(message: FrameMessage): void {
    if (!this.#isClosed) this.#options.port.postMessage(message, []);
  }

  tell(event: EmbedEvent): void {
    this.#post({ kind: "event", event });
  }

  #refuse(id: number, { code, message }: EmbedError): void {
    this.#post({ kind: "failed", id, code, message });
  }

  async #take(data: unknown): Promise<void> {
    if (this.#isClosed) return;
    const isWithin = this.#allowance.take();
    if (!isWithin && --this.#patience <= 0) {
      this.dispose();
      return;
    }
    const parsed = v.safeParse(PageMessageSchema, data);
    if (!parsed.success) return;
    const message = parsed.output;
    if (message.kind === "visible") {
      if (isWithin) this.#options.onVisible(message.visible);
      return;
    }
    const { id, call } = message;
    if (!isWithin || this.#underWay >= UNDER_WAY) {
      this.#refuse(id, new EmbedError("flood", "the page asks for more than the lab takes in that time"));
      return;
    }
    if (!isEmbedCall(call.name)) {
      this.#refuse(id, new EmbedError("unknown-call", `there is no call ${call.name.slice(0, 64)}`));
      return;
    }
    const asked = v.safeParse(EmbedCallSchema, call);
    if (!asked.success) {
      const why = asked.issues[0].message;
      this.#refuse(id, new EmbedError("bad-argument", `${call.name}: ${why}`));
      return;
    }
    await this.#do(id, asked.output);
  }

  async #do(id: number, call: EmbedCall): Promise<void> {
    this.#underWay++;
    try {
      const value = await this.#options.answer(call);
      this.#post({ kind: "answer", id, value });
    } catch (thrown) {
      const { code, message } = thrown instanceof EmbedError ? thrown : asCodedError(thrown);
      this.#post({ kind: "failed", id, code, message });
    } finally {
      this.#underWay--;
    }
  }

  /** Says good-bye, and listens no more. */
  dispose(): void {
    this.#post({ kind: "gone" });
    this.#isClosed = true;
    this.#options.port.onmessage = null;
    this.#options.port.close();
  }
}
