import type { Reason, UnknownReason } from "./reason.js";

/** May the request pass, why, and what the client should be told. */
export interface Verdict {
  /** True = let the request through. The only thing to decide by. */
  readonly allowed: boolean;

  /** Why. A value that {@link Reason} does not name comes from a newer service, and is a denial. */
  readonly reason: Reason | UnknownReason;

  /** The HTTP status to send: 200 where allowed, else 400 to 599. */
  readonly httpStatus: number;

  /** The denial as a sentence for the client; empty where allowed. For people: programs go by {@link reason}. */
  readonly message: string;

  /** What decided a denial: a policy id, or `key`, `api` or `organization`. Not for the client. Empty where allowed. */
  readonly origin: string;

  /** The id of the key, safe to log. Empty = no key was found, or none was needed. */
  readonly keyId: string;

  /** The key's organisation. Empty = the organisation of that name, or no key was found. */
  readonly organizationId: string;

  /** The alias that the key was given. Empty = none. */
  readonly alias: string;

  /** The tags of the key and its policies. */
  readonly tags: readonly string[];

  /** The policies that were applied, in the key's order. */
  readonly policies: readonly PolicyReference[];

  /** Every limit that was tested, in the order of the decision, with its use after this request. */
  readonly limits: readonly LimitStatus[];

  /** How long to wait until the same request can be allowed, in milliseconds. Absent = allowed, or waiting does not help. */
  readonly retryAfterMs?: number;

  /** The metadata of the key and its policies. Absent = none. */
  readonly metadata?: Metadata;

  /**
   * The id of the decision, as in the service's logs; of a remembered verdict, that of the decision that is remembered. Empty where the
   * failure mode answered.
   */
  readonly decisionId: string;

  /** The greatest GraphQL depth that the key may use on this API, in levels. 0 or -1 = unlimited. */
  readonly maxQueryDepth: number;

  /** True = the service's counters failed and the policy's `on_store_failure` stood in for them. */
  readonly degraded: boolean;

  /** The ids of policies that the key names and that were skipped since they are not loaded. */
  readonly missingPolicies: readonly string[];

  /** The reason that would have refused the request, where a policy or the service runs in shadow mode. Absent = none would. */
  readonly shadowedReason?: Reason | UnknownReason;

  /**
   * Who answered. `memory`: not asked, since the service refused the same request less than a second ago, and it cannot be allowed yet.
   * `failure_mode`: the client, since the service gave no answer; {@link failure} says why.
   */
  readonly source: "service" | "memory" | "failure_mode";

  /** What went wrong, where the failure mode answered in place of the service. Absent = the service answered. */
  readonly failure?: ServiceFailure;
}

/** One limit, and how much of it is left. Numbers above 2^53 - 1 are told as the nearest that JavaScript has. */
export interface LimitStatus {
  /** `rate` or `quota`. */
  readonly name: string;

  /**
   * Which counter: `key`, `policy:ID`, `api:ID` or `endpoint:API:METHOD:PATTERN` of the key; `api_wide:ID` and `organization` are shared.
   */
  readonly scope: string;

  /** The most that is allowed in a period, in units. -1 = unlimited. */
  readonly limit: number;

  /** What is left after this request, in units. -1 = unlimited. */
  readonly remaining: number;

  /** The length of the period in milliseconds; of a calendar period, the length of the current one. Absent = it never renews, or is unlimited. */
  readonly periodMs?: number;

  /** The part of the calendar that a quota goes by: `hour`, `day`, `week` or `month`. Empty = a length of time counts, or none. */
  readonly quotaPeriod: string;

  /** How long until the limit is whole again if nothing more is spent, in milliseconds. Absent = nothing is used, it never renews, or is unlimited. */
  readonly resetAfterMs?: number;

  /** True = this limit refuses the request. Several may. */
  readonly denied: boolean;

  /** Where the limit was written: a policy id, or `key`, `api` or `organization`. */
  readonly origin: string;
}

/** A policy as it was applied. */
export interface PolicyReference {
  /** Its id. */
  readonly id: string;

  /** 1 when it was created, one more with each change; 0 = it comes from a file. */
  readonly revision: number;
}

/** Why the service gave no verdict. */
export interface ServiceFailure {
  /** `unreachable`: no address took the call, or the connection broke. `timed_out`: the deadline passed. `error`: it answered with an error. */
  readonly kind: "unreachable" | "timed_out" | "error";

  /** The same for people and logs; not for the client. */
  readonly detail: string;

  /** False = the request certainly never reached a decision. True = nobody knows: the service may have counted it. */
  readonly mayHaveSpent: boolean;
}

/** A JSON object. */
export interface Metadata {
  readonly [name: string]: MetadataValue;
}

/** A JSON value. */
export type MetadataValue = string | number | boolean | null | Metadata | readonly MetadataValue[];
