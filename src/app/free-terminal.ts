/** What the page is made of where its address asks for the free terminal. */
import release from "virtual:vivarium/release";
import * as v from "valibot";
import { FIRST_MACHINE, FIRST_TERMINAL } from "../lessons/index.ts";
import { profileOf, USUAL_PROFILE } from "../machine/index.ts";
import { ReleaseSchema } from "../protocol/machine.ts";
import {
  type LabOptions,
  type ProfileChoice,
  readTerminalSettings,
  type TerminalAsked,
} from "../state/index.ts";

/** Of a release that cannot be read; the machine's start says why. */
const ANY_PROFILE: ProfileChoice = { name: USUAL_PROFILE, memory: { default: 128, minimum: 64 } };
/** Named as in lessons with several. */
const TERMINALS = ["first", "second", "third", "fourth"];

export interface FreeTerminal extends TerminalAsked {
  readonly profiles: readonly ProfileChoice[];
  readonly machines: LabOptions["machines"];
  readonly terminals: LabOptions["terminals"];
}

/** The usual one first. */
function profilesThere(): [ProfileChoice, ...ProfileChoice[]] {
  const parsed = v.safeParse(ReleaseSchema, release);
  if (!parsed.success || !Object.hasOwn(parsed.output.profiles, USUAL_PROFILE)) return [ANY_PROFILE];
  const choice = (name: string): ProfileChoice => ({
    name,
    memory: profileOf(release, name).manifest.memory,
  });
  const others = Object.keys(parsed.output.profiles).filter((name) => name !== USUAL_PROFILE);
  return [choice(USUAL_PROFILE), ...others.map(choice)];
}

/** Machines and terminals that an address asks for. Never throws. */
export function freeTerminal(search: string): FreeTerminal {
  const profiles = profilesThere();
  const asked = readTerminalSettings(search, profiles);
  const { machines: count, memory, user } = asked.settings;
  const names = Array.from({ length: count }, (_, i) => (i === 0 ? FIRST_MACHINE : `machine-${i + 1}`));
  return {
    ...asked,
    profiles,
    machines: names.map((name) => ({ name, memory, segment: 1, power: "on" })),
    terminals: names.map((machine, i) => ({
      name: count === 1 ? FIRST_TERMINAL : (TERMINALS[i] ?? machine),
      machine,
      user,
    })),
  };
}
