import { statusName, type GrpcStatus } from "./grpc-status.js";

/** How far a call came that failed. */
export type CallProgress =
  /** No byte of it left this machine, or the service refused it unread. */
  | "unsent"
  /** It was sent, and no status came back: what became of it is not known. */
  | "sent"
  /** The service, or something in front of it, answered with a status. */
  | "answered";

/** A call failed. */
export class CallError extends Error {
  constructor(
    readonly status: GrpcStatus,

    /** What was said, for people. */
    readonly detail: string,
    readonly progress: CallProgress,

    /** google.rpc.Status as it came with the status; undefined = none. */
    readonly statusDetails?: Uint8Array,
    options?: ErrorOptions,
  ) {
    super(`${statusName(status)}: ${detail}`, options);
  }
}
