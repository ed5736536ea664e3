/** Settles when the browser has them. */
declare module "*/lab.css";

declare module "virtual:vivarium/release" {
  /** To be parsed with `ReleaseSchema`. */
  const release: unknown;
  export default release;
}

declare module "virtual:vivarium/snapshots" {
  /** Which file of the store the snapshot of each profile is. */
  const files: Readonly<Record<string, string>>;
  export default files;
}

declare module "virtual:vivarium/manual" {
  /** Which file below `man/` lists the pages of each profile. */
  const lists: Readonly<Record<string, string>>;
  export default lists;
}
