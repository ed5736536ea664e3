// Starts a Linux machine in this process, runs a script in it, and prints what it said.
import { createMachine } from "vivarium";

const SCRIPT = `
read -r _ _ release _ </proc/version
echo "Linux $release, process $$ here"
unshare --pid --fork sh -c 'echo "process $$ in a PID namespace of its own"'
`;

const machine = await createMachine({ hostName: "example" });
try {
  const { status, stdout, stderr } = await machine.exec({ argv: ["sh", "-c", SCRIPT], timeoutMs: 30_000 });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status.how === "exited" ? status.code : 1;
} finally {
  // The machine is a thread: without this the process would live on.
  machine.dispose();
}
