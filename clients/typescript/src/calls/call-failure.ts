import { Code, ConnectError } from "@connectrpc/connect";
import { DecisionCredentialError, DecisionRequestError, type DecisionError, type FieldViolation } from "../errors.js";
import { BadRequestSchema } from "../gen/google/rpc/error_details_pb.js";
import type { ServiceFailure } from "../verdict.js";
import { UnsentError } from "./connection.js";

/** What a failed call means. */
export interface CallFailure {
  readonly kind: ServiceFailure["kind"];

  /** For logs. */
  readonly detail: string;

  /** True = no byte of the request left this machine, or the service refused it unread: another address may be asked. */
  readonly certainlyUnsent: boolean;

  /** What came. */
  readonly error: ConnectError;
}

/** The failure of a call; the one place, with {@link mistakeOf}, that knows gRPC's codes. */
export function failureOf(reason: unknown): CallFailure {
  const error = ConnectError.from(reason);
  const certainlyUnsent = isUnsent(error);
  const kind = error.code === Code.DeadlineExceeded ? "timed_out"
    : certainlyUnsent || error.code === Code.Unavailable || isBroken(error) ? "unreachable"
    : "error";
  return { kind, detail: `${Code[error.code]}: ${error.rawMessage}`, certainlyUnsent, error };
}

/** The error for a mistake of the caller's; undefined = the call failed. */
export function mistakeOf(failure: CallFailure): DecisionError | undefined {
  const { error } = failure;
  if (isBroken(error)) {
    return undefined;
  }

  switch (error.code) {
    case Code.InvalidArgument: {
      const violations = violationsOf(error);
      return new DecisionRequestError(violations.length > 0 ? violations : error.rawMessage, { cause: error });
    }

    // Too large to send or to answer: it would be so for ever, and whoever made it so must not pass by the failure mode `open`.
    case Code.ResourceExhausted:
      return new DecisionRequestError(`The request, or the answer to it, is larger than the service or the client takes: ${error.rawMessage}`, { cause: error });
    case Code.Unauthenticated:
      return new DecisionCredentialError(`The service does not know this client (${error.rawMessage}): give it a token or secret that the service accepts.`, { cause: error });
    case Code.PermissionDenied:
      return new DecisionCredentialError(
        `The service does not let this client ask for this (${error.rawMessage}): give its token the scope, or ask for another API or organisation.`, { cause: error });
    default:
      return undefined;
  }
}

function violationsOf(error: ConnectError): FieldViolation[] {
  return error.findDetails(BadRequestSchema).flatMap((one) => one.fieldViolations.map(({ field, description }) => ({ field, description })));
}

function isUnsent(error: ConnectError): boolean {
  // RFC 9113, 8.7: the stream was refused before any processing.
  return causes(error).some((cause) =>
    cause instanceof UnsentError || (codeOf(cause) === "ERR_HTTP2_STREAM_ERROR" && cause.message.includes("REFUSED_STREAM")));
}

// A broken connection has a cause of Node.js; what the service says has none.
function isBroken(error: ConnectError): boolean {
  return causes(error).some((cause) => codeOf(cause) !== undefined) || /^http\/2 stream closed with error code /.test(error.rawMessage);
}

function causes(error: Error): Error[] {
  const all: Error[] = [];
  for (let cause: unknown = error.cause; cause instanceof Error && !all.includes(cause); cause = cause.cause) {
    all.push(cause);
  }

  return all;
}

function codeOf(error: Error): string | undefined {
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : undefined;
}
