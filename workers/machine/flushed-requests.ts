import type { V86BufferChain, V86FileServer } from "./v86-internals.ts";

/** Message types and fields of 9P2000 (intro(5), flush(5)): size[4] type[1] tag[2], and in Tflush oldtag[2]. */
const TFLUSH = 108;
const TYPE = 4;
const TAG = 5;
const OLD_TAG = 7;
const TFLUSH_BYTES = 9;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

/**
 * Lets the guest take a request back. A process that is killed while it waits for a file does so; v86's 9P server says
 * that this was done, and answers the request all the same when the file has come: into memory that the guest's kernel
 * has long given to others. Now a request that was taken back goes back at once and empty, as QEMU has it, which the
 * driver understands as no answer, and what is found for it later goes nowhere.
 */
export function takeBackFlushed(server: V86FileServer): void {
  const waiting = new Map<number, V86BufferChain>();
  const takenBack = new WeakSet<V86BufferChain>();
  const { virtqueue } = server;

  const takeBack = (tag: number): void => {
    const chain = waiting.get(tag);
    if (chain === undefined) return;
    waiting.delete(tag);
    takenBack.add(chain);
    // The answer to the flush, which follows, shows the driver both.
    virtqueue.push_reply(chain);
  };

  const pop = virtqueue.pop_request.bind(virtqueue);
  virtqueue.pop_request = () => {
    const chain = pop();
    const read = chain.get_next_blob.bind(chain);
    // The server reads the whole message at once, and before it does anything.
    chain.get_next_blob = (message) => {
      const length = read(message);
      if (message[TYPE] === TFLUSH && length >= TFLUSH_BYTES) takeBack(u16(message, OLD_TAG));
      else waiting.set(u16(message, TAG), chain);
      return length;
    };
    return chain;
  };

  const send = server.SendReply.bind(server);
  server.SendReply = (chain) => {
    if (takenBack.has(chain)) return;
    const tag = u16(server.replybuffer, TAG);
    if (waiting.get(tag) === chain) waiting.delete(tag);
    send(chain);
  };
}
