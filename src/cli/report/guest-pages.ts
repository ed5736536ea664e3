/** Asks a running guest what its pages are: flags of all, and who maps which. */
import { CodedError } from "../../base/index.ts";
import type { Machine } from "../../machine/index.ts";

const PAGE_SHIFT = 12;
/** A page of /proc/PID/pagemap tells of this many pages. */
const PER_BLOCK = 512;
const BLOCK_SHIFT = PAGE_SHIFT + 9;
const BLOCK_BYTES = 4096;
/** Fields of a word of /proc/PID/pagemap (kernel tree, Documentation/admin-guide/mm/pagemap.rst). */
const PRESENT = 1n << 63n;
const FRAME = (1n << 55n) - 1n;

interface Mapping {
  readonly pid: string;
  readonly process: string;
  readonly from: number;
  readonly to: number;
  /** Of a file; empty or a word in brackets for memory without one. */
  readonly path: string;
}

export interface GuestPages {
  /** The words of /proc/kpageflags by page number. */
  readonly flags: BigUint64Array;
  /** The file of a mapped page of the page cache. */
  readonly files: ReadonlyMap<number, string>;
  /** The process of a mapped page without a file. */
  readonly processes: ReadonlyMap<number, string>;
}

async function read(machine: Machine, script: string): Promise<Uint8Array> {
  const { status, stdout, stderr } = await machine.exec({ argv: ["bash", "-c", script], timeoutMs: 120_000 });
  if (status.how === "exited" && status.code === 0) return stdout;
  throw new CodedError(
    "exec-failed",
    `the guest's pages cannot be read: ${new TextDecoder().decode(stderr)}`,
  );
}

/** The lines of all /proc/PID/maps, each process under a line "= PID NAME". */
const MAPS = `for dir in /proc/[0-9]*; do
  echo "= \${dir#/proc/} $(<$dir/comm)"
  cat $dir/maps
done 2>/dev/null; true`;

export function parseMaps(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  let [pid, process] = ["", ""];
  for (const line of text.split("\n")) {
    const head = /^= (\d+) (.*)$/.exec(line);
    if (head !== null) [, pid = "", process = ""] = head;
    const range = /^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \d+\s*(.*)$/.exec(line);
    if (range === null) continue;
    const [, from = "", to = "", path = ""] = range;
    mappings.push({ pid, process, from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), path });
  }
  return mappings;
}

/** The blocks of pagemap that tell of these mappings, each once: "PID BLOCK". */
function blocksOf(mappings: readonly Mapping[]): string[] {
  const blocks = new Set<string>();
  for (const { pid, from, to } of mappings) {
    for (let block = from >>> BLOCK_SHIFT; block <= (to - 1) >>> BLOCK_SHIFT; block++)
      blocks.add(`${pid} ${block}`);
  }
  return [...blocks];
}

/** Calls `found` with each page that is there in a mapping. `pagemap` holds the blocks in order. */
export function eachPage(
  mappings: readonly Mapping[],
  blocks: readonly string[],
  pagemap: Uint8Array,
  found: (page: number, mapping: Mapping) => void,
): void {
  const words = new DataView(pagemap.buffer, pagemap.byteOffset, pagemap.byteLength);
  const places = new Map(blocks.map((block, index) => [block, index * BLOCK_BYTES]));
  for (const mapping of mappings) {
    for (let page = mapping.from >>> PAGE_SHIFT; page < mapping.to / (1 << PAGE_SHIFT); page++) {
      const place = places.get(`${mapping.pid} ${Math.floor(page / PER_BLOCK)}`);
      if (place === undefined) continue;
      const word = words.getBigUint64(place + (page % PER_BLOCK) * 8, true);
      if ((word & PRESENT) !== 0n) found(Number(word & FRAME), mapping);
    }
  }
}

/** Looks at the guest once. What the looking itself uses was free, and zero, before. */
export async function readGuestPages(machine: Machine): Promise<GuestPages> {
  const flags = await read(machine, "cat /proc/kpageflags");
  const mappings = parseMaps(new TextDecoder().decode(await read(machine, MAPS)));
  const blocks = blocksOf(mappings);
  // A process that has ended meanwhile still takes its place among the blocks.
  const pagemap = await read(
    machine,
    `while read -r pid block; do
  dd if=/proc/$pid/pagemap bs=${BLOCK_BYTES} skip=$block count=1 conv=sync 2>/dev/null || head -c ${BLOCK_BYTES} /dev/zero
done <<'BLOCKS'\n${blocks.join("\n")}\nBLOCKS`,
  );
  if (pagemap.length !== blocks.length * BLOCK_BYTES) {
    throw new CodedError("exec-failed", "the guest's pages cannot be read: a part of a page map is missing");
  }
  const files = new Map<number, string>();
  const processes = new Map<number, string>();
  eachPage(mappings, blocks, pagemap, (page, { pid, process, path }) => {
    if (path.startsWith("/")) files.set(page, path);
    if (!processes.has(page)) processes.set(page, `${process} (${pid})`);
  });
  const words = new BigUint64Array(flags.length / 8);
  new Uint8Array(words.buffer).set(flags.subarray(0, words.byteLength));
  return { flags: words, files, processes };
}
