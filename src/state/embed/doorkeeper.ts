import * as v from "valibot";
import { EMBED_VERSION, PageWindowSchema, type WindowMessage } from "../../protocol/embed.ts";
import { Allowance } from "./allowance.ts";

/** Window messages that are looked at, at once and in a second: a page needs two. */
const KNOCKS = 20;
const KNOCKS_PER_SECOND = 2;

/** A message that came to the frame's window. */
export interface HeardMessage {
  /** It was posted by the window that the frame lies in. */
  readonly isFromParent: boolean;
  /** As the browser says it. */
  readonly origin: string;
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

export interface DoorkeeperOptions {
  /** The one origin that is let in; undefined where it is known only when somebody speaks. */
  readonly origin: string | undefined;
  /** Posts to the window that the frame lies in, for that origin's eyes only; `*` where nobody is to be kept out. */
  readonly post: (message: WindowMessage, targetOrigin: string) => void;
  /** Takes the page in. */
  readonly admit: (port: MessagePort) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Browsers have no name for an opaque origin that could be posted to. */
const targetOf = (origin: string): string => (origin === "null" ? "*" : origin);

/** Decides who may speak with the frame: the page around it, of one origin, once. */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  readonly #allowance: Allowance;
  #isTaken = false;

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    this.#allowance = new Allowance(KNOCKS, KNOCKS_PER_SECOND, options.now);
  }

  /** Says that the frame listens. There is nothing secret in it. */
  announce(): void {
    this.#options.post({ vivarium: EMBED_VERSION, kind: "here" }, "*");
  }

  hear({ isFromParent, origin, data, ports }: HeardMessage): void {
    const { origin: wanted, post, admit } = this.#options;
    // Who is nobody to us gets no answer, not even a refusal.
    if (!isFromParent || !this.#allowance.take()) return;
    const parsed = v.safeParse(PageWindowSchema, data);
    if (!parsed.success) return;
    if (parsed.output.kind === "knock") {
      this.announce();
      return;
    }
    const { vivarium, nonce } = parsed.output;
    const [port] = ports;
    const why =
      vivarium === EMBED_VERSION
        ? wanted !== undefined && origin !== wanted
          ? `this frame is for ${wanted} and not for ${origin}`
          : this.#isTaken
            ? "this frame speaks with the page already"
            : port === undefined || ports.length !== 1
              ? "a hello comes with one port"
              : undefined
        : `this frame speaks version ${EMBED_VERSION}, not ${vivarium}`;
    if (why !== undefined || port === undefined) {
      for (const one of ports) one.close();
      post(
        { vivarium: EMBED_VERSION, kind: "refused", nonce, message: why ?? "there is no port" },
        targetOf(origin),
      );
      return;
    }
    this.#isTaken = true;
    port.postMessage({ kind: "welcome", nonce });
    admit(port);
  }
}

/** What the browser says of who has the frame. */
export interface FrameSurroundings {
  /** The frame's own address. */
  readonly search: string;
  /** `location.ancestorOrigins[0]`, where the browser has it. */
  readonly ancestor: string | undefined;
  /** `document.referrer`, which may be empty. */
  readonly referrer: string;
}

function originIn(address: string): string | undefined {
  try {
    const { origin } = new URL(address);
    return origin;
  } catch {
    return undefined;
  }
}

/**
 * The origin of the page that the frame is for. The address pins it where it says one; then the browser's word counts,
 * and last the referrer, of which a page may have said that there be none: then it is undefined, and the first that
 * speaks from the window around counts, whose origin the browser vouches for all the same.
 */
export function pageOrigin({ search, ancestor, referrer }: FrameSurroundings): string | undefined {
  const said = new URLSearchParams(search).get("origin") ?? "";
  if (said === "null") return "null";
  const pinned = said === "" ? undefined : originIn(said);
  // An address that names no origin is meant for nobody.
  if (said !== "" && (pinned === undefined || pinned === "null")) return "invalid:";
  return pinned ?? ancestor ?? originIn(referrer);
}
