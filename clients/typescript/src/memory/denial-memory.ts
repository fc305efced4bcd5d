import type { Clock } from "../clock.js";
import { Reason } from "../reason.js";
import type { AuthorizationRequest } from "../request.js";
import type { LimitStatus, Verdict } from "../verdict.js";
import { RequestHasher } from "./request-hasher.js";

const longestMs = 1000;

/** A denial that still holds. */
interface RememberedDenial {
  readonly verdict: Verdict;

  /** From the question on it is remembered, so that it ends before the limit is free again. */
  readonly until: number;

  /** From the answer on its durations are counted down, so that nobody comes too early. */
  readonly answeredAt: number;
}

/**
 * Remembers denials by rate or quota of the key for a second at most, and never longer than the service says that they hold. It knows requests
 * by their fingerprints alone.
 */
export class DenialMemory {
  private readonly hasher = new RequestHasher();

  // In the order in which they came, which is about that in which they end.
  private readonly denials = new Map<string, RememberedDenial>();

  constructor(
    private readonly capacity: number,
    private readonly clock: Clock,
  ) {}

  get size(): number {
    return this.denials.size;
  }

  /** Whether a request has to do with the memory. Who peeks, or makes asking again safe, wants the service's own answer. */
  covers(request: AuthorizationRequest): boolean {
    return this.capacity > 0 && request.peek !== true && (request.idempotencyKey ?? "") === "";
  }

  fingerprint(request: AuthorizationRequest): string {
    return this.hasher.hash(request);
  }

  find(fingerprint: string): Verdict | undefined {
    const denial = this.denials.get(fingerprint);
    const now = this.clock.now();
    return denial !== undefined && now < denial.until ? remembered(denial.verdict, now - denial.answeredAt) : undefined;
  }

  /** Remembers a verdict where it is a denial of the kind that is; `askedAt` = the moment of the question. */
  remember(fingerprint: string, verdict: Verdict, askedAt: number): void {
    // A degraded one was not made by the counters themselves, and a shadowed one is no denial.
    if (verdict.allowed || verdict.degraded || (verdict.reason !== Reason.RateLimited && verdict.reason !== Reason.QuotaExceeded)) {
      return;
    }

    // Where waiting does not help there is no retry_after; a reset must be seen all the same.
    const until = askedAt + Math.min(verdict.retryAfterMs ?? longestMs, longestMs);
    const answeredAt = this.clock.now();
    if (answeredAt >= until) {
      return;
    }

    // As the newest, also where it was there.
    this.denials.delete(fingerprint);
    this.denials.set(fingerprint, { verdict, until, answeredAt });
    for (const [oldest, denial] of this.denials) {
      if (this.denials.size <= this.capacity && answeredAt < denial.until) {
        break;
      }

      this.denials.delete(oldest);
    }
  }
}

function remembered(verdict: Verdict, passedMs: number): Verdict {
  return {
    ...verdict,
    source: "memory",
    ...(verdict.retryAfterMs === undefined ? {} : { retryAfterMs: less(verdict.retryAfterMs, passedMs) }),
    limits: verdict.limits.map((limit): LimitStatus =>
      limit.resetAfterMs === undefined ? limit : { ...limit, resetAfterMs: less(limit.resetAfterMs, passedMs) }),
  };
}

function less(durationMs: number, passedMs: number): number {
  return Math.max(0, durationMs - passedMs);
}
