import type { Reading } from "./reading.ts";

const NS_PER_US = 1000;
const US_PER_SECOND = 1e6;
const MOST_BITS = 20;
const LONGEST = 2048;
const TEXT = new TextDecoder();

interface Message {
  /** Microseconds since boot. */
  readonly time: number;
  readonly text: string;
}

/** The latest messages of the kernel's ring buffer, oldest first; the layout is that of kernel/printk/printk_ringbuffer.h. */
function messages(reading: Reading, most: number): Message[] {
  const { memory, kernel, trouble } = reading;
  const ring = memory.u32(kernel.symbols.log);
  const descriptors = ring + kernel.log.desc_ring;
  const data = ring + kernel.log.text_data_ring;
  const [bits, sizeBits] = [
    memory.u32(descriptors + kernel.logDescriptors.count_bits),
    memory.u32(data + kernel.logData.size_bits),
  ];
  if (bits > MOST_BITS || sizeBits > MOST_BITS || bits === 0) {
    trouble.note("the kernel's log");
    return [];
  }
  const [count, room] = [2 ** bits, 2 ** sizeBits];
  const last = memory.u32(descriptors + kernel.logDescriptors.head_id);
  const all = (last - memory.u32(descriptors + kernel.logDescriptors.tail_id)) >>> 0;
  if (all >= count) {
    trouble.note("the kernel's log");
    return [];
  }
  const found: Message[] = [];
  for (let back = Math.min(all, most - 1); back >= 0 && reading.step(); back--) {
    const place = (last - back) & (count - 1);
    const descriptor =
      memory.u32(descriptors + kernel.logDescriptors.descs) + place * kernel.logDescriptor.size;
    const info = memory.u32(descriptors + kernel.logDescriptors.infos) + place * kernel.logInfo.size;
    const state = memory.u32(descriptor + kernel.logDescriptor.state_var) >>> kernel.logStateShift;
    if (!kernel.logStates.includes(state)) continue;
    const begin = memory.u32(descriptor + kernel.logDescriptor["text_blk_lpos.begin"]);
    const next = memory.u32(descriptor + kernel.logDescriptor["text_blk_lpos.next"]);
    // A block that would not fit before the end stands at the start; its first word is its descriptor's number.
    const wraps = Math.floor(begin / room) !== Math.floor((next - 1) / room);
    const start = memory.u32(data + kernel.logData.data) + (wraps ? 0 : begin % room) + 4;
    const length = Math.min(memory.u16(info + kernel.logInfo.text_len), LONGEST);
    const nanoseconds = memory.u64(info + kernel.logInfo.ts_nsec);
    found.push({
      time: Math.floor(nanoseconds / NS_PER_US),
      text: TEXT.decode(Uint8Array.from(memory.bytes(start, length))),
    });
  }
  return found;
}

/** As `dmesg` prints them. */
export function readLog(reading: Reading, most: number): string[] {
  return messages(reading, most).map(({ time, text }) => {
    const stamp = `[${(time / US_PER_SECOND).toFixed(6).padStart(12)}] `;
    return stamp + text.replaceAll("\n", `\n${" ".repeat(stamp.length)}`);
  });
}

const PANIC = "Kernel panic - not syncing: ";

/** What the kernel said when it gave up; undefined when it says nothing of that. */
export function panicWords(reading: Reading): string | undefined {
  const said = messages(reading, 200).findLast(({ text }) => text.startsWith(PANIC));
  return said?.text.slice(PANIC.length);
}
