declare module "virtual:vivarium/release" {
  /** To be parsed with `ReleaseSchema`. */
  const release: unknown;
  export default release;
}
