import {
  EMBED_VERSION,
  EmbedError,
  readFrameMessage,
  readFrameWindow,
  type WindowMessage,
} from "../protocol/embed.ts";
import { Connection, type LabHandle } from "./connection.ts";

/** How long a frame may take until it listens, in milliseconds, if it is not said. */
const START_MS = 60_000;
/** A frame that is gone without a word is noticed within so many. */
const WATCH_MS = 1000;

export interface ConnectOptions {
  /** Where the lab lies, as `https://labs.example`; `null` for a frame with `sandbox` and without `allow-same-origin`. */
  readonly origin: string;
  /** Milliseconds until it has to listen. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What of an iframe is used. */
export interface FrameElement extends EventTarget {
  readonly contentWindow: {
    postMessage(message: unknown, targetOrigin: string, transfer?: Transferable[]): void;
  } | null;
  readonly isConnected: boolean;
}

function newNonce(): string {
  // crypto.randomUUID is missing where a page came by plain http.
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/** Notices that a frame is taken away or shows something else, where nothing tells of it. */
function watchFrame(iframe: FrameElement, target: unknown, connection: Connection): void {
  const close = (): void => connection.close();
  const timer = setInterval(() => {
    if (!iframe.isConnected || iframe.contentWindow !== target) close();
  }, WATCH_MS);
  void connection.gone.then(() => clearInterval(timer));
}

/**
 * Speaks with the lab in an iframe. It takes one page, once: after `dispose` the frame has to be loaded anew.
 * @throws EmbedError `frame-silent` when nothing answers in time, `refused` when the frame is for another page or speaks
 *   with this one already, `frame-gone` when the iframe is in no document, `aborted`
 */
export function connect(
  iframe: FrameElement,
  { origin, timeoutMs = START_MS, signal }: ConnectOptions,
): Promise<LabHandle> {
  const target = iframe.contentWindow;
  const nonce = newNonce();
  const { port1, port2 } = new MessageChannel();
  const over = new AbortController();
  return new Promise<LabHandle>((resolve, reject) => {
    const end = (error: EmbedError): void => {
      port1.close();
      reject(error);
      over.abort();
    };
    if (target === null) {
      end(new EmbedError("frame-gone", "the iframe is in no document"));
      return;
    }
    const post = (message: WindowMessage, transfer: Transferable[] = []): void =>
      // A frame with an opaque origin has no other name; what is said to all is no secret.
      target.postMessage(message, origin === "null" || message.kind === "knock" ? "*" : origin, transfer);
    let isSent = false;
    const hear = (event: MessageEvent<unknown>): void => {
      if (event.source !== target || event.origin !== origin) return;
      const message = readFrameWindow(event.data);
      if (message === undefined) return;
      if (message.vivarium !== EMBED_VERSION)
        end(new EmbedError("refused", `the frame speaks version ${message.vivarium}, not ${EMBED_VERSION}`));
      else if (message.kind === "refused") {
        // One without a nonce is meant for whoever waits: the frame's code could not be had.
        if (message.nonce === nonce || message.nonce === "") end(new EmbedError("refused", message.message));
      } else if (!isSent) {
        isSent = true;
        post({ vivarium: EMBED_VERSION, kind: "hello", nonce }, [port2]);
      }
    };
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readFrameMessage(data);
      if (message?.kind !== "welcome" || message.nonce !== nonce) {
        end(new EmbedError("refused", "what answers is not what was greeted"));
        return;
      }
      const connection = new Connection(port1);
      watchFrame(iframe, target, connection);
      resolve(connection);
      over.abort();
    };
    const timer = setTimeout(
      () => end(new EmbedError("frame-silent", `no lab has answered from the frame in ${timeoutMs} ms`)),
      timeoutMs,
    );
    over.signal.addEventListener("abort", () => clearTimeout(timer));
    const abort = (): void => end(new EmbedError("aborted", "connecting was given up"));
    signal?.addEventListener("abort", abort, { signal: over.signal });
    addEventListener("message", hear, { signal: over.signal });
    if (signal?.aborted === true) abort();
    else post({ vivarium: EMBED_VERSION, kind: "knock" });
  });
}
