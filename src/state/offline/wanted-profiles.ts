import { get, set } from "idb-keyval";
import * as v from "valibot";
import { USUAL_PROFILE } from "../../machine/index.ts";

const KEY = "offline";
const VERSION = 1;

const WantedSchema = v.object({
  version: v.literal(VERSION),
  /** What the learner has said of a profile. */
  profiles: v.record(v.string(), v.boolean()),
});

/** Which profiles a learner wants to be kept; of the usual one nobody is asked. */
export interface WantedProfiles {
  /** Whether it is wanted, and `said` by the learner. */
  load(): Promise<(profile: string) => boolean>;
  save(profile: string, isWanted: boolean): Promise<void>;
}

async function read(): Promise<Readonly<Record<string, boolean>>> {
  const parsed = v.safeParse(WantedSchema, await get<unknown>(KEY).catch(() => undefined));
  return parsed.success ? parsed.output.profiles : {};
}

/** In the browser's IndexedDB; where that cannot be used, what is said lasts as long as the page. */
export function browserWantedProfiles(): WantedProfiles {
  const said = new Map<string, boolean>();
  return {
    async load() {
      const kept = { ...(await read()), ...Object.fromEntries(said) };
      return (profile) => (Object.hasOwn(kept, profile) ? kept[profile] === true : profile === USUAL_PROFILE);
    },
    async save(profile, isWanted) {
      said.set(profile, isWanted);
      const profiles = { ...(await read()), [profile]: isWanted };
      await set(KEY, { version: VERSION, profiles }).catch(() => undefined);
    },
  };
}
