/** The lab's lines end in this, so that those of others are left as they are. */
const MARK = "# lab";

export interface Host {
  readonly address: string;
  readonly name: string;
}

/** hosts(5) with the lab's machines in it, and without those that it had before. */
export function withLabHosts(file: string, hosts: readonly Host[]): string {
  const others = file.split("\n").filter((line) => !line.endsWith(MARK));
  if (others.at(-1) === "") others.pop();
  const lines = hosts.map(({ address, name }) => `${address}\t${name}\t${MARK}`);
  return [...others, ...lines, ""].join("\n");
}
