import { concatBytes, type CodedError, toWireError } from "../../src/base/index.ts";
import type { ExitStatus } from "../../src/protocol/agent.ts";
import { TERMINAL_WINDOW, type TerminalInput, type TerminalOutput } from "../../src/protocol/machine.ts";
import type { Channel, ChannelListener } from "./agent-link.ts";
import { OutputPace } from "./output-pace.ts";
import { Scrollback } from "./scrollback.ts";
import { renaming } from "./shell-name.ts";
import type { TerminalState } from "./snapshot.ts";

const SCROLLBACK_BYTES = 64 * 1024;
/** A shell that has not cleared the screen by then shows what it has. */
const UNSEEN_MS = 3000;

/** Who keeps the terminals. */
export interface TerminalOwner {
  /** The page has put some of its output on the screen. */
  shown(): void;
  ended(session: TerminalSession): void;
}

/**
 * One terminal: a channel of the agent on one side, a port to the page on the other. The guest may be `TERMINAL_WINDOW`
 * bytes ahead of the screen, end to end.
 */
export class TerminalSession implements ChannelListener {
  readonly user: string;
  readonly #owner: TerminalOwner;
  readonly #channel: Channel;
  readonly #scrollback: Scrollback;
  #port: MessagePort | undefined;
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  readonly #pace = new OutputPace();
  /** Output that the guest has sent and was not granted again. */
  #unshown: number;
  /** Bytes that the page will report as shown, but which were granted when the machine went back in time. */
  #alreadyGranted = 0;
  #isUnseen = false;
  #unseenUntil: number | undefined;

  constructor(user: string, open: (listener: ChannelListener) => Channel, owner: TerminalOwner) {
    this.user = user;
    this.#owner = owner;
    this.#unshown = 0;
    this.#scrollback = new Scrollback(SCROLLBACK_BYTES);
    this.#channel = open(this);
  }

  get channelId(): number {
    return this.#channel.id;
  }

  /** Ends it in the guest. */
  close(): void {
    this.#channel.close();
  }

  get attached(): boolean {
    return this.#port !== undefined;
  }

  /** Gives the terminal to a page, which sees what is on the screen so far. */
  attach(port: MessagePort, cols: number, rows: number): void {
    this.#channel.resize(cols, rows);
    this.#connect(port);
    this.#flush();
  }

  /** Before a page has it: tells a shell that has waited what its machine is called. Until that is done nothing is seen of it. */
  rename(hostName: string): void {
    const shown = new TextDecoder().decode(this.#scrollback.bytes());
    const typed = renaming(shown, this.user, hostName);
    if (typed === undefined) return;
    this.#isUnseen = true;
    this.#channel.write(new TextEncoder().encode(typed));
  }

  #reveal(): void {
    if (!this.#isUnseen) return;
    this.#isUnseen = false;
    this.#channel.grant(this.#unshown);
    this.#unshown = 0;
    const bytes = this.#scrollback.bytes();
    this.#batch = [bytes];
    this.#batchBytes = this.#alreadyGranted = bytes.length;
  }

  #connect(port: MessagePort): void {
    this.#port = port;
    port.onmessage = (event: MessageEvent<TerminalInput>) => this.#take(event.data);
    port.start?.();
  }

  #take(message: TerminalInput): void {
    switch (message.kind) {
      case "input":
        this.#channel.write(message.bytes);
        break;
      case "resize":
        this.#channel.resize(message.cols, message.rows);
        break;
      case "shown":
        this.#shown(message.bytes);
        break;
      case "close":
        this.close();
        this.#finish();
        break;
    }
  }

  #shown(bytes: number): void {
    const old = Math.min(bytes, this.#alreadyGranted);
    this.#alreadyGranted -= old;
    const fresh = Math.min(bytes - old, this.#unshown);
    this.#unshown -= fresh;
    this.#channel.grant(fresh);
    this.#owner.shown();
  }

  opened(): void {}

  output(_stream: "stdout" | "stderr", bytes: Uint8Array): void {
    const isCleared = this.#scrollback.push(bytes);
    this.#unshown += bytes.length;
    this.#batch.push(bytes);
    this.#batchBytes += bytes.length;
    if (isCleared) this.#reveal();
  }

  taken(): void {}

  /** Called after each slice. */
  sliceEnded(halted: boolean, now: number): void {
    if (this.#isUnseen) {
      this.#unseenUntil ??= now + UNSEEN_MS;
      if (now >= this.#unseenUntil) this.#reveal();
    }
    if (this.#pace.isDue(this.#batchBytes, halted, now)) this.#flush();
  }

  #flush(): void {
    if (this.#port === undefined || this.#isUnseen || this.#batchBytes === 0) return;
    const bytes = concatBytes(this.#batch);
    this.#batch = [];
    this.#batchBytes = 0;
    this.#post({ kind: "output", bytes }, [bytes.buffer]);
  }

  #post(message: TerminalOutput, transfer: Transferable[] = []): void {
    this.#port?.postMessage(message, transfer);
  }

  exited(status: ExitStatus): void {
    this.#reveal();
    this.#flush();
    this.#post({ kind: "exit", status });
    this.#finish();
  }

  lost(error: CodedError): void {
    this.#reveal();
    this.#flush();
    this.#post({ kind: "lost", error: toWireError(error) });
    this.#finish();
  }

  #finish(): void {
    // The page closes its end when it has read the last message; closing here could overtake it.
    if (this.#port !== undefined) this.#port.onmessage = null;
    this.#port = undefined;
    this.#owner.ended(this);
  }

  state(): TerminalState {
    return {
      channel: this.#channel.id,
      user: this.user,
      unshown: this.#unshown,
      scrollback: this.#scrollback.bytes(),
    };
  }

  /**
   * The same terminal after the machine went to another state: what that state's screen shows is granted and replayed.
   * @param before the session as it was, whose page stays attached; none after a restore in a new worker
   */
  static restore(
    channel: Channel,
    state: TerminalState,
    owner: TerminalOwner,
    before?: TerminalSession,
  ): TerminalSession {
    const session = new TerminalSession(
      state.user,
      (listener) => {
        channel.listener = listener;
        return channel;
      },
      owner,
    );
    channel.grant(Math.min(state.unshown, TERMINAL_WINDOW));
    session.#scrollback.push(state.scrollback);
    const port = before === undefined ? undefined : before.#port;
    if (before === undefined || port === undefined) {
      // Nobody has seen it yet: it is output like any other, but granted already.
      session.#batch = [state.scrollback];
      session.#batchBytes = state.scrollback.length;
      session.#alreadyGranted = state.scrollback.length;
      return session;
    }
    before.#port = undefined;
    session.#connect(port);
    session.#alreadyGranted =
      before.#alreadyGranted + before.#unshown - before.#batchBytes + state.scrollback.length;
    const bytes = session.#scrollback.bytes();
    session.#post({ kind: "replay", bytes }, [bytes.buffer]);
    return session;
  }
}
