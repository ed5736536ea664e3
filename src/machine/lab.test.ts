import { expose } from "comlink";
import { afterEach, expect, test } from "vitest";
import { poll } from "../../tests/support/poll.ts";
import { CodedError, Emitter, toWireError } from "../base/index.ts";
import type { BootSpec, MachineEvent, ReleaseProfile } from "../protocol/machine.ts";
import { createLab } from "./lab.ts";
import { createMachine } from "./machine.ts";
import type { Lab, LabEvent } from "./lab-types.ts";
import type { WorkerHandle } from "./worker-handle.ts";

const MIB = 1024 * 1024;
const PROFILE = {
  manifest: { memory: { default: 128, minimum: 64 } },
  snapshot: { memory: 128 },
} as unknown as ReleaseProfile;
const WASM = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

/** A worker whose guest does as it is told. */
class FakeWorker {
  readonly borrows: boolean;
  readonly death = new Emitter<string>();
  readonly handle: WorkerHandle;
  spec: BootSpec | undefined;
  readonly ran: string[] = [];
  disposed = false;

  constructor(borrows: boolean, refusal: CodedError | undefined) {
    this.borrows = borrows;
    const { port1, port2 } = new MessageChannel();
    const ports = [port1, port2];
    const ok = (value?: unknown) => ({ events: 0, ok: true, value });
    expose(
      {
        boot: (_call: number, spec: BootSpec, events: MessagePort) => {
          this.spec = spec;
          ports.push(events);
          if (refusal !== undefined) return { events: 0, ok: false, error: toWireError(refusal) };
          const running: MachineEvent = { kind: "phase", phase: "running" };
          events.postMessage(running, []);
          return { ...ok(), events: 1 };
        },
        lend: () => ok({ wasm: WASM, snapshot: new Blob(["a snapshot"]) }),
        plug: (port: MessagePort) => {
          ports.push(port);
          return ok();
        },
        exec: (_call: number, { argv }: { readonly argv: readonly string[] }, port: MessagePort) => {
          this.ran.push(argv.join(" "));
          port.postMessage({ kind: "end" });
          const none = new Uint8Array(0);
          return ok({ status: { how: "exited", code: 0 }, stdout: none, stderr: none });
        },
        readFile: () => ok(new Uint8Array(0)),
        writeFile: () => ok(),
      },
      port1,
    );
    this.handle = {
      endpoint: port2,
      onDeath: this.death.event,
      dispose: () => {
        this.disposed = true;
        for (const port of ports) port.close();
      },
    };
  }
}

const labs: Lab[] = [];
const workers: FakeWorker[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose();
  const left = workers.splice(0).filter(({ disposed }) => !disposed);
  if (left.length > 0) throw new Error(`${left.length} workers were left`);
});

/** @param refusals What the boot of each worker, in order, ends with; undefined for a good one. */
async function setUp(count: number, refusals: readonly (CodedError | undefined)[] = []) {
  const events: LabEvent[] = [];
  const lab = await createLab({
    machines: Array.from({ length: count }, () => ({})),
    profile: PROFILE,
    store: "/",
    budgetBytes: 1024 * MIB,
    startWorker: (borrows) => {
      const worker = new FakeWorker(borrows, refusals[workers.length]);
      workers.push(worker);
      return worker.handle;
    },
    onEvent: (event) => events.push(event),
  });
  labs.push(lab);
  return { lab, events };
}

const NO_MEMORY = new CodedError("out-of-memory", "there is no memory left for this machine");
const names = (lab: Lab): string[] => lab.machines.map(({ name }) => name);

test("the first machine lends, all others borrow; and a worker waits for the next one", async () => {
  const { lab } = await setUp(3);
  expect(workers.map(({ borrows, spec }) => [borrows, spec?.lends, spec?.borrowed !== undefined])).toEqual([
    [false, true, false],
    [true, false, true],
    [true, false, true],
  ]);
  expect(await workers[2]?.spec?.borrowed?.snapshot?.text()).toBe("a snapshot");
  await Promise.all(lab.machines.map(({ reachable }) => reachable));
  await poll(() => workers.length === 4, { what: "the spare worker" });
  await lab.add();
  expect(workers).toHaveLength(4);
  expect(workers[3]?.spec?.hostName).toBe("machine-4");
});

test("a machine without memory is told of and is not there; the others are, and its place is free again", async () => {
  const { lab, events } = await setUp(3, [undefined, NO_MEMORY]);
  expect(names(lab)).toEqual(["machine-1", "machine-3"]);
  expect(events).toContainEqual({
    kind: "failed",
    name: "machine-2",
    error: expect.objectContaining({ code: "out-of-memory" }),
  });
  expect(lab.switch.ports).toHaveLength(2);
  expect(workers[1]?.disposed).toBe(true);
  expect((await lab.add()).name).toBe("machine-2");
});

test("when the first machine fails, the next one lends; when all do, the lab fails with the first reason", async () => {
  const { lab } = await setUp(2, [NO_MEMORY]);
  expect(names(lab)).toEqual(["machine-2"]);
  expect(workers.map(({ borrows, spec }) => [borrows, spec?.lends])).toEqual([
    [false, true],
    [false, true],
  ]);
  lab.dispose();
  const from = workers.length;
  const all = Array.from({ length: from + 2 }, () => NO_MEMORY);
  await expect(setUp(2, all)).rejects.toMatchObject({ code: "out-of-memory" });
});

test("a worker that dies takes its machine off the switch, and no other", async () => {
  const { lab, events } = await setUp(2);
  const [first, second] = lab.machines;
  workers[0]?.death.fire("out of memory");
  expect(first?.machine.phase).toBe("crashed");
  expect(events).toContainEqual({
    kind: "machine",
    name: "machine-1",
    notice: expect.objectContaining({
      phase: "crashed",
      error: expect.objectContaining({ code: "machine-gone" }),
    }),
  });
  expect(lab.switch.ports.map(({ name }) => name)).toEqual(["machine-2"]);
  expect((await second?.machine.exec({ argv: ["true"] }))?.status).toEqual({ how: "exited", code: 0 });
  await expect(first?.machine.exec({ argv: ["true"] })).rejects.toMatchObject({ code: "machine-gone" });
  lab.remove("machine-1");
  expect(names(lab)).toEqual(["machine-2"]);
});

test("a machine that was started by itself is taken in: named, plugged in, and the lab's to dispose", async () => {
  const { lab } = await setUp(0);
  const alone = new FakeWorker(false, undefined);
  workers.push(alone);
  const machine = await createMachine({ profile: PROFILE, store: "/" }, () => alone.handle);
  const member = lab.adopt(machine, { name: "first", memory: 128 });
  await member.reachable;
  expect(member).toMatchObject({ name: "first", address: "10.10.1.1", machine });
  const [introduced] = alone.ran;
  expect(introduced).toContain("echo first > /proc/sys/kernel/hostname");
  expect(introduced).toContain("10.10.1.1");
  expect(lab.memory.machines).toHaveLength(1);
  expect(() => lab.adopt(machine, { name: "first" })).toThrow(
    expect.objectContaining({ code: "bad-argument" }),
  );
  const second = await lab.add();
  expect(second.address).toBe("10.10.1.2");
  // It has lent nothing: the next one fetches what all others borrow.
  expect(workers[1]?.spec).toMatchObject({ lends: true, hostName: "machine-2" });
  lab.remove("first");
  expect(alone.disposed).toBe(true);
});
