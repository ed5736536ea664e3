/** What the name of a machine's worker tells it before anything else does. */

/** The name of a worker that shall not compile v86 ahead, since it will be lent it. */
export const BORROWER = "vivarium machine of a lab";

/** What a worker's name begins with if its machine will start from the snapshot whose address follows: it fetches that ahead. */
export const AHEAD = "vivarium machine from ";
