// Starts two Linux machines on a switch, lets one ask for the other by its name, and prints the packets that went between.
import { createLab } from "vivarium";

const lab = await createLab({ machines: [{}, {}] });
try {
  await Promise.all(lab.machines.map(({ reachable }) => reachable));
  const { machine } = lab.machine("machine-1");
  const { status, stdout } = await machine.exec({
    argv: ["ping", "-c", "1", "machine-2"],
    timeoutMs: 30_000,
  });
  process.stdout.write(stdout);
  for (const { from, to, protocol, info } of lab.switch.capture.packets()) {
    if (protocol === "ICMP") console.log(`${from} > ${to} ${info}`);
  }
  process.exitCode = status.how === "exited" ? status.code : 1;
} finally {
  // The machines are threads: without this the process would live on.
  lab.dispose();
}
