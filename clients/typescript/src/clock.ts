/** The clock by which denials are remembered and failed addresses looked after; deadlines go by the machine's. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;

  /** Calls once so many milliseconds later, without keeping the program from ending; the answer takes it back. */
  after(delayMs: number, call: () => void): () => void;
}

/** The machine's. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
