import type { CodedError, Disposable, Event } from "../base/index.ts";
import type { Switch, SwitchOptions, SwitchPort } from "../switch/index.ts";
import type { LabMemory } from "./lab-memory.ts";
import type { Machine, MachineNotice, MachineOptions } from "./types.ts";
import type { WorkerHandle } from "./worker-handle.ts";

export interface LabMachineSpec {
  /** A host name, its own within the lab; `machine-NUMBER` if not given. */
  readonly name?: string;
  /** 1 (the default) to 254. Machines of different segments cannot reach each other. */
  readonly segment?: number;
  /** MiB; the lab's if not given. Another size than the snapshot's boots from firmware. */
  readonly memory?: number;
  /** The lab's if not given. */
  readonly from?: "firmware" | "snapshot";
}

export interface LabOptions extends Pick<MachineOptions, "profile" | "store" | "from" | "memory" | "signal"> {
  readonly machines: readonly LabMachineSpec[];
  /**
   * Starts a worker for one machine.
   *
   * @param borrows Whether it will be lent the emulator: it need not fetch one then ({@link BORROWER} is its name).
   */
  readonly startWorker: (borrows: boolean) => WorkerHandle;
  /** What the lab may take of the device's memory, in bytes; half of what the browser tells of if not given. */
  readonly budgetBytes?: number;
  readonly switch?: SwitchOptions;
  /** Told from the first moment on; the same events as {@link Lab.onEvent}. */
  readonly onEvent?: (event: LabEvent) => void;
}

/** What a lab tells about itself. */
export type LabEvent =
  | { readonly kind: "machine"; readonly name: string; readonly notice: MachineNotice }
  | { readonly kind: "added"; readonly name: string }
  | { readonly kind: "removed"; readonly name: string }
  /** It is not in the lab; the others are. */
  | { readonly kind: "failed"; readonly name: string; readonly error: CodedError };

/** A machine of a lab. */
export interface LabMachine {
  /** Its host name, by which the others of its segment find it. */
  readonly name: string;
  readonly segment: number;
  /** IPv4, in a /24 with its segment. */
  readonly address: string;
  /** `02:00:…` */
  readonly mac: string;
  /** The lab's to dispose: use `Lab.remove`. */
  readonly machine: Machine;
  /** Where it is connected, with its counters. */
  readonly port: SwitchPort;
  /**
   * Settles when the others of its segment reach it by its name, some time after its first prompt; rejects with
   * `exec-failed` and as `Machine.exec` when its network could not be set up.
   */
  readonly reachable: Promise<void>;
}

/**
 * Machines and the switch between them. There is no way out of it: what a machine sends reaches the other machines of
 * its segment and nobody else.
 */
export interface Lab extends Disposable {
  readonly machines: readonly LabMachine[];
  /** Its ports have counters; its capture has the packets. */
  readonly switch: Switch;
  /** What the lab takes as it is now. */
  readonly memory: LabMemory;
  readonly onEvent: Event<LabEvent>;
  /** @throws CodedError `bad-argument` when there is none of this name */
  machine(name: string): LabMachine;
  /**
   * Starts one more machine; settles when its agent answers. See {@link LabMachine.reachable}.
   * @throws CodedError `out-of-memory`, `bad-argument`, and as `createMachine`
   */
  add(spec?: LabMachineSpec, signal?: AbortSignal): Promise<LabMachine>;
  /**
   * Takes a machine in that was started by itself: it gets a name, a network card that is plugged in, and an address, and
   * is the lab's to dispose from now on. A shell that is open says its old name until it ends.
   *
   * @param spec With the memory that it has; `from` means nothing.
   * @throws CodedError `bad-argument`
   */
  adopt(machine: Machine, spec: LabMachineSpec): LabMachine;
  /** Ends a machine; the others go on. @throws CodedError `bad-argument` when there is none of this name */
  remove(name: string): void;
}
