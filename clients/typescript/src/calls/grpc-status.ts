/** The statuses of gRPC, by number. */
export const GrpcStatus = {
  Ok: 0,
  Cancelled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  DataLoss: 15,
  Unauthenticated: 16,
} as const;

/** One of the statuses. */
export type GrpcStatus = (typeof GrpcStatus)[keyof typeof GrpcStatus];

const names = new Map<number, string>(Object.entries(GrpcStatus).map(([name, status]) => [status, name]));

/** The name of a status, for messages. */
export function statusName(status: GrpcStatus): string {
  return names.get(status) ?? String(status);
}

/** A status by its number; what no version knows is Unknown. */
export function statusOf(number: number): GrpcStatus {
  return names.has(number) ? (number as GrpcStatus) : GrpcStatus.Unknown;
}

/** The status that stands for an HTTP status, where something between answered in place of the service (gRPC, http-grpc-status-mapping). */
export function statusOfHttp(httpStatus: number): GrpcStatus {
  switch (httpStatus) {
    case 400:
      return GrpcStatus.Internal;
    case 401:
      return GrpcStatus.Unauthenticated;
    case 403:
      return GrpcStatus.PermissionDenied;
    case 404:
      return GrpcStatus.Unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return GrpcStatus.Unavailable;
    default:
      return GrpcStatus.Unknown;
  }
}
