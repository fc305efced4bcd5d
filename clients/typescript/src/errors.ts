/** Something that no failure mode may cover up: a mistake of the caller or of its configuration. */
export abstract class DecisionError extends Error {
  /** Which kind, for programs that do not compare classes. */
  abstract readonly code: string;

  override get name(): string {
    return this.constructor.name;
  }
}

/** One field of a request that is wrong. */
export interface FieldViolation {
  /** The field as in the protocol, such as `api_id`, or `requests[3].cost` in a batch. Empty = the request as a whole. */
  readonly field: string;

  /** What is wrong and what to send. */
  readonly description: string;
}

/** Options are wrong. Every problem is told at once, each with what to write instead. */
export class DecisionOptionsError extends DecisionError {
  readonly code = "options";

  /** Every problem, a sentence each. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** The request is malformed, and asking again will not help. Nothing was spent or changed. */
export class DecisionRequestError extends DecisionError {
  readonly code = "request";

  /** Every field that is wrong. Empty = the service named none. */
  readonly violations: readonly FieldViolation[];

  constructor(problem: string | readonly FieldViolation[], options?: ErrorOptions) {
    super(typeof problem === "string" ? problem : problem.map((one) => `${one.field}: ${one.description}`).join("; "), options);
    this.violations = typeof problem === "string" ? [] : problem;
  }
}

/**
 * The service does not let this client ask: its token or secret is missing, wrong, or does not cover the request. A matter of configuration; no
 * fault of whoever made the request. Nothing was spent or changed.
 */
export class DecisionCredentialError extends DecisionError {
  readonly code = "credential";
}

/** The client was closed. */
export class DecisionClosedError extends DecisionError {
  readonly code = "closed";

  constructor() {
    super("The client was closed: make one for the whole program, and close it when the program ends.");
  }
}

/** An act of administration that the service refused, given the state that things are in. Nothing was changed. */
export class DecisionStateError extends DecisionError {
  /**
   * `not_found`: there is no such key, policy, API or organisation. `already_exists`: the id is taken. `conflict`: somebody else changed it since the
   * etag was read; read again, then change. `precondition`: it must not be done as things are, such as removing a policy in use or changing one
   * that comes from a file.
   */
  readonly code: "not_found" | "already_exists" | "conflict" | "precondition";

  constructor(code: DecisionStateError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An act of administration that the service gave no answer to. */
export class DecisionUnavailableError extends DecisionError {
  readonly code = "unavailable";

  /** `unreachable`: no address took the call, or the connection broke. `timed_out`: the deadline passed. `error`: it failed, or its store did. */
  readonly kind: "unreachable" | "timed_out" | "error";

  /** False = nothing was changed. True = nobody knows: read before you try again. */
  readonly mayHaveChanged: boolean;

  constructor(kind: DecisionUnavailableError["kind"], mayHaveChanged: boolean, detail: string, options?: ErrorOptions) {
    super(`The Decision service gave no answer (${detail})${mayHaveChanged ? "; whether it did what was asked is not known" : ""}.`, options);
    this.kind = kind;
    this.mayHaveChanged = mayHaveChanged;
  }
}
