import { CodedError, type Disposable, DisposableStore, Turns } from "../base/index.ts";
import type { SwitchPort } from "../switch/index.ts";
import { labAddress, labMac, macText } from "./addresses.ts";
import { type Host, withLabHosts } from "./hosts-file.ts";
import type { LabMachine } from "./lab-types.ts";
import type { Machine } from "./types.ts";

const HOSTS = "/etc/hosts";
const SETUP_MS = 30_000;

export interface Place {
  readonly name: string;
  readonly segment: number;
  /** From 1 on, its own within the lab. */
  readonly number: number;
  /** MiB. */
  readonly memory: number;
  readonly from: "firmware" | "snapshot";
  /** It was there before the lab: its name is another still, and it may go back to a time before it came. */
  readonly isAdopted?: boolean;
}

/** A machine of a lab and all that the lab holds for it. */
export class LabMember implements LabMachine, Disposable {
  readonly name: string;
  readonly segment: number;
  readonly number: number;
  readonly address: string;
  readonly mac: string;
  readonly machine: Machine;
  readonly port: SwitchPort;
  readonly reachable: Promise<void>;
  readonly #owned = new DisposableStore();
  /** One change of the hosts file after the other. */
  readonly #turns = new Turns();
  readonly #hosts: () => readonly Host[];

  /**
   * @param cable The other end of `port`.
   * @param hosts Whom the machine shall know by name: asked each time.
   * @param told Settles when the others know it by name.
   */
  constructor(
    place: Place,
    { machine, port, cable }: { machine: Machine; port: SwitchPort; cable: MessagePort },
    hosts: () => readonly Host[],
    told: Promise<void>,
  ) {
    this.name = place.name;
    this.segment = place.segment;
    this.number = place.number;
    this.address = labAddress(place.segment, place.number);
    this.mac = macText(labMac(place.segment, place.number));
    this.machine = machine;
    this.port = port;
    this.#hosts = hosts;
    this.#owned.add(port);
    this.#owned.add(machine);
    this.#owned.add(
      machine.onEvent((notice) => {
        // A machine that went back in time may know others than are there now.
        if (notice.kind === "phase" && notice.phase === "running") {
          void this.nameHosts();
          if (place.isAdopted === true) this.#introduce().catch(() => undefined);
        }
        // An emulator that failed may be brought back from a checkpoint; a worker that is gone may not.
        const gone = notice.kind === "phase" && notice.phase === "crashed";
        if (gone && notice.error?.code !== "machine-crashed") port.dispose();
      }),
    );
    this.reachable = this.#setUp(cable, place).then(() => told);
    // Not everyone waits for the network.
    this.reachable.catch(() => undefined);
  }

  /** Gives the guest's card its address. */
  async #setUp(cable: MessagePort, { isAdopted = false }: Place): Promise<void> {
    await this.machine.plug(cable);
    const naming = this.nameHosts();
    await (isAdopted ? this.#introduce() : this.#run(["ip", "-batch", "-"], this.#network));
    await naming;
  }

  get #network(): string {
    return [
      `link set eth0 address ${this.mac}`,
      `address add ${this.address}/24 broadcast + dev eth0`,
      "link set eth0 up\n",
    ].join("\n");
  }

  /** Names a machine that was called something else, and gives its card its address; nothing where both are so. */
  async #introduce(): Promise<void> {
    const script = [
      `ip -o -4 address show dev eth0 | grep -qF " ${this.address}/" && exit 0`,
      `echo ${this.name} > /proc/sys/kernel/hostname`,
      "ip -batch -",
    ].join("\n");
    await this.#turns.run(() => this.#run(["sh", "-c", script], this.#network));
  }

  async #run(argv: readonly string[], stdin: string): Promise<void> {
    const { status, stderr } = await this.machine.exec({ argv, stdin, timeoutMs: SETUP_MS });
    if (status.how !== "exited" || status.code !== 0) {
      const words = new TextDecoder().decode(stderr).trim();
      throw new CodedError("exec-failed", `${this.name} could not be given its address: ${words}`);
    }
  }

  /** Writes who is there into the guest. A machine that cannot take it now is asked again at its next change. */
  async nameHosts(): Promise<void> {
    await this.#turns.run(async () => {
      try {
        const before = new TextDecoder().decode(await this.machine.readFile(HOSTS));
        const after = withLabHosts(before, this.#hosts());
        if (after !== before) await this.machine.writeFile(HOSTS, after);
      } catch {
        // One that is hung, off or gone cannot be told; it is when it runs again.
      }
    });
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
