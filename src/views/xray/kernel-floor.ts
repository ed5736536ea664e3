import type { Observation, Process } from "../../isolation/index.ts";
import { el, setAttributes, setClass, setShown, setText } from "./dom.ts";
import { KernelLog } from "./kernel-log.ts";
import { RamMap } from "./ram-map.ts";
import type { Say } from "./words.ts";

/** The one kernel that everything in a machine stands on. It breaks when the kernel panics. */
export class KernelFloor {
  readonly element = el("footer", "floor");
  /** Where the thread of those ends who read the outer list of processes. */
  readonly proc = el("span", "proc-plate", "/proc");
  readonly #name = el("strong", "floor-name");
  readonly #boot = el("span", "floor-boot");
  readonly #threads = el("details", "kthreads");
  readonly #threadCount = el("summary");
  readonly #threadList = el("p", "kthread-names");
  readonly #ram: RamMap;
  readonly #log: KernelLog;
  readonly #panic = el("pre", "panic");
  #last: (() => void) | undefined;
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
    this.proc.dataset["term"] = "proc";
    this.#name.dataset["term"] = "kernel";
    this.#threadCount.dataset["term"] = "kthreads";
    this.#threads.append(this.#threadCount, this.#threadList);
    this.#panic.hidden = true;
    this.#ram = new RamMap(say);
    this.#log = new KernelLog(say);
    for (const more of [this.#ram.element, this.#log.element])
      more.addEventListener("toggle", () => this.#last?.());
    this.element.append(
      this.proc,
      this.#name,
      this.#boot,
      this.#threads,
      this.#ram.element,
      this.#log.element,
      this.#panic,
    );
  }

  update({ kernel, machine }: Observation, threads: readonly Process[]): void {
    const say = this.#say;
    this.#last = () => {
      this.#ram.update(machine);
      this.#log.update(kernel?.log ?? []);
    };
    this.#last();
    setText(
      this.#name,
      kernel === undefined
        ? say("xray.floor.kernel")
        : say("xray.floor.version", { version: kernel.version }),
    );
    const boot = kernel?.bootId;
    setShown(this.#boot, boot !== undefined);
    if (boot !== undefined) {
      setText(this.#boot, say("xray.floor.boot", { id: boot.slice(0, 4) }));
      setAttributes(this.#boot, { title: boot });
    }
    setShown(this.#threads, threads.length > 0);
    setText(this.#threadCount, say("xray.floor.threads", { count: threads.length }));
    setText(this.#threadList, threads.map(({ comm }) => comm).join(", "));
    const panic = kernel?.panic;
    setShown(this.#panic, panic !== undefined);
    setClass(this.element, "panicked", panic !== undefined);
    if (panic !== undefined) setText(this.#panic, panic === "" ? say("xray.floor.panic-silent") : panic);
  }
}
