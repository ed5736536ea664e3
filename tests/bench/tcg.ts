import { spawn, spawnSync } from "node:child_process";
import { chmodSync, lchownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decompress, init } from "@bokuweb/zstd-wasm";
import { readManifest } from "../../src/cli/index.ts";
import { ROOT } from "../../tools/build.mjs";

/** A directory of the tree: its entries hold name, size, mtime, mode, uid, gid, and a hash, target or children. */
type Entry = [string, number, number, number, number, number, string | Entry[]];

const TYPE = 0o170000;
const DIRECTORY = 0o040000;
const LINK = 0o120000;

const stored = (name: string): Uint8Array =>
  decompress(readFileSync(join(ROOT, "images/prebuilt/store", name)));

/** True where the peer of `cold-boot` can be run. */
export function hasTcg(): boolean {
  return spawnSync("qemu-system-i386", ["--version"]).status === 0 && process.getuid?.() === 0;
}

/** Lays the root file system out in a folder, with its owners and modes, as QEMU's 9p server wants it. */
export async function unpackRoot(folder: string): Promise<{ kernel: string }> {
  await init();
  const manifest = await readManifest("base");
  const tree = JSON.parse(new TextDecoder().decode(stored(manifest.tree.sha256))) as {
    entries: Entry[];
    chunks: Record<string, [string, number][]>;
  };
  const lay = (entries: readonly Entry[], into: string): void => {
    for (const [name, size, , mode, uid, gid, content] of entries) {
      const path = join(into, name);
      if ((mode & TYPE) === DIRECTORY && typeof content !== "string") {
        mkdirSync(path);
        lay(content, path);
      } else if ((mode & TYPE) === LINK) {
        symlinkSync(String(content), path);
      } else {
        const chunks =
          tree.chunks[String(content)]?.map(([chunk]) => chunk) ?? (size === 0 ? [] : [String(content)]);
        writeFileSync(path, Buffer.concat(chunks.map(stored)));
      }
      lchownSync(path, uid, gid);
      if ((mode & TYPE) !== LINK) chmodSync(path, mode & 0o7777);
    }
  };
  const root = join(folder, "root");
  mkdirSync(root);
  lay(tree.entries, root);
  const kernel = join(folder, "bzImage");
  writeFileSync(kernel, stored(manifest.kernel.sha256));
  return { kernel };
}

/** Boots the very files in QEMU's own emulator; the milliseconds until the agent introduces itself. */
export async function bootInTcg(folder: string, kernel: string, memoryMib: number): Promise<number> {
  const manifest = await readManifest("base");
  const start = performance.now();
  const child = spawn(
    "qemu-system-i386",
    [
      ...["-accel", "tcg", "-m", String(memoryMib), "-display", "none", "-no-reboot", "-nic", "none"],
      ...["-kernel", kernel, "-append", manifest.commandLine, "-serial", "null", "-monitor", "none"],
      ...[
        "-virtfs",
        `local,path=${join(folder, "root")},mount_tag=host9p,security_model=passthrough,readonly=on`,
      ],
      ...[
        "-device",
        "virtio-serial-pci",
        "-chardev",
        "stdio,id=agent",
        "-device",
        "virtconsole,chardev=agent",
      ],
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("QEMU did not come up within a minute")), 60_000);
      child.on("error", reject);
      child.on("exit", (code) => reject(new Error(`QEMU ended with code ${code}`)));
      child.stdout.once("data", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return performance.now() - start;
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}
