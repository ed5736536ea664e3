/** Of the guest's kernel as a whole. */
export interface KernelFacts {
  /** `6.1.…` */
  readonly version: string;
  /** Lower case with dashes; undefined until the guest has made one up, which it does when first asked. */
  readonly bootId: string | undefined;
  /** Milliseconds. */
  readonly uptime: number;
  /** Of 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  readonly threads: number;
  readonly running: number;
  readonly contextSwitches: number;
  /** Milliseconds of the CPU since boot, by the kernel's own count. */
  readonly cpu: {
    readonly user: number;
    readonly system: number;
    readonly idle: number;
    readonly waiting: number;
  };
  /** Bytes. */
  readonly memory: {
    readonly total: number;
    readonly free: number;
    readonly file: number;
    readonly anonymous: number;
    readonly shared: number;
    readonly slab: number;
    readonly swapTotal: number;
    readonly swapFree: number;
  };
  readonly pressure: { readonly cpu: number; readonly io: number; readonly memory: number };
  /** What it said when it gave up; the empty string if it said nothing; undefined while it lives. */
  readonly panic: string | undefined;
  readonly tainted: number;
  /** The latest lines of its log, oldest first, as `dmesg` prints them. A slow fact. */
  readonly log: readonly string[];
}

/** What the pages of RAM are used for. */
export const RAM_USES = ["kernel", "slab", "pageTables", "anonymous", "file", "other", "free"] as const;
export type RamUse = (typeof RAM_USES)[number];

/** Of the emulated machine, whatever runs in it. */
export interface MachineFacts {
  /** Bytes. */
  readonly ram: number;
  /** Over the time since the observation before; undefined for the first. */
  readonly instructionsPerSecond: number | undefined;
  /** Of the time since the observation before: 0 to 1. */
  readonly halted: number | undefined;
  /** Since it was switched on, by what asked: `timer`, `disk`, `network`, `console`, or the number of the line. */
  readonly interrupts: Readonly<Record<string, number>>;
  /** Pages, by use; a slow fact. */
  readonly ramUse: Readonly<Record<RamUse, number>> | undefined;
  /** Index into `RAM_USES` of what most of each of equal parts of RAM is used for; a slow fact. */
  readonly ramMap: readonly number[];
  /** Parts of files that the guest waits for. */
  readonly chunksInFlight: number;
  /** Frames of the network card, from and to the guest. */
  readonly frames: { readonly sent: number; readonly received: number; readonly waiting: number };
}
