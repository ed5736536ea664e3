/** What is kept says its version, and is brought up to the present one when it is read. Pure. */
import * as v from "valibot";

/** What was kept, before anything of it is believed. */
export type Kept = Readonly<Record<string, unknown>>;
/** From its place in the table, which begins with version 1, to the next version. */
export type Migration = (kept: Kept) => Kept;

const KeptSchema = v.looseObject({ schema: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/**
 * What `text` keeps, as the version that follows the last migration has it. What a later version wrote stays as it is:
 * whoever reads it takes the parts that they understand.
 *
 * @throws Error where it is no JSON of an object with a version
 */
export function readKept(text: string, migrations: readonly Migration[]): Kept {
  const kept = v.parse(KeptSchema, JSON.parse(text));
  return migrations.slice(kept.schema - 1).reduce((now: Kept, migrate) => migrate(now), kept);
}
