import { spawnSync } from "node:child_process";
import type { ShellError } from "../../lessons/compile/index.ts";

/** A script that takes longer to be read than this is not one. */
const PATIENCE_MS = 5_000;

/** Whether there is a bash to ask. */
export function hasBash(): boolean {
  return spawnSync("bash", ["-c", "true"], { timeout: PATIENCE_MS, stdio: "ignore" }).status === 0;
}

/** Asks bash to read a script without running any of it (`bash -n`). Undefined when it can, or gives no answer. */
export function shellSyntax(): (script: string) => ShellError | undefined {
  const known = new Map<string, ShellError | undefined>();
  const ask = (script: string): ShellError | undefined => {
    const { status, stderr } = spawnSync("bash", ["--norc", "--noprofile", "-n"], {
      input: `${script}\n`,
      encoding: "utf8",
      timeout: PATIENCE_MS,
      // Its words are read below.
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
    });
    if (status === 0 || status === null) return undefined;
    const [, line = "1", what = "it is no command"] = /^bash: line (\d+): (.*)$/m.exec(stderr) ?? [];
    const last = script.split("\n").length;
    return { line: Math.min(Number(line), last), what: what.replace(/^syntax error: /, "") };
  };
  return (script) => {
    if (!known.has(script)) known.set(script, ask(script));
    return known.get(script);
  };
}
