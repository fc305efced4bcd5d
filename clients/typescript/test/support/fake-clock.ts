import type { Clock } from "../../src/clock.js";

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  private moment = 1_000_000;
  private waiting: { readonly at: number; readonly call: () => void }[] = [];

  now(): number {
    return this.moment;
  }

  after(delayMs: number, call: () => void): () => void {
    const entry = { at: this.moment + delayMs, call };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  advance(ms: number): void {
    this.moment += ms;
    const due = this.waiting.filter((entry) => entry.at <= this.moment);
    this.waiting = this.waiting.filter((entry) => entry.at > this.moment);
    due.forEach((entry) => entry.call());
  }
}
