import assert from "node:assert/strict";
import type { JsonValue } from "@bufbuild/protobuf";
import type { LimitStatus, Verdict } from "../../src/verdict.js";

type Json = JsonValue | undefined;

/** A verdict with the fields of the cases. */
export function verdictFields(verdict: Verdict): Record<string, JsonValue> {
  return {
    allowed: verdict.allowed,
    remembered: verdict.source === "memory",
    degraded: verdict.degraded,
    reason: reasonOf(verdict.reason),
    shadowed_reason: verdict.shadowedReason === undefined ? null : reasonOf(verdict.shadowedReason),
    http_status: verdict.httpStatus,
    max_query_depth: verdict.maxQueryDepth,
    message: verdict.message,
    origin: verdict.origin,
    key_id: verdict.keyId,
    organization_id: verdict.organizationId,
    alias: verdict.alias,
    decision_id: verdict.decisionId,
    tags: [...verdict.tags],
    missing_policies: [...verdict.missingPolicies],
    policies: verdict.policies.map(({ id, revision }) => ({ id, revision })),
    metadata: (verdict.metadata ?? null) as JsonValue,
    limits: verdict.limits.map(limitFields),
    failure: verdict.failure === undefined ? null : { kind: verdict.failure.kind, may_have_spent: verdict.failure.mayHaveSpent },
    retry_after: seconds(verdict.retryAfterMs),
  };
}

/** Checks the fields of a verdict that a case names. */
export function expectVerdict(verdict: Verdict, expected: Record<string, JsonValue>): void {
  assert.equal(verdict.source === "failure_mode", verdict.failure !== undefined);
  const actual = verdictFields(verdict);
  for (const [name, value] of Object.entries(expected)) {
    assert.ok(name in actual, `the case names ${name}, which no verdict has`);
    matches(actual[name], value, name, ["retry_after", "period", "reset_after"]);
  }
}

/** Whether a value is as expected: objects have at least the fields that are named, lists are as long, `*` = any text that is not empty. */
export function matches(actual: Json, expected: Json, path: string, durations: readonly string[] = []): void {
  const name = path.replace(/^.*\./, "");
  if (durations.includes(name) && expected !== null) {
    const [least, most] = Array.isArray(expected) ? (expected as [number, number]) : [expected as number, expected as number];
    assert.ok(typeof actual === "number" && actual >= least - 1e-9 && actual <= most + 1e-9, `${path} is ${String(actual)}, not in ${least}..${most}`);
  } else if (expected === "*") {
    assert.ok(typeof actual === "string" && actual !== "", `${path} is empty`);
  } else if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${path} is no list`);
    assert.equal(actual.length, expected.length, `${path} has ${actual.length} elements: ${JSON.stringify(actual)}`);
    expected.forEach((value, index) => matches(actual[index], value, `${path}[${index}]`, durations));
  } else if (typeof expected === "object" && expected !== null) {
    assert.ok(typeof actual === "object" && actual !== null && !Array.isArray(actual), `${path} is ${JSON.stringify(actual)}`);
    for (const [field, value] of Object.entries(expected)) {
      matches(actual[field], value, `${path}.${field}`, durations);
    }
  } else {
    assert.equal(actual, expected, path);
  }
}

function reasonOf(reason: string): string | number {
  return /^-?\d+$/.test(reason) ? Number(reason) : reason;
}

function limitFields(limit: LimitStatus): Record<string, JsonValue> {
  return {
    name: limit.name,
    scope: limit.scope,
    limit: limit.limit,
    remaining: limit.remaining,
    period: seconds(limit.periodMs),
    quota_period: limit.quotaPeriod,
    reset_after: seconds(limit.resetAfterMs),
    denied: limit.denied,
    origin: limit.origin,
  };
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}
