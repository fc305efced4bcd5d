import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { DecisionCredentialError, DecisionRequestError, type DecisionError, type FieldViolation } from "../errors.js";
import { BadRequestSchema } from "../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";
import type { ServiceFailure } from "../verdict.js";
import { CallError } from "./call-error.js";
import { GrpcStatus } from "./grpc-status.js";

/** What a failed call means. */
export interface CallFailure {
  readonly kind: ServiceFailure["kind"];

  /** For logs. */
  readonly detail: string;

  /** True = no byte of the request left this machine, or the service refused it unread: another address may be asked. */
  readonly certainlyUnsent: boolean;

  readonly error: CallError;
}

/** The failure of a call; the one place, with {@link mistakeOf}, that knows what gRPC's statuses mean. */
export function failureOf(reason: unknown): CallFailure {
  // Something that nobody thought of is a failure too: the failure mode must answer it.
  const error = reason instanceof CallError ? reason
    : new CallError(GrpcStatus.Internal, reason instanceof Error ? reason.message : String(reason), "sent", undefined, { cause: reason });
  const kind = error.status === GrpcStatus.DeadlineExceeded ? "timed_out" : error.status === GrpcStatus.Unavailable ? "unreachable" : "error";
  return { kind, detail: error.message, certainlyUnsent: error.progress === "unsent", error };
}

/** The error for a mistake of the caller's; undefined = the call failed. */
export function mistakeOf({ error }: CallFailure): DecisionError | undefined {
  switch (error.status) {
    case GrpcStatus.InvalidArgument: {
      const violations = violationsOf(error);
      return new DecisionRequestError(violations.length > 0 ? violations : error.detail, { cause: error });
    }

    // Too large to send or to answer: it would be so for ever, and whoever made it so must not pass by the failure mode `open`.
    case GrpcStatus.ResourceExhausted:
      return new DecisionRequestError(`The request, or the answer to it, is larger than the service or the client takes: ${error.detail}`, { cause: error });
    case GrpcStatus.Unauthenticated:
      return new DecisionCredentialError(`The service does not know this client (${error.detail}): give it a token or secret that the service accepts.`, { cause: error });
    case GrpcStatus.PermissionDenied:
      return new DecisionCredentialError(
        `The service does not let this client ask for this (${error.detail}): give its token the scope, or ask for another API or organisation.`, { cause: error });
    default:
      return undefined;
  }
}

function violationsOf(error: CallError): FieldViolation[] {
  if (error.statusDetails === undefined) {
    return [];
  }

  try {
    return fromBinary(StatusSchema, error.statusDetails).details
      .flatMap((detail) => anyUnpack(detail, BadRequestSchema)?.fieldViolations ?? [])
      .map(({ field, description }) => ({ field, description }));
  } catch {
    // Details that cannot be read: the message must do.
    return [];
  }
}
