import type { Observation } from "../../isolation/index.ts";
import { RAM_USES } from "../../isolation/index.ts";
import { el, setAttributes, setShown, setText } from "./dom.ts";
import { amount, bytes, duration, percent } from "./format.ts";
import type { Say } from "./words.ts";

interface Reading {
  readonly element: HTMLElement;
  readonly value: HTMLElement;
}

function reading(name: string, term: string): Reading {
  const value = el("dd");
  const label = el("dt", "", name);
  label.dataset["term"] = term;
  return { element: el("div", "reading", label, value), value };
}

const ROW = ["cpu", "ips", "ram", "interrupts", "network", "uptime", "load", "processes"] as const;
type ReadingName = (typeof ROW)[number];

/** What the emulated machine does, whatever runs in it. */
export class MachineStrip {
  readonly element = el("dl", "strip");
  readonly #readings: Readonly<Record<ReadingName, Reading>>;
  readonly #cpuFill = el("span", "meter-fill");
  readonly #ramBar = el("dd", "ram-bar");
  readonly #ramParts = new Map<string, HTMLElement>();
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
    this.#readings = Object.fromEntries(
      ROW.map((name) => [name, reading(say(`xray.strip.${name}`), name)]),
    ) as unknown as Record<ReadingName, Reading>;
    for (const name of ROW) {
      this.#readings[name].element.classList.add(`reading-${name}`);
      this.element.append(this.#readings[name].element);
    }
    this.#readings.cpu.element.append(el("dd", "meter-bar", this.#cpuFill));
    for (const use of RAM_USES) {
      const part = el("span", `ram-part ram-${use}`);
      this.#ramParts.set(use, part);
      this.#ramBar.append(part);
    }
    this.#readings.ram.element.append(this.#ramBar);
  }

  update({ machine, kernel, processes }: Observation, before: Observation | undefined): void {
    const busy = machine?.halted === undefined ? undefined : 1 - machine.halted;
    this.#show("cpu", busy === undefined ? undefined : percent(busy));
    this.#cpuFill.style.width = percent(busy ?? 0).replace(" ", "");
    const ips = machine?.instructionsPerSecond;
    this.#show("ips", ips === undefined ? undefined : `${amount(ips)}/s`);
    this.#showRam(machine, kernel);
    const total = sum(machine?.interrupts);
    const seconds = before?.kernel && kernel ? (kernel.uptime - before.kernel.uptime) / 1000 : 0;
    const rate =
      before?.machine && seconds > 0 ? (total - sum(before.machine.interrupts)) / seconds : undefined;
    this.#show(
      "interrupts",
      machine === undefined
        ? undefined
        : rate === undefined
          ? amount(total)
          : `${amount(Math.max(0, rate))}/s`,
    );
    setAttributes(this.#readings.interrupts.element, {
      title: Object.entries(machine?.interrupts ?? {})
        .map(([name, count]) => `${name} ${count}`)
        .join(", "),
    });
    this.#show(
      "network",
      machine === undefined
        ? undefined
        : this.#say("xray.strip.frames", {
            sent: amount(machine.frames.sent),
            received: amount(machine.frames.received),
          }),
    );
    this.#show("uptime", kernel === undefined ? undefined : duration(kernel.uptime));
    this.#show("load", kernel?.load.map((one) => one.toFixed(2)).join(" "));
    this.#show("processes", String(processes.filter(({ kernelThread }) => !kernelThread).length));
  }

  #show(name: ReadingName, text: string | undefined): void {
    setShown(this.#readings[name].element, text !== undefined);
    if (text !== undefined) setText(this.#readings[name].value, text);
  }

  #showRam(machine: Observation["machine"], kernel: Observation["kernel"]): void {
    const use = machine?.ramUse;
    if (kernel === undefined) {
      this.#show("ram", machine === undefined ? undefined : bytes(machine.ram));
      return;
    }
    const { total, free } = kernel.memory;
    this.#show("ram", this.#say("xray.strip.ram-of", { used: bytes(total - free), total: bytes(total) }));
    setShown(this.#ramBar, use !== undefined);
    if (use === undefined) return;
    const pages = Object.values(use).reduce((all, count) => all + count, 0);
    for (const [name, part] of this.#ramParts) {
      const count = use[name as keyof typeof use];
      part.style.flexGrow = String(pages > 0 ? count / pages : 0);
      setAttributes(part, {
        title: `${this.#say(`xray.ram.${name as keyof typeof use}`)} ${bytes(count * 4096)}`,
      });
    }
  }
}

function sum(counts: Readonly<Record<string, number>> | undefined): number {
  return Object.values(counts ?? {}).reduce((all, count) => all + count, 0);
}
