import { execFile } from "node:child_process";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with Node to its end, however that is. */
export function runNode(
  script: string,
  words: readonly string[] = [],
  { cwd = process.cwd(), timeoutMs = 60_000 }: { cwd?: string; timeoutMs?: number } = {},
): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [script, ...words], { cwd, timeout: timeoutMs }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
      done({ code, stdout, stderr });
    });
  });
}
