import type { Cgroup, CgroupRate, LimitHit } from "../../isolation/index.ts";
import { fillList } from "./box-view.ts";
import { cgroupFacts, cpuLimit, isLimited } from "./cgroup-words.ts";
import { el, setAttributes, setClass, setShown, setText } from "./dom.ts";
import { byteLimit, bytes, percent } from "./format.ts";
import { contentOf, Glass, type GlassContent } from "./glass.ts";
import { Meter } from "./meter.ts";
import { processList } from "./process-list.ts";
import type { Say } from "./words.ts";

/** How long a limit that was met stays lit. */
const FLASH_MS = 1600;

export interface CgroupScene {
  readonly say: Say;
  readonly rate: CgroupRate | undefined;
  /** Of the whole machine, drawn for the root, which has no gauges of its own. */
  readonly machine: GlassContent | undefined;
  readonly ram: number;
  readonly isSelected: boolean;
  /** It is what the open step wants. */
  readonly isWanted: boolean;
}

/** A cgroup as a box with gauges at its limits. */
export class CgroupView {
  readonly element = el("section", "box cgroup");
  readonly pick = el("button", "box-title");
  readonly processes = processList();
  readonly boxes = el("div", "boxes");
  readonly #glass = new Glass();
  readonly #glassText = el("div", "glass-text");
  readonly #glassBlock: HTMLElement;
  readonly #cpu: Meter;
  readonly #pids: Meter;
  readonly #facts = el("ul", "box-facts");
  readonly #flash = el("p", "flash");
  readonly #wanted: HTMLElement;
  readonly #say: Say;
  #flashTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(key: string, say: Say) {
    this.#say = say;
    this.#cpu = new Meter(say("xray.gauge.cpu"), "cpu");
    this.#pids = new Meter(say("xray.gauge.pids"), "pids");
    this.pick.type = "button";
    this.pick.tabIndex = -1;
    // A section with a name would be a landmark: dozens of them help nobody.
    this.element.setAttribute("role", "group");
    this.#flash.hidden = true;
    this.#wanted = el("p", "as-wanted-tag", say("xray.ghost.as-wanted"));
    this.element.dataset["flip"] = `cgroup ${key}`;
    this.#glassBlock = el("div", "glass-block");
    this.#glassBlock.append(this.#glass.element, this.#glassText);
    this.#glassBlock.dataset["term"] = "memory";
    const gauges = el("div", "gauges", this.#glassBlock, el("div", "meters"));
    gauges.lastElementChild?.append(this.#cpu.element, this.#pids.element, this.#facts);
    this.element.append(
      el("header", "box-head", this.pick, this.#flash, this.#wanted),
      el("div", "cgroup-own", gauges, this.processes),
      this.boxes,
    );
  }

  update(cgroup: Cgroup, scene: CgroupScene): void {
    const { say, rate } = scene;
    const name =
      cgroup.path === "/" ? say("xray.cgroup.root") : (cgroup.path.split("/").at(-1) ?? cgroup.path);
    setText(this.pick, cgroup.path === "/" ? name : `/${name}`);
    setAttributes(this.pick, {
      "aria-pressed": String(scene.isSelected),
      "aria-label": say("xray.cgroup.label", { path: cgroup.path }),
      title: cgroup.path,
    });
    setAttributes(this.element, { "aria-label": say("xray.cgroup.label", { path: cgroup.path }) });
    setClass(this.element, "limited", isLimited(cgroup));
    setClass(this.element, "frozen", cgroup.frozen);
    setClass(this.element, "as-wanted", scene.isWanted);
    setShown(this.#wanted, scene.isWanted);
    setClass(this.element, "empty", !cgroup.populated && cgroup.path !== "/");
    this.#showMemory(cgroup, scene);
    this.#showCpu(cgroup, rate);
    this.#showPids(cgroup);
    fillList(this.#facts, cgroupFacts(cgroup, rate, say));
    if (rate !== undefined && rate.hits.length > 0) this.#light(rate.hits);
  }

  #showMemory(cgroup: Cgroup, { say, machine, ram }: CgroupScene): void {
    const content = cgroup.memory === undefined ? machine : contentOf(cgroup.memory, ram, cgroup.populated);
    setShown(this.#glassBlock, content !== undefined);
    if (content === undefined) return;
    this.#glass.update(content, say);
    const rim =
      cgroup.memory === undefined
        ? say("xray.glass.ram", { ram: bytes(content.ram) })
        : content.max === "max"
          ? say("xray.glass.no-max")
          : say("xray.glass.max", { max: byteLimit(content.max) });
    const lines = [
      ["now", say("xray.glass.current", { current: bytes(content.current) })],
      [content.max === "max" ? "" : "mark rim", rim],
      ...(content.high === "max"
        ? []
        : [["mark high", say("xray.glass.high", { high: byteLimit(content.high) })]]),
    ] as const;
    const parts = [
      ["shade anon", say("xray.glass.anon", { size: bytes(content.anonymous) })],
      ["shade file", say("xray.glass.file", { size: bytes(content.file) })],
      ["shade kernel", say("xray.glass.kernel", { size: bytes(content.kernel) })],
    ] as const;
    const wanted = [...lines, ...parts];
    while (this.#glassText.childElementCount > wanted.length) this.#glassText.lastElementChild?.remove();
    wanted.forEach(([look = "", text = ""], i) => {
      const line = this.#glassText.children[i] ?? this.#glassText.appendChild(el("span"));
      setAttributes(line, { class: look });
      setText(line, text);
    });
  }

  #showCpu(cgroup: Cgroup, rate: CgroupRate | undefined): void {
    const limit = cpuLimit(cgroup);
    const used = rate?.cpu ?? 0;
    this.#cpu.update({
      filled: used,
      stopped: (rate?.throttled ?? 0) * Math.max(0, 1 - used),
      limit,
      text:
        limit === undefined
          ? percent(used)
          : this.#say("xray.gauge.of", { value: percent(used), limit: percent(limit) }),
    });
  }

  #showPids({ pids }: Cgroup): void {
    setShown(this.#pids.element, pids !== undefined);
    if (pids === undefined) return;
    const most = pids.max === "max" ? undefined : pids.max;
    // Without a limit the bar has no meaning but "some": a hundred fill it.
    const full = most === undefined ? 100 : Math.max(1, most);
    this.#pids.update({
      filled: pids.current / full,
      limit: most === undefined ? undefined : 1,
      text:
        most === undefined
          ? String(pids.current)
          : this.#say("xray.gauge.of", { value: pids.current, limit: most }),
    });
  }

  #light(hits: readonly LimitHit[]): void {
    setText(
      this.#flash,
      worst(hits)
        .map((hit) => this.#say(`xray.hit.${hit}`))
        .join(" · "),
    );
    this.#flash.hidden = false;
    setClass(this.element, "hit", true);
    setClass(this.element, "hit-kill", hits.includes("oom-kill"));
    clearTimeout(this.#flashTimer);
    this.#flashTimer = setTimeout(() => {
      this.#flash.hidden = true;
      setClass(this.element, "hit", false);
    }, FLASH_MS);
  }

  dispose(): void {
    clearTimeout(this.#flashTimer);
  }
}

/** Who is killed at `memory.max` was slowed at `memory.high` before: only the worst of these is said. */
function worst(hits: readonly LimitHit[]): LimitHit[] {
  const isMax = hits.includes("memory-max");
  if (hits.includes("oom-kill")) return hits.filter((hit) => hit !== "memory-max" && hit !== "memory-high");
  return hits.filter((hit) => !isMax || hit !== "memory-high");
}
