declare module "virtual:vivarium/release" {
  /** To be parsed with `ReleaseSchema`. */
  const release: unknown;
  export default release;
}

declare module "virtual:vivarium/lessons" {
  /** `Course[]` of `src/lessons`: a declaration of a module cannot name another one's types. */
  const courses: unknown;
  export default courses;
}
