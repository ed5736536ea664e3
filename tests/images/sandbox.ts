/**
 * The image scripts in a directory of their own: small packages, an archive that is a directory, a PATH whose build
 * tools are the stand-ins beside this file, and artifacts of an earlier build. `images/build` runs there from end to end
 * within a second; a test plans what goes wrong, and when.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { poll } from "../support/poll.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const STAND_INS = join(import.meta.dirname, "stand-ins");
const NOT_COPIED = new Set(["prebuilt", "licences", "containers"]);

/** What the scripts take from the machine as it is. */
const HOST_TOOLS =
  "basename bash cat chmod cmp comm cp cut date df diff dirname du env find flock git grep head ln ls mkdir mktemp mv " +
  "nproc rm sed sha256sum sleep sort tail tar tee touch tr uname wc";
/** Tools that only have to be there. */
const IDLE_TOOLS = "bc bison dpkg-source flex gdb ld make objcopy objdump pahole patch readelf xz";

/** The packages of the archive: name → files. */
const PACKAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alpha: { "usr/bin/alpha": "alpha 1\n", "usr/share/doc/alpha/copyright": "alpha's licence\n" },
  "base-files": { "usr/share/common-licenses/GPL-2": "the GPL\n" },
  "libc-bin": { "sbin/ldconfig": '#!/bin/bash\nmkdir -p "$5/etc" && echo cache > "$5/etc/ld.so.cache"\n' },
  "linux-libc-dev": { "usr/include/linux.h": "\n" },
  "linux-source-6.1": { "usr/src/linux": "source\n" },
  "musl-dev": { "usr/lib/libc.a": "\n" },
  seabios: { "usr/share/seabios/bios.bin": "firmware\n" },
};

/** The lists that take the place of the real ones. */
const LISTS: Readonly<Record<string, string>> = {
  packages: Object.keys(PACKAGES)
    .filter((name) => name !== "alpha")
    .join("\n"),
  "base/files": "@alpha\n/usr/bin/alpha\n",
  "base/layout": "dir 0755 0 0 /proc\n",
  "base/stubs": "libnone.so.1 - 0 - nothing\n",
  "containers/files": "",
  "containers/layout": "dir 0755 0 0 /var\n",
  "containers/stubs": "",
  "containers/command-line": "",
  "containers/memory": "256 160\n",
  "containers/root/etc/motd": "containers\n",
};

/** How long a run may take to a moment that is waited for. */
export const MOMENT_MS = 60_000;

interface Ended {
  readonly status: number | null;
  readonly said: string;
}

/** A command of the image room that was started in a sandbox. */
export class Run {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  said = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (bytes: Buffer) => (this.said += bytes.toString()));
    }
    this.ended = new Promise((settle, reject) => {
      child.on("error", reject);
      child.on("close", (status) => settle({ status, said: this.said }));
    });
  }

  /** As a service manager does it: the command's own process only. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** As a terminal does it for Ctrl+C: the whole foreground process group. */
  interrupt(): void {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGINT");
  }
}

function writeTree(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    // Never through a link: the PATH of a sandbox leads to the machine's own tools.
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    rmSync(path, { force: true });
    writeFileSync(path, content, { flag: "wx", ...(mode === undefined ? {} : { mode }) });
    if (/^s?bin\//.test(name)) chmodSync(path, 0o755);
  }
}

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "vivarium-images-"));
  readonly images = join(this.root, "images");
  /** A cache may be shared by several sandboxes. */
  readonly cache: string;

  constructor(cache?: string) {
    this.cache = cache ?? join(this.root, "cache");
    for (const name of ["bin", "host", "tmp", "hooks", "archive"]) mkdirSync(join(this.root, name));
    cpSync(join(ROOT, "images"), this.images, {
      recursive: true,
      filter: (from) =>
        dirname(from) !== join(ROOT, "images") || !NOT_COPIED.has(from.slice(ROOT.length + 8)),
    });
    writeTree(this.images, LISTS);
    for (const name of ["build", "describe.mjs"]) {
      copyFileSync(join(STAND_INS, `kernel-${name}`), join(this.images, "kernel", name));
    }
    this.#fillBin();
    for (const [name, files] of Object.entries(PACKAGES)) this.offer(name, files);
    this.writeLock();
    writeTree(this.images, {
      "prebuilt/base.json": '{"old": true, "totals": {"stored": 1}}\n',
      "prebuilt/store/00": "old content\n",
      "licences/old.txt": "an old licence\n",
      "NOTICE.md": "old notice\n",
      "SOURCES.md": "old sources\n",
    });
    // What the manifest above names is not read: a build makes both profiles anew.
    writeTree(this.images, { "prebuilt/containers.json": '{"old": true, "totals": {"stored": 1}}\n' });
  }

  #fillBin(): void {
    const bin = join(this.root, "bin");
    const which = (tool: string): string =>
      execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
    for (const tool of HOST_TOOLS.split(" ")) symlinkSync(which(tool), join(bin, tool));
    symlinkSync(process.execPath, join(bin, "node"));
    symlinkSync(which("mv"), join(this.root, "host/mv"));
    for (const tool of readdirSync(STAND_INS)) {
      rmSync(join(bin, tool), { force: true });
      copyFileSync(join(STAND_INS, tool), join(bin, tool));
    }
    for (const tool of IDLE_TOOLS.split(" ")) copyFileSync(join(STAND_INS, "tool"), join(bin, tool));
  }

  /** Puts a package into the archive; another content makes another file of the same version. */
  offer(name: string, files: Readonly<Record<string, string>>): void {
    const dir = mkdtempSync(join(this.root, "package-"));
    writeTree(dir, files);
    const archive = join(this.root, "archive");
    execFileSync("tar", ["-cf", join(archive, `${name}.deb`), "-C", dir, "."]);
    rmSync(dir, { recursive: true });
    writeFileSync(join(archive, `${name}.tar`), `the source of ${name}\n`);
    writeFileSync(
      join(archive, `${name}.show`),
      `Package: ${name}\nVersion: 2-1\nArchitecture: i386\nSize: 1\nSHA256: ${sha256(join(archive, `${name}.deb`))}\n\n`,
    );
    writeFileSync(
      join(archive, `${name}.showsrc`),
      `Package: ${name}\nVersion: 2-1\nChecksums-Sha256:\n ${sha256(join(archive, `${name}.tar`))} 1 ${name}.tar\n\n`,
    );
  }

  withdraw(name: string): void {
    for (const kind of ["deb", "tar", "show", "showsrc"])
      rmSync(join(this.root, "archive", `${name}.${kind}`));
  }

  /** A lock of what the archive offers now, with changes. */
  writeLock(change: Readonly<Record<string, unknown>> = {}): void {
    const hash = (file: string): string => sha256(join(this.root, "archive", file));
    const lock = {
      format: 1,
      epoch: 1_735_689_600,
      toolchain: Object.fromEntries(
        "gcc-12 gcc-multilib binutils make flex bison bc perl-base zstd libzstd1 dpkg libc6-dev libelf-dev dwarves gdb"
          .split(" ")
          .map((name) => [name, "1-1"]),
      ),
      packages: Object.keys(PACKAGES).map((name) => ({
        name,
        version: "1-1",
        architecture: "i386",
        sha256: hash(`${name}.deb`),
        size: 1,
        source: name,
        sourceVersion: "1-1",
      })),
      sources: Object.keys(PACKAGES).map((name) => ({
        name,
        version: "1-1",
        files: [{ name: `${name}.tar`, sha256: hash(`${name}.tar`), size: 1 }],
      })),
      ...change,
    };
    this.write("images/lock.json", `${JSON.stringify(lock, null, 2)}\n`);
  }

  write(name: string, content: string): void {
    writeTree(this.root, { [name]: content });
  }

  read(name: string): string {
    return readFileSync(join(this.root, name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(join(this.root, name));
  }

  remove(name: string): void {
    rmSync(join(this.root, name), { recursive: true });
  }

  /** From now on, when a stand-in reaches the moment `hook`, it sources this script; `exit` there ends the stand-in. */
  plan(hook: string, script: string): void {
    this.write(`hooks/${hook}`, script);
  }

  /** Plans that the command stands still at a moment, until `release`. */
  stopAt(hook: string): { readonly reached: () => Promise<true>; readonly release: () => void } {
    this.plan(
      hook,
      `rm "$SANDBOX/hooks/${hook}"; touch "$SANDBOX/reached"; until [[ -e $SANDBOX/go || ! -d $SANDBOX ]]; do sleep 0.05; done`,
    );
    return {
      reached: () => poll(() => this.has("reached"), { what: `the moment ${hook}`, timeout: MOMENT_MS }),
      release: () => this.write("go", ""),
    };
  }

  start(command: string, words: readonly string[] = []): Run {
    const child = spawn(join(this.images, command), words, {
      cwd: this.root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: join(this.root, "bin"),
        HOME: this.root,
        TMPDIR: join(this.root, "tmp"),
        XDG_CACHE_HOME: this.cache,
        SANDBOX: this.root,
      },
    });
    return new Run(child);
  }

  run(command: string, words: readonly string[] = []): Promise<Ended> {
    return this.start(command, words).ended;
  }

  /** Every file of the image room with its hash, and whatever lies where temporary files go. */
  state(): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    const visit = (path: string): void => {
      const full = join(this.root, path);
      if (!statSync(full).isDirectory()) found[path] = sha256(full);
      else {
        found[`${path}/`] = "directory";
        for (const name of readdirSync(full)) visit(`${path}/${name}`);
      }
    };
    for (const top of ["images", "tmp"]) visit(top);
    return found;
  }

  /** The processes that were started here and still live. */
  survivors(): { readonly pid: number; readonly command: string }[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
          if (!environment.includes(`SANDBOX=${this.root}`)) return [];
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
          return [{ pid: Number(pid), command }];
        } catch {
          return []; // Ended meanwhile, or another user's.
        }
      });
  }

  /** A test that failed half way leaves nothing running. */
  dispose(): void {
    for (const { pid } of this.survivors()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Ended meanwhile.
      }
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}
