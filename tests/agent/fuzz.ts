import { concatBytes } from "../../src/base/index.ts";
import { encodeFrame, ToGuest, Verb } from "../../src/protocol/agent.ts";
import { seeded } from "../support/random.ts";
import type { NativeAgent } from "./native-agent.ts";

/** The verbs, but for the one that sets a host's name and time; and some that are none. */
const VERBS = [...Object.values(Verb).filter((verb) => verb !== Verb.setup), 10, 200];
/** Rounds between two questions whether it still answers. */
const STRETCH = 200;

/**
 * Sends rubbish: bytes, broken frames, and whole frames of every type with random content.
 * @throws when the agent does not answer any more
 */
export async function fuzz(agent: NativeAgent, seed: number, rounds: number): Promise<void> {
  const next = seeded(seed);
  const below = (bound: number): number => Math.floor(next() * bound);
  const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256));
  for (let round = 0; round < rounds; round++) {
    const payload = noise(below(4) === 0 ? below(4085) : below(40));
    // Never a channel that the link itself uses, and no greeting: its answer would mean that the agent was started anew.
    const frame = encodeFrame(2 + below(14), 50_000 + below(4), payload);
    const kind = below(10);
    if (kind === 0) agent.sendRaw(noise(below(5000)));
    else if (kind === 1) agent.sendRaw(frame.subarray(0, below(frame.length)));
    else if (kind === 2) {
      frame[below(frame.length)] = below(256);
      agent.sendRaw(frame);
    } else if (kind < 6) {
      const body = Uint8Array.of(VERBS[below(VERBS.length)] ?? 0, ...payload.subarray(0, 4000));
      agent.sendRaw(encodeFrame(ToGuest.request, 60_000 + below(9), body));
    } else agent.sendRaw(frame);
    if (round % STRETCH === 0) await settle(agent);
  }
  await settle(agent);
}

/** Fills up what a broken frame may still wait for, and asks. */
async function settle(agent: NativeAgent): Promise<void> {
  agent.sendRaw(new Uint8Array(4096));
  agent.link.greet(1);
  const answer = new TextDecoder().decode(concatBytes(await agent.link.request(Verb.status)));
  if (!/^\d+ \d+\.\d+ \d+ \d+\n$/.test(answer))
    throw new Error(`the agent answered ${JSON.stringify(answer)}`);
}
