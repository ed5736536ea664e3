import type { Reading } from "./reading.ts";

/** Of one node: the guest's kernel is configured small (`XA_CHUNK_SHIFT` of linux/xarray.h without CONFIG_BASE_FULL). */
const LINES = 16;
const LONGEST_NAME = 32;
const MOST_ACTIONS = 8;
/** An inner node's address has this bit (`xa_mk_node` of linux/xarray.h). */
const INNER = 2;

/** How often each line asked since boot, by the names of who listens; lines that were silent are left out. */
export function readInterrupts(reading: Reading): Record<string, number> {
  const { memory, kernel } = reading;
  const head = memory.u32(kernel.symbols.irqs + kernel.xarray.xa_head);
  const counts: Record<string, number> = {};
  if ((head & 3) !== INNER) return counts;
  const node = head - INNER;
  // More than one level has no machine of ours.
  if (memory.u8(node + kernel.xaNode.shift) !== 0) return counts;
  for (let line = 0; line < LINES; line++) {
    const irq = memory.u32(node + kernel.xaNode.slots + line * 4);
    if (irq === 0 || (irq & 3) !== 0) continue;
    const stats = memory.u32(irq + kernel.irq.kstat_irqs);
    const count = stats === 0 ? 0 : memory.u32(stats);
    if (count === 0) continue;
    const names: string[] = [];
    let action = memory.u32(irq + kernel.irq.action);
    while (action !== 0 && names.length < MOST_ACTIONS) {
      names.push(memory.text(memory.u32(action + kernel.irqAction.name), LONGEST_NAME));
      action = memory.u32(action + kernel.irqAction.next);
    }
    counts[`${line} ${names.join(", ")}`.trim()] = count;
  }
  return counts;
}
