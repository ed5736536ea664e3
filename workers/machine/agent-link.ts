import { CodedError, deferred, type Deferred, Emitter } from "../../src/base/index.ts";
import {
  AGENT_PROTOCOL_VERSION,
  encodeCredit,
  encodeFrame,
  encodeHello,
  encodeOpen,
  encodeRequest,
  encodeResize,
  encodeSignal,
  type ExitStatus,
  FrameReader,
  type GuestMessage,
  MAX_PAYLOAD,
  type OpenSpec,
  parseGuestFrame,
  ToGuest,
} from "../../src/protocol/agent.ts";

import { errnoWords } from "./errno.ts";

/** The console below the link: takes bytes as far as the guest has room, and says how many. */
export interface Line {
  send(bytes: Uint8Array): number;
}

/** What happens on a channel. */
export interface ChannelListener {
  opened(pid: number): void;
  output(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  /** So many bytes of input have reached the program. */
  taken(bytes: number): void;
  exited(status: ExitStatus): void;
  /** The channel is gone with its agent, or the agent refused to open it. */
  lost(error: CodedError): void;
}

/** A channel as it is kept in a snapshot. */
export interface ChannelState {
  readonly id: number;
  readonly inputCredit: number;
  readonly waiting: readonly Uint8Array[];
  readonly inputEnded: boolean;
}

export interface LinkState {
  readonly nextChannel: number;
  readonly inputWindow: number;
  readonly ready: boolean;
  /** Bytes of the guest that are not a whole frame yet. */
  readonly partial: Uint8Array;
  /** Bytes for the guest that it had no room for yet. */
  readonly unsent: Uint8Array;
  readonly channels: readonly ChannelState[];
}

/** The host's end of one program in the guest. */
export class Channel {
  readonly id: number;
  readonly #link: AgentLink;
  readonly #waiting: Uint8Array[];
  #inputCredit: number;
  #inputEnded: boolean;
  listener: ChannelListener | undefined;

  constructor(link: AgentLink, state: ChannelState) {
    this.#link = link;
    this.id = state.id;
    this.#inputCredit = state.inputCredit;
    this.#waiting = [...state.waiting];
    this.#inputEnded = state.inputEnded;
  }

  state(): ChannelState {
    return {
      id: this.id,
      inputCredit: this.#inputCredit,
      waiting: [...this.#waiting],
      inputEnded: this.#inputEnded,
    };
  }

  /** Queues input; it goes out as the guest grants room. */
  write(bytes: Uint8Array): void {
    if (this.#inputEnded || bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#pump();
  }

  /** No more input comes. */
  end(): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    this.#pump();
  }

  /** Lets the guest send so many more bytes of output. */
  grant(bytes: number): void {
    if (bytes > 0) this.#link.send(encodeCredit(this.id, bytes));
  }

  resize(cols: number, rows: number): void {
    this.#link.send(encodeResize(this.id, cols, rows));
  }

  signal(signal: number): void {
    this.#link.send(encodeSignal(this.id, signal));
  }

  /** Hangs a terminal up, kills a command; nothing is heard of the channel afterwards. */
  close(): void {
    this.#link.send(encodeFrame(ToGuest.close, this.id));
    this.#link.drop(this);
  }

  /** The guest has passed on so much input and has room for as much again. */
  credited(bytes: number): void {
    this.#inputCredit += bytes;
    this.listener?.taken(bytes);
    this.#pump();
  }

  #pump(): void {
    while (this.#inputCredit > 0) {
      const first = this.#waiting[0];
      if (first === undefined) break;
      const piece = first.subarray(0, Math.min(first.length, this.#inputCredit, MAX_PAYLOAD));
      this.#inputCredit -= piece.length;
      if (piece.length === first.length) this.#waiting.shift();
      else this.#waiting[0] = first.subarray(piece.length);
      this.#link.send(encodeFrame(ToGuest.data, this.id, piece));
    }
    if (this.#waiting.length === 0 && this.#inputEnded) this.#link.send(encodeFrame(ToGuest.eof, this.id));
  }
}

/** The agent answered a request with a reason instead, a number of errno(3). */
export class AgentRefusal extends CodedError {
  readonly errno: number;

  constructor(errno: number) {
    super("agent-refused", `the guest refused: ${errnoWords(errno)}`);
    this.errno = errno;
  }
}

interface PendingRequest {
  readonly pieces: Uint8Array[];
  readonly done: Deferred<readonly Uint8Array[]>;
}

/**
 * The host's end of the wire to the agent. Knows frames, channels and credit; knows nothing of terminals or of v86.
 * The agent may die at any time: everything that waits for it is told so, and `onAgent` says when it is back.
 */
export class AgentLink {
  readonly #line: Line;
  readonly #reader = new FrameReader();
  readonly #channels = new Map<number, Channel>();
  readonly #requests = new Map<number, PendingRequest>();
  readonly #agent = new Emitter<"gone" | "back">();
  #unsent: Uint8Array[] = [];
  #nextChannel = 1;
  #inputWindow = 0;
  #ready = false;

  readonly onAgent = this.#agent.event;

  constructor(line: Line) {
    this.#line = line;
  }

  /** True once the agent has introduced itself. */
  get ready(): boolean {
    return this.#ready;
  }

  get skippedBytes(): number {
    return this.#reader.skippedBytes;
  }

  get channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** Starts a program. @throws CodedError `bad-argument` when the request cannot be put into frames. */
  open(spec: OpenSpec, listener: ChannelListener): Channel {
    const id = this.#takeId();
    const frames = encodeOpen(id, spec);
    const channel = new Channel(this, { id, inputCredit: this.#inputWindow, waiting: [], inputEnded: false });
    channel.listener = listener;
    this.#channels.set(id, channel);
    for (const frame of frames) this.send(frame);
    return channel;
  }

  /** Asks for something that the agent answers by itself. @throws CodedError `agent-refused`, `agent-gone` */
  async request(verb: number, body?: Uint8Array): Promise<readonly Uint8Array[]> {
    const id = this.#takeId();
    const pending: PendingRequest = { pieces: [], done: deferred() };
    this.#requests.set(id, pending);
    this.send(encodeRequest(id, verb, body));
    return pending.done.promise;
  }

  #takeId(): number {
    do this.#nextChannel = (this.#nextChannel % 0xffff) + 1;
    while (this.#channels.has(this.#nextChannel) || this.#requests.has(this.#nextChannel));
    return this.#nextChannel;
  }

  send(frame: Uint8Array): void {
    this.#unsent.push(frame);
    this.pump();
  }

  /** Sends what the guest has room for; called again after every slice. */
  pump(): void {
    while (true) {
      const first = this.#unsent[0];
      if (first === undefined) return;
      const taken = this.#line.send(first);
      if (taken < first.length) {
        this.#unsent[0] = first.subarray(taken);
        return;
      }
      this.#unsent.shift();
    }
  }

  /** Takes what came from the guest. */
  receive(bytes: Uint8Array): void {
    for (const frame of this.#reader.push(bytes)) {
      const message = parseGuestFrame(frame);
      if (message !== undefined) this.#handle(message);
    }
  }

  #handle(message: GuestMessage): void {
    if (message.kind === "hello") {
      this.#hello(message.version, message.nonce, message.inputWindow);
      return;
    }
    const request = this.#requests.get(message.channel);
    if (message.kind === "reply-data") {
      request?.pieces.push(message.bytes);
      return;
    }
    if (message.kind === "reply-end") {
      this.#requests.delete(message.channel);
      if (message.errno === 0) request?.done.resolve(request.pieces);
      else request?.done.reject(new AgentRefusal(message.errno));
      return;
    }
    const channel = this.#channels.get(message.channel);
    switch (message.kind) {
      case "opened":
        channel?.listener?.opened(message.pid);
        break;
      case "data":
        channel?.listener?.output(message.stream, message.bytes);
        break;
      case "credit":
        channel?.credited(message.bytes);
        break;
      case "exit":
        this.#channels.delete(message.channel);
        channel?.listener?.exited(message.status);
        break;
      case "refused":
        this.#channels.delete(message.channel);
        channel?.listener?.lost(
          new CodedError("exec-refused", `the guest could not start it: ${message.reason}`, {
            cause: new AgentRefusal(message.errno),
          }),
        );
        break;
    }
  }

  /** The agent introduces itself when it starts; a second time means that an earlier one died. */
  #hello(version: number, nonce: number, inputWindow: number): void {
    if (version !== AGENT_PROTOCOL_VERSION) {
      this.#loseAll(
        new CodedError("agent-version", `the guest's agent speaks version ${version} of the protocol`),
      );
      return;
    }
    this.#inputWindow = inputWindow;
    if (nonce !== 0) return;
    const restarted = this.#ready;
    this.#ready = true;
    if (restarted) {
      this.#loseAll(
        new CodedError("agent-gone", "the guest's agent was killed; its terminals and commands went with it"),
      );
      this.#agent.fire("gone");
    }
    this.#agent.fire("back");
  }

  #loseAll(error: CodedError): void {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.listener?.lost(error);
    this.failRequests(error);
  }

  /** Rejects the requests that wait for an answer. */
  failRequests(error: CodedError): void {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) request.done.reject(error);
  }

  /** The machine has stopped for good. */
  lose(error: CodedError): void {
    this.#unsent = [];
    this.#loseAll(error);
  }

  drop(channel: Channel): void {
    if (this.#channels.get(channel.id) === channel) this.#channels.delete(channel.id);
  }

  /** Asks an agent that should be there to introduce itself again; it closes all its channels. */
  greet(nonce: number): void {
    this.send(encodeHello(nonce));
  }

  state(): LinkState {
    const size = this.#unsent.reduce((sum, piece) => sum + piece.length, 0);
    const unsent = new Uint8Array(size);
    let at = 0;
    for (const piece of this.#unsent) {
      unsent.set(piece, at);
      at += piece.length;
    }
    return {
      nextChannel: this.#nextChannel,
      inputWindow: this.#inputWindow,
      ready: this.#ready,
      partial: this.#reader.pending,
      unsent,
      channels: [...this.#channels.values()].map((channel) => channel.state()),
    };
  }

  /**
   * Takes on the state of a restored guest. Requests that wait are rejected; channels are new objects without a
   * listener, for the caller to adopt or close.
   */
  restore(state: LinkState): void {
    this.failRequests(new CodedError("aborted", "the machine went back to an earlier state"));
    this.#reader.reset(state.partial);
    this.#unsent = state.unsent.length === 0 ? [] : [state.unsent];
    this.#nextChannel = state.nextChannel;
    this.#inputWindow = state.inputWindow;
    this.#ready = state.ready;
    this.#channels.clear();
    for (const channel of state.channels) this.#channels.set(channel.id, new Channel(this, channel));
  }
}
