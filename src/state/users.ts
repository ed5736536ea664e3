/** Of the one user that machines have besides root. */
const LEARNER = 1000;

/** The number of a user that terminals are opened for. */
export function uidOf(user: string): number {
  return user === "root" ? 0 : LEARNER;
}

/** The name of a user as the machine numbers it; undefined when it has none. */
export function userName(uid: number): string | undefined {
  if (uid === 0) return "root";
  return uid === LEARNER ? "learner" : undefined;
}
