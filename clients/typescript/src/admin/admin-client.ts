import type { DescMethodServerStreaming, DescMethodUnary, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { CallFailure } from "../calls/call-failure.js";
import { GrpcStatus } from "../calls/grpc-status.js";
import { ServiceCalls } from "../calls/service-calls.js";
import type { CallOptions } from "../client/decision-client.js";
import { DecisionStateError, DecisionUnavailableError, type DecisionError } from "../errors.js";
import { ActivityService } from "../gen/decision/admin/v1/activity_pb.js";
import { ApiAdminService, type Api } from "../gen/decision/admin/v1/apis_pb.js";
import { AuditService, type AuditEntry } from "../gen/decision/admin/v1/audit_pb.js";
import { AdminCredentialService, type AdminCredential } from "../gen/decision/admin/v1/credentials_pb.js";
import { KeyService, type Key } from "../gen/decision/admin/v1/keys_pb.js";
import { OrganizationAdminService, type Organization } from "../gen/decision/admin/v1/organizations_pb.js";
import { PolicyAdminService, type Policy } from "../gen/decision/admin/v1/policies_pb.js";
import { AuthorizeService, type ExplainResponse } from "../gen/decision/v1/authorize_pb.js";
import { requireSound } from "../mapping/request-rules.js";
import { toWire } from "../mapping/request-mapping.js";
import type { AuthorizationRequest } from "../request.js";
import { adminSettings, type AdminClientOptions, type AdminSettings } from "./admin-settings.js";
import { allPages } from "./pages.js";

/** The calls of a service: each takes a request as a plain object, and answers the response; of one that has many, as they come. */
export type ServiceMethods<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: Service["method"][Name] extends DescMethodUnary<infer Request, infer Response>
    ? (request: MessageInitShape<Request>, options?: CallOptions) => Promise<MessageShape<Response>>
    : Service["method"][Name] extends DescMethodServerStreaming<infer Request, infer Response>
      ? (request: MessageInitShape<Request>, options?: CallOptions) => AsyncIterable<MessageShape<Response>>
      : never;
};

type Filter<Name extends keyof Service["method"], Service extends DescService> = Omit<Parameters<ServiceMethods<Service>[Name]>[0], "pageToken" | "$typeName">;

/**
 * Administers the service. Names are those of the protocol; 64-bit integers are `bigint`, such as `quotaMax: 1000n`.
 * A call that fails throws: a DecisionRequestError with every field that is wrong, a DecisionCredentialError, a DecisionStateError, or a
 * DecisionUnavailableError.
 */
export interface AdminClient extends Disposable {
  /** Keys, their secrets and their use. */
  readonly keys: ServiceMethods<typeof KeyService>;

  /** Policies, their revisions, checks. */
  readonly policies: ServiceMethods<typeof PolicyAdminService>;

  /** The API registry. */
  readonly apis: ServiceMethods<typeof ApiAdminService>;

  /** Organisations and their limits. */
  readonly organizations: ServiceMethods<typeof OrganizationAdminService>;

  /** Credentials of those who administer. */
  readonly credentials: ServiceMethods<typeof AdminCredentialService>;

  /** The log of what was done. */
  readonly audit: ServiceMethods<typeof AuditService>;

  /** Refusals as they come, who is refused most, and the use over time. */
  readonly activity: ServiceMethods<typeof ActivityService>;

  /** All keys that match, page by page. */
  allKeys(filter?: Filter<"listKeys", typeof KeyService>, options?: CallOptions): AsyncIterable<Key>;

  /** All policies that match, page by page. */
  allPolicies(filter?: Filter<"listPolicies", typeof PolicyAdminService>, options?: CallOptions): AsyncIterable<Policy>;

  /** All APIs that match, page by page. */
  allApis(filter?: Filter<"listApis", typeof ApiAdminService>, options?: CallOptions): AsyncIterable<Api>;

  /** All organisations, page by page. */
  allOrganizations(filter?: Filter<"listOrganizations", typeof OrganizationAdminService>, options?: CallOptions): AsyncIterable<Organization>;

  /** All credentials that match, page by page. */
  allCredentials(filter?: Filter<"listAdminCredentials", typeof AdminCredentialService>, options?: CallOptions): AsyncIterable<AdminCredential>;

  /** All entries of the audit log that match, the newest first, page by page. */
  allAuditEntries(filter?: Filter<"listAuditEntries", typeof AuditService>, options?: CallOptions): AsyncIterable<AuditEntry>;

  /**
   * The decision that a request would get now, with every step's finding and the origin of every limit. Nothing is spent. With `keyId` the key is
   * named by its id, as though the client had presented it; the request has none then.
   */
  explain(request: AuthorizationRequest & { readonly keyId?: string }, options?: CallOptions): Promise<ExplainResponse>;

  /** Closes the connections. Calls that are under way fail; later ones throw. */
  close(): void;
}

/**
 * Makes a client for administration. It connects with its first call.
 * @throws DecisionOptionsError Options are wrong; all of them are named, with what to write.
 */
export function createAdminClient(options: AdminClientOptions = {}): AdminClient {
  return new GrpcAdminClient(adminSettings(options, process.env));
}

const refusals = new Map<GrpcStatus, DecisionStateError["code"]>([
  [GrpcStatus.NotFound, "not_found"],
  [GrpcStatus.AlreadyExists, "already_exists"],
  [GrpcStatus.Aborted, "conflict"],
  [GrpcStatus.FailedPrecondition, "precondition"],
]);

class GrpcAdminClient implements AdminClient {
  readonly keys: ServiceMethods<typeof KeyService>;
  readonly policies: ServiceMethods<typeof PolicyAdminService>;
  readonly apis: ServiceMethods<typeof ApiAdminService>;
  readonly organizations: ServiceMethods<typeof OrganizationAdminService>;
  readonly credentials: ServiceMethods<typeof AdminCredentialService>;
  readonly audit: ServiceMethods<typeof AuditService>;
  readonly activity: ServiceMethods<typeof ActivityService>;

  private readonly calls: ServiceCalls;

  constructor(private readonly settings: AdminSettings) {
    this.calls = new ServiceCalls(settings, { authorization: `Bearer ${settings.secret}` });
    this.keys = this.methods(KeyService);
    this.policies = this.methods(PolicyAdminService);
    this.apis = this.methods(ApiAdminService);
    this.organizations = this.methods(OrganizationAdminService);
    this.credentials = this.methods(AdminCredentialService);
    this.audit = this.methods(AuditService);
    this.activity = this.methods(ActivityService);
  }

  allKeys(filter: Filter<"listKeys", typeof KeyService> = {}, options?: CallOptions): AsyncIterable<Key> {
    return allPages(async (pageToken) => {
      const { keys: items, nextPageToken } = await this.keys.listKeys({ ...filter, pageToken }, options);
      return { items, nextPageToken };
    });
  }

  allPolicies(filter: Filter<"listPolicies", typeof PolicyAdminService> = {}, options?: CallOptions): AsyncIterable<Policy> {
    return allPages(async (pageToken) => {
      const { policies: items, nextPageToken } = await this.policies.listPolicies({ ...filter, pageToken }, options);
      return { items, nextPageToken };
    });
  }

  allApis(filter: Filter<"listApis", typeof ApiAdminService> = {}, options?: CallOptions): AsyncIterable<Api> {
    return allPages(async (pageToken) => {
      const { apis: items, nextPageToken } = await this.apis.listApis({ ...filter, pageToken }, options);
      return { items, nextPageToken };
    });
  }

  allOrganizations(filter: Filter<"listOrganizations", typeof OrganizationAdminService> = {}, options?: CallOptions): AsyncIterable<Organization> {
    return allPages(async (pageToken) => {
      const { organizations: items, nextPageToken } = await this.organizations.listOrganizations({ ...filter, pageToken }, options);
      return { items, nextPageToken };
    });
  }

  allCredentials(filter: Filter<"listAdminCredentials", typeof AdminCredentialService> = {}, options?: CallOptions): AsyncIterable<AdminCredential> {
    return allPages(async (pageToken) => {
      const { credentials: items, nextPageToken } = await this.credentials.listAdminCredentials({ ...filter, pageToken }, options);
      return { items, nextPageToken };
    });
  }

  allAuditEntries(filter: Filter<"listAuditEntries", typeof AuditService> = {}, options?: CallOptions): AsyncIterable<AuditEntry> {
    return allPages(async (pageToken) => {
      const { entries: items, nextPageToken } = await this.audit.listAuditEntries({ ...filter, pageToken }, options);
      return { items, nextPageToken };
    });
  }

  async explain(request: AuthorizationRequest & { readonly keyId?: string }, options?: CallOptions): Promise<ExplainResponse> {
    requireSound(request);
    return this.call(AuthorizeService.method.explain, { request: toWire(request), keyId: request.keyId ?? "" }, options);
  }

  close(): void {
    this.calls.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // Calls with one answer, and calls with many.
  private methods<Service extends DescService>(service: Service): ServiceMethods<Service> {
    return Object.fromEntries(service.methods.map((method) => [
      method.localName,
      (request: Record<string, unknown>, options?: CallOptions) => method.methodKind === "server_streaming"
        ? this.calls.callForMany(method as DescMethodServerStreaming, request, refusal, options?.signal)
        : this.call(method as DescMethodUnary, request, options),
    ])) as ServiceMethods<Service>;
  }

  private async call<Request extends DescMethodUnary["input"], Response extends DescMethodUnary["output"]>(
    method: DescMethodUnary<Request, Response>, request: MessageInitShape<Request>, options: CallOptions = {},
  ): Promise<MessageShape<Response>> {
    const outcome = await this.calls.call(method, request, this.settings.deadlineMs, options.signal);
    if (outcome.failure !== undefined) {
      throw refusal(outcome.failure);
    }

    return outcome.response;
  }
}

function refusal(failure: CallFailure): DecisionError {
  const { error } = failure;
  const code = refusals.get(error.status);
  return code !== undefined && error.progress === "answered"
    ? new DecisionStateError(code, error.detail, { cause: error })
    : new DecisionUnavailableError(failure.kind, !failure.certainlyUnsent, failure.detail, { cause: error });
}
