/** Saves a machine under load and goes back to it, again and again, in every way there is. */
import { CodedError } from "../../src/base/index.ts";
import type { Machine } from "../../src/machine/index.ts";
import { poll } from "./poll.ts";
import { seeded } from "./random.ts";

/**
 * A program for i386 that ends with 1 as soon as its floating point changes under its feet. Its source, for GNU as:
 *
 *     _start: ldmxcsr mx; fldcw cw; call third; mov %eax,%ebx
 *     1: call third; cmp %ebx,%eax; jne 2f
 *        stmxcsr tmp; mov tmp,%eax; and $0xffffffc0,%eax; cmp mx,%eax; jne 2f
 *        fstcw tmp; mov tmp,%ax; cmp cw,%ax; je 1b
 *     2: mov $1,%eax; mov $1,%ebx; int $0x80
 *     third: (1 / 3 with divss, its bits in eax)
 *     mx: .long 0x7f80   # rounds towards zero, which is not how it starts
 *     cw: .word 0x0f7f
 */
const FLOATING_POINT = `
H4sIAAAAAAACA6t39XFjZGRkgAEmBmYGEC+kgYXDBEh/gIqbMCgAxTUYWGDyUDUg3AJkdwAxOxCzADH/OtFLQOGbuteA5A6Q6s/8Wgd2MkMYJz
/zxx1M4687jFPmgOWNUl3+dbI3gNoXgojmBwesWUFGlorNvmkLEkkDi6dZs4KsKNkKNmo3iDjb0FDPwFDPz6BXnFFcUlSSmMSgV5JaUcKgl1Rc
zEA84AZiRqifwP4E0i1I8rAQEwRiDiAGeQHkpBvQMIABFiT1zEjiIHViWMwDAM2W7U2QAQAA`;

/** Each part counts what it has done in a file of its own (never empty: it is written over), and writes `bad` when it finds what must not be. */
const LOAD = `
mkdir /tmp/load && cd /tmp/load
cat >load.sh <<'END'
bad() { echo "$*" >>bad; }

# A stream over TCP: the numbers arrive, each once and in order. (nc ends when its input does.)
tail -f /dev/null | nc -l -p 7000 | {
  n=0
  while read -r got; do
    [ "$got" = $n ] || { bad "the stream has $got where $n should be"; break; }
    n=$((n + 1)); ((n % 64)) || echo $n 1<>stream.count
  done
  bad "the stream ended"
} &
until grep -q ':1B58 .* 0A' /proc/net/tcp /proc/net/tcp6; do :; done
{ n=0; while :; do echo $n; n=$((n + 1)); done; } | nc 127.0.0.1 7000 &

# A growing file of which each line has a checksum over all before it.
n=0; sum=1; while :; do
  sum=$(((sum * 31 + n) & 0xffffff)); echo "$n $sum" >>lines
  n=$((n + 1)); echo $n 1<>file.count
done &

# Forks, each of which must end as it should.
n=0; while :; do
  (exit 3); [ $? = 3 ] || bad "a child ended with $?"
  n=$((n + 1)); echo $n 1<>fork.count
done &

base64 -d <<<"$FLOATING_POINT" | gzip -d >fp && chmod +x fp
{ ./fp; bad "the floating point unit has changed"; } &
wait
END
setsid bash load.sh </dev/null >load.log 2>&1 &
`;

const KERNEL_TROUBLE = /WARNING|BUG|Oops|Call Trace|soft lockup|hung task|rcu.*stall/;

export interface CycleOptions {
  readonly machine: Machine;
  /** A machine in another worker from what was saved. */
  readonly restored: (saved: Blob) => Promise<Machine>;
  readonly seed: number;
  readonly cycles: number;
}

async function run(machine: Machine, script: string): Promise<string> {
  const { status, stdout, stderr } = await machine.exec({
    argv: ["bash", "-c", script],
    env: { FLOATING_POINT },
    timeoutMs: 60_000,
  });
  if (status.how === "exited" && status.code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`a script ended with ${JSON.stringify(status)}: ${new TextDecoder().decode(stderr)}`);
}

/** Files are read by the agent: under this load, a program that is started takes a second. */
async function read(machine: Machine, name: string): Promise<string> {
  try {
    return new TextDecoder().decode(await machine.readFile(`/tmp/load/${name}`));
  } catch (error) {
    if (error instanceof CodedError && error.code === "file-failed") return "";
    throw error;
  }
}

/** What the load has done. @throws when it found anything wrong */
async function counts(machine: Machine): Promise<number[]> {
  const trouble = (await read(machine, "bad")) + (await read(machine, "load.log"));
  if (trouble !== "") throw new Error(`the load has found: ${trouble}`);
  const parts = ["stream", "file", "fork"].map((part) => read(machine, `${part}.count`));
  return (await Promise.all(parts)).map(Number);
}

/** The sums of the growing file, once more. */
async function checkLines(machine: Machine): Promise<void> {
  let sum = 1;
  // What follows the last end of line is being written.
  for (const [n, line] of (await read(machine, "lines")).split("\n").slice(0, -1).entries()) {
    sum = (sum * 31 + n) & 0xffffff;
    if (line !== `${n} ${sum}`) throw new Error(`line ${n} of the growing file is "${line}"`);
  }
}

/** Lets the guest do some work: so many instructions from now on. */
async function work(machine: Machine, instructions: number): Promise<void> {
  const { instructions: before } = await machine.stats();
  await poll(async () => (await machine.stats()).instructions > before + instructions, {
    what: "the guest to go on",
    interval: 2,
    timeout: 60_000,
  });
}

/**
 * Runs the cycles; afterwards the load has gone on in each of its parts.
 * @returns the machine that it ended in, and how many cycles went which way
 * @throws when anything of the load broke
 */
export async function runSaveCycles(
  options: CycleOptions,
): Promise<{ readonly machine: Machine; readonly ways: Readonly<Record<string, number>> }> {
  const random = seeded(options.seed);
  const between = (least: number, most: number): number => Math.floor(least + random() * (most - least));
  let { machine } = options;
  await run(machine, LOAD);
  await poll(async () => (await counts(machine)).every((count) => count > 0), { timeout: 30_000 });
  const ways: Record<string, number> = { checkpoint: 0, "in place": 0, "another worker": 0 };
  for (let cycle = 0; cycle < options.cycles; cycle++) {
    await work(machine, between(1e5, 3e7));
    const way = Object.keys(ways)[between(0, 3)] ?? "";
    ways[way] = (ways[way] ?? 0) + 1;
    const before = await counts(machine);
    if (way === "checkpoint") {
      const checkpoint = await machine.checkpoint();
      await work(machine, between(1e5, 2e7));
      await machine.rewind(checkpoint);
      machine.forget(checkpoint);
    } else if (way === "in place") {
      const saved = await machine.snapshot();
      await work(machine, between(1e5, 2e7));
      await machine.restore(saved);
    } else {
      const saved = await machine.exportSaved();
      machine.dispose();
      machine = await options.restored(saved);
    }
    // Each part has gone on from where it was.
    let after: number[] = [];
    await poll(
      async () => {
        after = await counts(machine);
        return after.every((count, part) => count > (before[part] ?? 0));
      },
      { timeout: 60_000, interval: 50 },
    ).catch((cause: unknown) => {
      const went = `${before.join(", ")} before, ${after.join(", ")} after`;
      throw new Error(`a part of the load stands still after cycle ${cycle} (${way}): ${went}`, { cause });
    });
    await checkLines(machine);
  }
  const trouble = (await run(machine, "dmesg")).split("\n").filter((line) => KERNEL_TROUBLE.test(line));
  if (trouble.length > 0) throw new Error(`the kernel says: ${trouble.join("\n")}`);
  return { machine, ways };
}
