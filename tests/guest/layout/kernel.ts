import type { KernelMemory } from "./kernel-objects.ts";
import type { Facts } from "./facts.ts";

const NOTE_HEADER = 12;
const NT_GNU_BUILD_ID = 3;
const SECOND_NS = 1_000_000_000n;
const BUDDY_ORDERS = 11;
const MOST_MESSAGES = 65_536;

/** The note that the linker leaves in the kernel; the names before a note's content are padded to words. */
export function readBuildId(kernel: KernelMemory): string {
  const end = kernel.symbol("__stop_notes");
  for (let at = kernel.symbol("__start_notes"); at < end;) {
    const header = kernel.bytes(at, NOTE_HEADER);
    const [name, size, type] = [0, 4, 8].map((offset) => header.getUint32(offset, true)) as [
      number,
      number,
      number,
    ];
    const content = at + NOTE_HEADER + ((name + 3) & ~3);
    if (type === NT_GNU_BUILD_ID && kernel.text(at + NOTE_HEADER) === "GNU") {
      return Buffer.from(kernel.bytes(content, size).buffer).toString("hex");
    }
    at = content + ((size + 3) & ~3);
  }
  throw new Error("the kernel in memory has no build id");
}

/** The kernel's log, as `dmesg --raw` prints it. */
export function readLog(kernel: KernelMemory): string {
  const ring = kernel.at("printk_ringbuffer", kernel.word(kernel.symbol("prb")));
  const descriptors = ring.part("desc_ring", "prb_desc_ring");
  const data = ring.part("text_data_ring", "prb_data_ring");
  const count = 2 ** descriptors.number("count_bits");
  const room = 2 ** data.number("size_bits");
  const shift = BigInt(kernel.constant("DESC_FLAGS_SHIFT"));
  const complete = ["desc_committed", "desc_finalized"].map((name) => BigInt(kernel.constant(name)));
  const lines: string[] = [];
  const last = descriptors.long("head_id");
  if (count > MOST_MESSAGES || last - descriptors.long("tail_id") >= BigInt(count))
    throw new Error("more messages than descriptors");
  for (let id = descriptors.long("tail_id"); id <= last; id++) {
    const place = Number(id % BigInt(count));
    const at = descriptors.number("descs") + place * kernel.size("prb_desc");
    const descriptor = kernel.at("prb_desc", at);
    const info = kernel.at("printk_info", descriptors.number("infos") + place * kernel.size("printk_info"));
    if (!complete.includes(descriptor.long("state_var") >> shift)) continue;
    const [begin, next] = ["begin", "next"].map((name) => descriptor.number(`text_blk_lpos.${name}`)) as [
      number,
      number,
    ];
    // A block that would not fit before the end stands at the start; its first word is its descriptor's number.
    const wraps = Math.floor(begin / room) !== Math.floor((next - 1) / room);
    const start = data.number("data") + (wraps ? 0 : begin % room) + 4;
    const text = new TextDecoder().decode(kernel.bytes(start, info.number("text_len")));
    const time = info.long("ts_nsec");
    const stamp = `${String(time / SECOND_NS).padStart(5)}.${String((time % SECOND_NS) / 1000n).padStart(6, "0")}`;
    const head = `<${info.number("facility") * 8 + info.number("level")}>[${stamp}] `;
    lines.push(head + text.replaceAll("\n", `\n${" ".repeat(head.length)}`));
  }
  return lines.join("\n");
}

/** Seconds since boot by the kernel's own clock, as of its last tick. */
export function readUptime(kernel: KernelMemory): number {
  const keeper = kernel.global("tk_core", "tk_core").part("timekeeper", "timekeeper");
  const fraction = Number(keeper.long("tkr_mono.xtime_nsec") >> keeper.long("tkr_mono.shift")) / 1e9;
  const seconds = (field: string): number => {
    const time = keeper.part(field, "timespec64");
    // Both parts are signed: the kernel counts from the wall clock back to its start.
    return (
      Number(BigInt.asIntN(64, time.long("tv_sec"))) + Number(BigInt.asIntN(32, time.long("tv_nsec"))) / 1e9
    );
  };
  return keeper.number("xtime_sec") + fraction + seconds("wall_to_monotonic") + seconds("monotonic_to_boot");
}

/** The three load averages. */
export function readLoad(kernel: KernelMemory): number[] {
  const one = 2 ** kernel.constant("FSHIFT");
  return [0, 1, 2].map((i) => kernel.word(kernel.symbol("avenrun") + i * 4) / one);
}

/** The sizes and marks of the one zone of RAM, in pages, as `/proc/zoneinfo` calls them. */
export function readZone(kernel: KernelMemory): Record<string, number> {
  const zone = kernel.global("pglist_data", "contig_page_data").part("node_zones", "zone");
  const marks = zone.numbers("_watermark", 4);
  const mark = (name: string): number => Number(marks[kernel.constant(`WMARK_${name}`)]);
  return {
    min: mark("MIN"),
    low: mark("LOW"),
    high: mark("HIGH"),
    spanned: zone.number("spanned_pages"),
    present: zone.number("present_pages"),
    managed: zone.number("managed_pages"),
    start_pfn: zone.number("zone_start_pfn"),
  };
}

/** What {@link readZone} must find: the first of each name. */
export function saidZone(facts: Facts): Record<string, number> {
  const rows = [...facts.text("/proc/zoneinfo").matchAll(/^ +(\w+):? +(\d+)$/gm)].toReversed();
  return Object.fromEntries(rows.map(([, name, value]) => [name ?? "", Number(value)]));
}

/** Free pages, by the lengths of the allocator's lists. */
export function countFreePages(kernel: KernelMemory): number {
  const zone = kernel.global("pglist_data", "contig_page_data").part("node_zones", "zone");
  const areas = zone.addressOf("free_area");
  let listed = 0;
  for (let order = 0; order < BUDDY_ORDERS; order++) {
    listed += kernel.at("free_area", areas + order * kernel.size("free_area")).number("nr_free") << order;
  }
  return listed;
}
