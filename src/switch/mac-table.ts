/** Which port each address was last heard at. The oldest is forgotten for a new one when the table is full. */
export class MacTable<Port> {
  readonly #places = new Map<number, { readonly port: Port; readonly at: number }>();
  readonly #limit: number;
  readonly #ageMs: number;

  /**
   * @param limit Most addresses.
   * @param ageMs How long an address is believed after it was last heard.
   */
  constructor(limit: number, ageMs: number) {
    this.#limit = limit;
    this.#ageMs = ageMs;
  }

  get size(): number {
    return this.#places.size;
  }

  learn(address: number, port: Port, now: number): void {
    // Put in anew, so that the map's order is the order in which they were last heard.
    this.#places.delete(address);
    this.#places.set(address, { port, at: now });
    if (this.#places.size <= this.#limit) return;
    for (const oldest of this.#places.keys()) {
      this.#places.delete(oldest);
      break;
    }
  }

  find(address: number, now: number): Port | undefined {
    const place = this.#places.get(address);
    if (place === undefined) return undefined;
    if (now - place.at <= this.#ageMs) return place.port;
    this.#places.delete(address);
    return undefined;
  }

  /** Forgets what was heard at a port. */
  forget(port: Port): void {
    for (const [address, place] of this.#places) if (place.port === port) this.#places.delete(address);
  }
}
