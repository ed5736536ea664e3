import type { MemoryController } from "../../isolation/index.ts";
import { setAttributes, setShown, svg } from "./dom.ts";
import { byteLimit, bytes } from "./format.ts";
import type { Say } from "./words.ts";

/** What a glass holds, in bytes. */
export interface GlassContent {
  readonly current: number;
  readonly anonymous: number;
  readonly file: number;
  readonly kernel: number;
  readonly high: number | "max";
  readonly max: number | "max";
  /** What the glass would hold without a limit: the machine's RAM. */
  readonly ram: number;
  /** Somebody is there who may use more. */
  readonly isFed: boolean;
}

const WIDTH = 64;
const HEIGHT = 88;
const RIM = 14;
const BOTTOM = 84;
const DEPTH = BOTTOM - RIM;
const LEFT = 6;
const RIGHT = WIDTH - 6;

export function contentOf(
  { current, stat, high, max }: MemoryController,
  ram: number,
  isFed: boolean,
): GlassContent {
  // `file` has shared memory and tmpfs in it.
  return { current, anonymous: stat.anon, file: stat.file, kernel: stat.kernel, high, max, ram, isFed };
}

/** How many bytes reach the rim. */
function capacity({ max, high, ram, current }: GlassContent): number {
  if (max !== "max") return Math.max(max, 1);
  if (high !== "max") return Math.max(high * 1.4, current, 1);
  return Math.max(ram, current, 1);
}

/**
 * A glass for the memory of a cgroup: its rim is `memory.max`, a dashed line `memory.high`, and what is in it is of three
 * shades: anonymous, files with tmpfs, and the kernel's.
 */
export class Glass {
  readonly element = svg("svg", {
    class: "glass",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    role: "img",
  });
  readonly #layers = [
    svg("rect", { class: "liquid kernel" }),
    svg("rect", { class: "liquid file" }),
    svg("rect", { class: "liquid anon" }),
  ];
  readonly #wall = svg("path", { class: "glass-wall" });
  readonly #rim = svg("line", { class: "glass-rim", x1: LEFT - 5, x2: RIGHT + 5, y1: RIM, y2: RIM });
  readonly #high = svg("line", { class: "glass-high", x1: LEFT - 5, x2: RIGHT + 5 });
  readonly #tap = svg("path", { class: "glass-tap" });

  constructor() {
    setAttributes(this.#wall, {
      d: `M${LEFT} ${RIM - 6} V${BOTTOM - 4} q0 4 4 4 H${RIGHT - 4} q4 0 4 -4 V${RIM - 6}`,
    });
    this.element.append(...this.#layers, this.#wall, this.#high, this.#rim, this.#tap);
  }

  update(content: GlassContent, say: Say): void {
    const full = capacity(content);
    const scale = DEPTH / full;
    let y = BOTTOM;
    [content.kernel, content.file, content.anonymous].forEach((size, i) => {
      const layer = this.#layers[i];
      const height = Math.min(Math.max(0, size * scale), y - RIM);
      y -= height;
      if (layer !== undefined)
        setAttributes(layer, {
          x: LEFT + 1,
          width: RIGHT - LEFT - 2,
          y: y.toFixed(1),
          height: height.toFixed(1),
        });
    });
    setShown(this.#rim, content.max !== "max");
    const high = content.high === "max" ? undefined : BOTTOM - content.high * scale;
    setShown(this.#high, high !== undefined && high >= RIM);
    if (high !== undefined) setAttributes(this.#high, { y1: high.toFixed(1), y2: high.toFixed(1) });
    // The tap stands open as a broad stream, narrow above `memory.high`, shut at the rim.
    const isAboveHigh = content.high !== "max" && content.current > content.high;
    const flow = content.max !== "max" && content.current >= content.max ? 0 : isAboveHigh ? 1.5 : 5;
    const middle = WIDTH / 2;
    setShown(this.#tap, content.isFed && (content.max !== "max" || content.high !== "max"));
    setAttributes(this.#tap, {
      d: `M${middle} 1 V${flow === 0 ? 4 : Math.max(6, y - 1)}`,
      "stroke-width": flow || 3,
    });
    setAttributes(this.element, {
      "aria-label": say("xray.glass.label", {
        current: bytes(content.current),
        anonymous: bytes(content.anonymous),
        file: bytes(content.file),
        kernel: bytes(content.kernel),
        high: byteLimit(content.high),
        max: byteLimit(content.max),
      }),
      class: `glass${isAboveHigh ? " above-high" : ""}`,
    });
  }
}
