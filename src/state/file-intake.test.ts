import { describe, expect, test } from "vitest";
import { CodedError, concatBytes, deferred, withAbort } from "../base/index.ts";
import type { Machine } from "../machine/index.ts";
import { FileIntake, type GivenFile, INTAKE_COUNT, INTAKE_LIMIT, type IntakeState } from "./file-intake.ts";

const PASSWD = "root:x:0:0::/root:/bin/bash\nlearner:x:1000:1000::/home/learner:/bin/bash\n";

interface Unpacked {
  readonly path: string;
  readonly user: string | undefined;
  readonly bytes: Uint8Array;
}

/** What of a machine is used here; it takes archives as `take` says. */
function fakeMachine(take: (signal: AbortSignal | undefined) => Promise<void> = async () => undefined): {
  readonly machine: Machine;
  readonly unpacked: Unpacked[];
} {
  const unpacked: Unpacked[] = [];
  const machine: Pick<Machine, "phase" | "readFile" | "unpackFolder"> = {
    phase: "running",
    readFile: async () => new TextEncoder().encode(PASSWD),
    async unpackFolder(path, archive, { user, signal } = {}) {
      await take(signal);
      const pieces: Uint8Array[] = [];
      for await (const piece of archive as AsyncIterable<Uint8Array>) pieces.push(piece);
      unpacked.push({ path, user, bytes: concatBytes(pieces) });
    },
  };
  return { machine: machine as Machine, unpacked };
}

const file = (path: string, content = "x"): GivenFile => ({ path, content: new Blob([content]) });

async function outcome(given: readonly GivenFile[], machine: Machine | undefined): Promise<IntakeState> {
  const intake = new FileIntake();
  await intake.take(given, "learner", machine);
  return intake.state.value;
}

describe("files of a learner", () => {
  test("go to the home of the terminal's user, as that user", async () => {
    const { machine, unpacked } = fakeMachine();
    const given = [{ path: "work", content: undefined }, file("work/a", "inside"), file("b")];
    expect(await outcome(given, machine)).toEqual({ kind: "copied", names: ["work", "b"], leftOut: 0 });
    expect(unpacked).toMatchObject([{ path: "/home/learner", user: "learner" }]);
    const text = new TextDecoder().decode(unpacked[0]?.bytes);
    for (const part of ["work/\0", "work/a\0", "inside\0", "b\0"]) expect(text).toContain(part);
  });

  test("with names that lead elsewhere are left out, and counted", async () => {
    const { machine, unpacked } = fakeMachine();
    expect(await outcome([file("../x"), file("y")], machine)).toMatchObject({ names: ["y"], leftOut: 1 });
    expect(new TextDecoder().decode(unpacked[0]?.bytes)).not.toContain("../");
  });

  test("are refused when nothing can become of them, and nothing is copied then", async () => {
    const { machine, unpacked } = fakeMachine();
    const large = { path: "a", content: { size: INTAKE_LIMIT + 1 } as Blob };
    const many = Array.from({ length: INTAKE_COUNT + 1 }, (_, i) => file(`${i}`));
    expect(await outcome([large], machine)).toEqual({ kind: "refused", reason: "too-large" });
    expect(await outcome(many, machine)).toEqual({ kind: "refused", reason: "too-many" });
    expect(await outcome([file("..")], machine)).toEqual({ kind: "refused", reason: "nothing" });
    expect(await outcome([], machine)).toEqual({ kind: "refused", reason: "nothing" });
    expect(await outcome([file("a")], undefined)).toEqual({ kind: "refused", reason: "no-machine" });
    expect(unpacked).toEqual([]);
  });

  test("that the browser cannot read are told as that", async () => {
    const { machine } = fakeMachine();
    const stream = (): ReadableStream => new ReadableStream({ start: (c) => c.error(new Error("gone")) });
    const lost = { path: "a", content: { size: 1, stream } as Blob };
    expect(await outcome([lost], machine)).toEqual({ kind: "refused", reason: "unreadable" });
  });

  test("that the machine does not take fail with its error", async () => {
    const { machine } = fakeMachine(async () => {
      throw new CodedError("file-failed", "no space");
    });
    expect(await outcome([file("a")], machine)).toMatchObject({
      kind: "failed",
      error: { code: "file-failed" },
    });
  });

  test("are copied one lot at a time, and stop when told to", async () => {
    const never = deferred<void>();
    const { machine, unpacked } = fakeMachine((signal) => withAbort(never.promise, signal));
    const intake = new FileIntake();
    const first = intake.take([file("a")], "learner", machine);
    await intake.take([file("b")], "learner", machine);
    intake.forget();
    expect(intake.state.value).toEqual({ kind: "copying", done: 0, total: 1 });
    intake.stop();
    await first;
    expect(intake.state.value).toEqual({ kind: "stopped" });
    expect(unpacked).toEqual([]);
  });
});
