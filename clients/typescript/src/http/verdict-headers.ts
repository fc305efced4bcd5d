import type { IncomingMessage } from "node:http";
import type { LimitStatus, Verdict } from "../verdict.js";
import { headerList, headerSeconds, headerText } from "./header-text.js";
import { setHeader } from "./request-headers.js";

/** The reason that is told where a request could not be read. */
export const malformedReason = "INVALID_ARGUMENT";

/**
 * What the client is told, as the service's own forward auth does: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) for
 * every limit that has an end, `X-RateLimit-*` for one of them, `Retry-After`, and which decision it was. Undefined = such a header must not be there.
 */
export function clientHeaders(verdict: Verdict, nowMs: number): Readonly<Record<string, string | undefined>> {
  return {
    ...limitHeaders(verdict, nowMs),
    ...(verdict.retryAfterMs === undefined || verdict.allowed ? {} : { "Retry-After": String(headerSeconds(verdict.retryAfterMs)) }),

    // RFC 9110, 15.5.2: a 401 says how to come with a key.
    ...(verdict.httpStatus === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    "X-Decision-Id": verdict.decisionId === "" ? undefined : verdict.decisionId,
    "X-Decision-Reason": verdict.reason,
  };
}

/** What is told about the key to whatever the request goes on to. What a client sent under these names was removed. */
export function tellUpstream(message: IncomingMessage, verdict: Verdict): void {
  const headers = {
    "X-Decision-Key-Id": headerText(verdict.keyId),
    "X-Decision-Organization-Id": headerText(verdict.organizationId),
    "X-Decision-Alias": headerText(verdict.alias),
    "X-Decision-Tags": headerList(verdict.tags),
    "X-Decision-Limits": verdict.limits.map(upstreamLimit).join(", "),
  };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== "") {
      setHeader(message, name, value);
    }
  }
}

function limitHeaders(verdict: Verdict, nowMs: number): Record<string, string> {
  const limits = verdict.limits.filter((limit) => limit.limit >= 0);
  const told = limits.reduce<LimitStatus | undefined>(preferred, undefined);
  if (told === undefined) {
    return {};
  }

  // Seconds since the Unix epoch, as Tyk's; 0 = it is whole, or never renews.
  const resetAt = told.resetAfterMs === undefined ? 0 : Math.floor(nowMs / 1000) + headerSeconds(told.resetAfterMs);
  return {
    "RateLimit-Policy": limits.map((limit) => `"${nameOf(limit)}";q=${limit.limit}${seconds("w", limit.periodMs)}`).join(", "),
    RateLimit: limits.map((limit) => `"${nameOf(limit)}";r=${Math.max(0, limit.remaining)}${seconds("t", limit.resetAfterMs)}`).join(", "),
    "X-RateLimit-Limit": String(told.limit),
    "X-RateLimit-Remaining": String(Math.max(0, told.remaining)),
    "X-RateLimit-Reset": String(resetAt),
  };
}

// X-RateLimit-* have room for one limit: the first that refuses; else the quota, as with Tyk; else the last one that there is.
function preferred(before: LimitStatus | undefined, limit: LimitStatus): LimitStatus {
  return before === undefined ? limit
    : before.denied ? before
    : limit.denied || limit.name === "quota" || before.name !== "quota" ? limit
    : before;
}

function upstreamLimit(limit: LimitStatus): string {
  return `"${nameOf(limit)}";limit=${limit.limit};remaining=${limit.remaining}${seconds("reset", limit.resetAfterMs)}`;
}

// The same names as in the service's own headers: unlike scopes they tell a client nothing about policies.
function nameOf(limit: LimitStatus): string {
  return limit.scope === "organization" ? `organization-${limit.name}` : limit.scope.startsWith("api_wide:") ? "api-rate" : limit.name;
}

function seconds(parameter: string, durationMs: number | undefined): string {
  return durationMs === undefined ? "" : `;${parameter}=${headerSeconds(durationMs)}`;
}
