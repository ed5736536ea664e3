import { expose, type Endpoint, transfer } from "comlink";
import { toWireError } from "../../src/base/index.ts";
import type { MachineWorker, MachineWorkerWire, Reply } from "../../src/protocol/machine.ts";

/** Offers a machine on an endpoint. Errors cross as values, since comlink alone would lose their codes. */
export function exposeMachine(
  machine: MachineWorker & { readonly eventsTold: number },
  endpoint?: Endpoint,
): void {
  const reply = async <T>(work: () => Promise<T>): Promise<Reply<T>> => {
    try {
      const value = await work();
      const answer: Reply<T> = { events: machine.eventsTold, ok: true, value };
      return value instanceof Uint8Array ? transfer(answer, [value.buffer]) : answer;
    } catch (error) {
      return { events: machine.eventsTold, ok: false, error: toWireError(error) };
    }
  };
  const wire: MachineWorkerWire = {
    boot: (...parameters) => reply(() => machine.boot(...parameters)),
    lend: () => reply(() => machine.lend()),
    plug: (...parameters) => reply(() => machine.plug(...parameters)),
    adoptable: () => reply(() => machine.adoptable()),
    openTerminal: (...parameters) => reply(() => machine.openTerminal(...parameters)),
    exec: (...parameters) => reply(() => machine.exec(...parameters)),
    readFile: (...parameters) => reply(() => machine.readFile(...parameters)),
    writeFile: (...parameters) => reply(() => machine.writeFile(...parameters)),
    statFile: (...parameters) => reply(() => machine.statFile(...parameters)),
    kill: (...parameters) => reply(() => machine.kill(...parameters)),
    writeConsole: (...parameters) => reply(() => machine.writeConsole(...parameters)),
    look: (...parameters) => reply(() => machine.look(...parameters)),
    watch: (...parameters) => reply(() => machine.watch(...parameters)),
    processTable: (...parameters) => reply(() => machine.processTable(...parameters)),
    checkpoint: (...parameters) => reply(() => machine.checkpoint(...parameters)),
    rewind: (...parameters) => reply(() => machine.rewind(...parameters)),
    forget: (...parameters) => reply(() => machine.forget(...parameters)),
    snapshot: (...parameters) => reply(() => machine.snapshot(...parameters)),
    exportSaved: (...parameters) => reply(() => machine.exportSaved(...parameters)),
    restore: (...parameters) => reply(() => machine.restore(...parameters)),
    keepHistory: (...parameters) => reply(() => machine.keepHistory(...parameters)),
    history: () => reply(() => machine.history()),
    pause: () => reply(() => machine.pause()),
    resume: () => reply(() => machine.resume()),
    stats: () => reply(() => machine.stats()),
    takeChunksUsed: () => reply(() => machine.takeChunksUsed()),
    retryFiles: () => reply(() => machine.retryFiles()),
    powerOff: () => reply(() => machine.powerOff()),
    abort: (...parameters) => reply(() => machine.abort(...parameters)),
  };
  expose(wire, endpoint);
}
