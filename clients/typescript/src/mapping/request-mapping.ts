import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AuthorizeRequestSchema } from "../gen/decision/v1/authorize_pb.js";
import type { AuthorizationRequest } from "../request.js";

/** From the caller's request to the wire's. */
export function toWire(request: AuthorizationRequest): MessageInitShape<typeof AuthorizeRequestSchema> {
  return {
    apiKey: request.apiKey ?? "",
    apiId: request.apiId ?? "",
    apiVersion: request.apiVersion ?? "",
    method: request.method,
    path: request.path ?? "",
    host: request.host ?? "",
    cost: BigInt(request.cost ?? 0),
    clientIp: request.clientIp ?? "",
    requestId: request.requestId ?? "",
    headers: (request.headers ?? []).map(({ name, value }) => ({ name, value })),
    ...(request.queryDepth === undefined ? {} : { queryDepth: request.queryDepth }),
    organizationId: request.organizationId ?? "",
    peek: request.peek ?? false,
    idempotencyKey: request.idempotencyKey ?? "",
  };
}
