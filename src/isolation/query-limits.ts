/** Objects and lists within each other. A query of people has six of them. */
const DEEPEST = 32;
/** Values in all. A query of people has fifty. */
const MOST = 2000;
/** Characters of a word or a value. */
const LONGEST = 4096;

/**
 * What is too much in data that is meant as a query: it completes "It …". Undefined when nothing is. Looks at so many
 * values at most, whatever it is given: a circle too, or a list of millions.
 */
export function queryExcess(data: unknown): string | undefined {
  let seen = 0;
  const look = (value: unknown, depth: number): string | undefined => {
    if (++seen > MOST) return `must not have more than ${MOST} parts`;
    if (typeof value === "string" && value.length > LONGEST)
      return `must not have text of more than ${LONGEST} characters`;
    if (typeof value !== "object" || value === null) return undefined;
    if (depth >= DEEPEST) return `must not be nested deeper than ${DEEPEST} levels`;
    if (Array.isArray(value)) {
      if (value.length > MOST) return `must not have more than ${MOST} parts`;
    } else {
      // Valibot takes every word that an object inherits for a known one.
      const inherited = Object.keys(value).find((key) => key in Object.prototype);
      if (inherited !== undefined) return `must not have a word \`${inherited}\``;
    }
    for (const inner of Object.values(value)) {
      const found = look(inner, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return look(data, 0);
}
