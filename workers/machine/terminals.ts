import { CodedError } from "../../src/base/index.ts";
import { TERMINAL_WINDOW, type TerminalSpec } from "../../src/protocol/machine.ts";
import type { AgentLink } from "./agent-link.ts";
import type { TerminalState } from "./snapshot.ts";
import { type TerminalOwner, TerminalSession } from "./terminal-session.ts";

/** The terminals of one machine, with a page or still without. */
export class Terminals {
  readonly #link: AgentLink;
  readonly #open = new Set<TerminalSession>();
  readonly #owner: TerminalOwner;
  /** Of the machine; empty for the one that it had in the snapshot. */
  hostName = "";

  /** @param shown The page has put some output on the screen. */
  constructor(link: AgentLink, shown: () => void) {
    this.#link = link;
    this.#owner = { shown, ended: (terminal) => this.#open.delete(terminal) };
  }

  /** Those that a restored machine brought and no page has taken. */
  get adoptable(): readonly { readonly id: number; readonly user: string }[] {
    return [...this.#open]
      .filter(({ attached }) => !attached)
      .map(({ channelId, user }) => ({ id: channelId, user }));
  }

  /** A plain request takes a terminal that is waiting. @returns its number */
  open(spec: TerminalSpec, port: MessagePort): number {
    const plain = spec.cwd === "" && spec.argv.length === 0 && spec.env.length === 0;
    const waiting = plain
      ? [...this.#open].find(({ attached, user }) => !attached && user === spec.user)
      : undefined;
    const terminal =
      waiting ??
      new TerminalSession(
        spec.user,
        (listener) =>
          this.#link.open({ kind: "pty", timeoutMs: 0, credit: TERMINAL_WINDOW, ...spec }, listener),
        this.#owner,
      );
    this.#open.add(terminal);
    waiting?.rename(this.hostName);
    terminal.attach(port, spec.cols, spec.rows);
    return terminal.channelId;
  }

  sliceEnded(halted: boolean, now: number): void {
    for (const terminal of this.#open) terminal.sliceEnded(halted, now);
  }

  states(): TerminalState[] {
    return [...this.#open].map((terminal) => terminal.state());
  }

  /** Takes the place of what was there, after the link has been put back: terminals that are in both keep their pages. */
  restore(saved: readonly TerminalState[]): void {
    const before = new Map([...this.#open].map((terminal) => [terminal.channelId, terminal]));
    this.#open.clear();
    const states = new Map(saved.map((state) => [state.channel, state]));
    for (const channel of this.#link.channels) {
      const state = states.get(channel.id);
      // A command's caller has gone on in time; nobody waits for it any more.
      if (state === undefined) channel.close();
      else {
        this.#open.add(TerminalSession.restore(channel, state, this.#owner, before.get(channel.id)));
        before.delete(channel.id);
      }
    }
    const error = new CodedError(
      "terminal-gone",
      "the machine went back to a time before this terminal was opened",
    );
    for (const terminal of before.values()) terminal.lost(error);
  }
}
