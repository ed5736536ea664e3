import { boxesOf, type MachineBox, NamespaceNumbers, type Observation } from "../../isolation/index.ts";

type GivenNumbers = (machine: string) => NamespaceNumbers | undefined;

/**
 * What the picture, the table and the details have in common: each machine's boxes, worked out once for an observation, and
 * the small numbers of its namespaces.
 */
export class XrayModel {
  readonly #boxes = new WeakMap<Observation, MachineBox>();
  readonly #numbers = new Map<string, NamespaceNumbers>();
  readonly #given: GivenNumbers;

  /** @param given The numbers that the page gives elsewhere too; its own where there are none. */
  constructor(given: GivenNumbers = () => undefined) {
    this.#given = given;
  }

  numbersOf(machine: string): NamespaceNumbers {
    const known = this.#given(machine) ?? this.#numbers.get(machine);
    if (known !== undefined) return known;
    const made = new NamespaceNumbers();
    this.#numbers.set(machine, made);
    return made;
  }

  boxesOf(machine: string, observation: Observation): MachineBox {
    const known = this.#boxes.get(observation);
    if (known !== undefined) return known;
    const made = boxesOf(observation);
    this.#boxes.set(observation, made);
    this.numbersOf(machine).learn(observation, made);
    return made;
  }
}
