export type { AuthorizationStream } from "./client/authorization-stream.js";
export { createDecisionClient, type CallOptions, type DecisionClient } from "./client/decision-client.js";
export type { ConnectionOptions, DecisionClientOptions, DecisionLog, FailureMode, TlsOptions } from "./client/options.js";
export { createAdminClient, type AdminClient } from "./admin/admin-client.js";
export type { AdminClientOptions } from "./admin/admin-settings.js";
export {
  DecisionClosedError, DecisionCredentialError, DecisionError, DecisionOptionsError, DecisionRequestError, DecisionStateError, DecisionUnavailableError,
  type FieldViolation,
} from "./errors.js";
export { Reason, type UnknownReason } from "./reason.js";
export type { AuthorizationRequest, RequestHeader } from "./request.js";
export type { LimitStatus, Metadata, MetadataValue, PolicyReference, ServiceFailure, Verdict } from "./verdict.js";
