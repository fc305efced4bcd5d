import { ReasonSchema, Reason as WireReason, type AuthorizeResponse, type LimitStatus as WireLimit } from "../gen/decision/v1/authorize_pb.js";
import type { FailureMode } from "../client/options.js";
import { Reason, type UnknownReason } from "../reason.js";
import type { LimitStatus, Metadata, ServiceFailure, Verdict } from "../verdict.js";

const ok = 200;
const forbidden = 403;
const serviceUnavailable = 503;

// The client asks each time again: this only tells whoever was refused not to hammer.
const retryAfterFailureMs = 1000;

/** From the wire's answer to the verdict. */
export function toVerdict(response: AuthorizeResponse): Verdict {
  // Both must say so: an answer that contradicts itself, or comes from a service that is newer than this client, is a denial.
  const allowed = response.allowed && response.reason === WireReason.ALLOWED;
  return {
    allowed,
    reason: !allowed && response.reason === WireReason.ALLOWED ? Reason.Unspecified : nameOf(response.reason),
    httpStatus: allowed ? ok : response.httpStatus >= 400 && response.httpStatus <= 599 ? response.httpStatus : forbidden,
    message: response.message,
    origin: response.origin,
    keyId: response.keyId,
    organizationId: response.organizationId,
    alias: response.alias,
    tags: response.tags,
    policies: response.policies.map(({ id, revision }) => ({ id, revision: Number(revision) })),
    limits: response.limits.map(toLimit),
    ...optional("retryAfterMs", ms(response.retryAfter)),
    ...optional("metadata", response.metadata as Metadata | undefined),
    decisionId: response.decisionId,
    maxQueryDepth: response.maxQueryDepth,
    degraded: response.degraded,
    missingPolicies: response.missingPolicies,
    ...optional("shadowedReason", response.shadowedReason === WireReason.UNSPECIFIED ? undefined : nameOf(response.shadowedReason)),
    source: "service",
  };
}

/** What the failure mode answers. */
export function ofFailure(mode: FailureMode, failure: ServiceFailure): Verdict {
  const isOpen = mode === "open";
  return {
    allowed: isOpen,
    reason: Reason.ServiceUnavailable,
    httpStatus: isOpen ? ok : serviceUnavailable,
    message: isOpen ? "" : "The request could not be decided",
    origin: "",
    keyId: "",
    organizationId: "",
    alias: "",
    tags: [],
    policies: [],
    limits: [],
    ...optional("retryAfterMs", isOpen ? undefined : retryAfterFailureMs),
    decisionId: "",
    maxQueryDepth: 0,
    degraded: false,
    missingPolicies: [],
    source: "failure_mode",
    failure,
  };
}

function toLimit(limit: WireLimit): LimitStatus {
  return {
    name: limit.name,
    scope: limit.scope,
    limit: Number(limit.limit),
    remaining: Number(limit.remaining),
    ...optional("periodMs", ms(limit.period)),
    quotaPeriod: limit.quotaPeriod,
    ...optional("resetAfterMs", ms(limit.resetAfter)),
    denied: limit.denied,
    origin: limit.origin,
  };
}

function nameOf(reason: WireReason): Reason | UnknownReason {
  return (ReasonSchema.value[reason]?.localName as Reason | undefined) ?? (String(reason) as UnknownReason);
}

function ms(duration: { readonly seconds: bigint; readonly nanos: number } | undefined): number | undefined {
  return duration === undefined ? undefined : Math.max(0, Number(duration.seconds) * 1000 + duration.nanos / 1e6);
}

// Absent is absent, not undefined.
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
}
