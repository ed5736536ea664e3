import { describe, expect, test } from "vitest";
import type { ExecOptions, ExecOutcome, Machine } from "../machine/index.ts";
import type { ExitStatus } from "../protocol/agent.ts";
import { runScript } from "./guest-script.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A machine whose every command ends like this. */
function machineWith(status: ExitStatus, asked: ExecOptions[] = []): Pick<Machine, "exec"> {
  return {
    async exec(options): Promise<ExecOutcome> {
      asked.push(options);
      return { status, stdout: bytes("so far so good\n"), stderr: bytes("nsenter: no such thing\n") };
    },
  };
}

describe("a script in the guest", () => {
  test("runs in the machine, with an end to its patience", async () => {
    const asked: ExecOptions[] = [];
    await runScript(machineWith({ how: "exited", code: 0 }, asked), "the rehearsal", "lsns\n", 5000);
    expect(asked).toMatchObject([{ argv: ["bash", "-c", "lsns\n"] }]);
    expect(asked[0]?.timeoutMs).toBe(5000);
  });

  test.each<[string, ExitStatus]>([
    ["exit 3", { how: "exited", code: 3 }],
    ["signal 9", { how: "signalled", signal: 9 }],
    ["timeout", { how: "timed-out" }],
  ])("that ends with %s is an error that says what it said", async (how, status) => {
    await expect(runScript(machineWith(status), "the rehearsal", "lsns", 5000)).rejects.toMatchObject({
      code: "exec-failed",
      message: `the rehearsal failed (${how}); it said:\nso far so good\nnsenter: no such thing\n`,
    });
  });
});
