/** What a guest said of itself: the output of `facts.sh`. */
export class Facts {
  /** Of the script that asked; it and what it started have this number or a later one. */
  readonly ownPid: number;
  readonly #files = new Map<string, string>();

  constructor(output: string) {
    const [first = "", ...parts] = output.split(/^==> (\S+) <==\n/m);
    this.ownPid = Number(first);
    for (let i = 0; i < parts.length; i += 2) this.#files.set(parts[i] ?? "", (parts[i + 1] ?? "").trimEnd());
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  text(name: string): string {
    const found = this.#files.get(name);
    if (found === undefined) throw new Error(`the guest did not print ${name}`);
    return found;
  }

  lines(name: string): string[] {
    const text = this.text(name);
    return text === "" ? [] : text.split("\n");
  }

  /** A file of lines `KEY VALUE` or `KEY: VALUE`; blanks inside a value become one. */
  table(name: string): Record<string, string> {
    const rows = this.lines(name).map((line) => /^(.+?)[:\s]\s*(.*)$/.exec(line));
    return Object.fromEntries(
      rows.map((row) => [row?.[1] ?? "", (row?.[2] ?? "").replaceAll(/\s+/g, " ").trim()]),
    );
  }

  /** Where the links of `/proc/PID` lead, as `PID/NAME`. */
  get links(): Map<string, string> {
    const rows = this.lines("links").map((line) => /^'\/proc\/(.*)' -> '(.*)'$/.exec(line));
    return new Map(rows.map((row) => [row?.[1] ?? "", row?.[2] ?? ""]));
  }

  /** The processes that are not the script's. */
  get pids(): number[] {
    const all = [...this.#files.keys()].flatMap((name) => /^\/proc\/(\d+)\/status$/.exec(name)?.[1] ?? []);
    return all
      .map(Number)
      .filter((pid) => pid < this.ownPid)
      .toSorted((a, b) => a - b);
  }
}
