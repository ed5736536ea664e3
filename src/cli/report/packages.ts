/** Which package a file of a profile is from: by the lists from which the profiles are composed (`images/PROFILE/files`). */

/** A package and what is kept of it; patterns are paths that may hold *, and mean all below them. */
export interface Kept {
  readonly name: string;
  readonly patterns: readonly RegExp[];
}

export function parseLists(texts: readonly string[]): Kept[] {
  const packages: { name: string; patterns: RegExp[] }[] = [];
  for (const line of texts.join("\n").split("\n")) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    if (text.startsWith("@")) {
      packages.push({ name: text.slice(1), patterns: [] });
      continue;
    }
    const pattern = text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", "[^/]*");
    packages.at(-1)?.patterns.push(new RegExp(`^${pattern}(/.*)?$`));
  }
  return packages;
}

/** An entry of a profile's tree; `target` of a link is absolute here. */
export interface TreeFile {
  readonly path: string;
  readonly target?: string;
}

/** The package of each path. A kept link keeps its target, so that belongs to the link's package. */
export function packagesOf(files: readonly TreeFile[], packages: readonly Kept[]): Map<string, string> {
  const targets = new Map(files.map(({ path, target }) => [path, target]));
  const owners = new Map<string, string>();
  for (const { name, patterns } of packages) {
    for (const { path } of files) {
      if (!patterns.some((pattern) => pattern.test(path))) continue;
      for (let at: string | undefined = path; at !== undefined && !owners.has(at); at = targets.get(at)) {
        if (targets.has(at)) owners.set(at, name);
        else break;
      }
    }
  }
  return owners;
}
