declare module "virtual:vivarium/release" {
  /** To be parsed with `ReleaseSchema`. */
  const release: unknown;
  export default release;
}

declare module "virtual:vivarium/lessons" {
  import type { Course } from "../lessons/index.ts";

  const courses: readonly Course[];
  export default courses;
}
