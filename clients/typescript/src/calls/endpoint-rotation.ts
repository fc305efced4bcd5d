import type { Endpoint } from "./endpoint.js";

/** Whom to ask next: each address in turn, those that do not answer only where no other is left. */
export class EndpointRotation {
  private turn = 0;

  constructor(private readonly endpoints: readonly Endpoint[]) {}

  /** The addresses in the order in which one request may try them. */
  *order(): Generator<Endpoint> {
    const tried = new Set<Endpoint>();
    for (let next = this.next(tried); next !== undefined; next = this.next(tried)) {
      tried.add(next);
      yield next;
    }
  }

  private next(tried: ReadonlySet<Endpoint>): Endpoint | undefined {
    const { length } = this.endpoints;
    const start = this.turn++ % length;
    let paused: Endpoint | undefined;
    for (let offset = 0; offset < length; offset++) {
      const endpoint = this.endpoints[(start + offset) % length]!;
      if (tried.has(endpoint)) {
        continue;
      }

      if (!endpoint.isPaused) {
        return endpoint;
      }

      paused ??= endpoint;
    }

    return paused;
  }
}
