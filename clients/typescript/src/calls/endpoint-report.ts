import type { DecisionLog } from "../client/options.js";
import type { Clock } from "../clock.js";

const pauseMs = 10_000;

/** Tells when an address begins to fail and when it answers again, and not more often than needed: a flood of calls must not be a flood of lines. */
export class EndpointReport {
  private isTold = false;
  private toldAt: number | undefined;

  constructor(
    private readonly address: string,
    private readonly log: DecisionLog,
    private readonly clock: Clock,
  ) {}

  failed(detail: string): void {
    if (this.isTold || (this.toldAt !== undefined && this.clock.now() - this.toldAt < pauseMs)) {
      return;
    }

    this.isTold = true;
    this.toldAt = this.clock.now();
    this.log.warn(`The Decision service at ${this.address} gives no verdict: ${detail}`);
  }

  answered(): void {
    if (this.isTold) {
      this.isTold = false;
      this.log.info(`The Decision service at ${this.address} answers again.`);
    }
  }
}
