import type { DescMethodUnary, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { CallFailure } from "../calls/call-failure.js";
import { GrpcStatus } from "../calls/grpc-status.js";
import { ServiceCalls } from "../calls/service-calls.js";
import type { CallOptions } from "../client/decision-client.js";
import { DecisionStateError, DecisionUnavailableError, type DecisionError } from "../errors.js";
import { ApiAdminService, type Api } from "../gen/decision/admin/v1/apis_pb.js";
import { KeyService, type Key } from "../gen/decision/admin/v1/keys_pb.js";
import { OrganizationAdminService, type Organization } from "../gen/decision/admin/v1/organizations_pb.js";
import { PolicyAdminService, type Policy } from "../gen/decision/admin/v1/policies_pb.js";
import { AuthorizeService, type ExplainResponse } from "../gen/decision/v1/authorize_pb.js";
import { requireSound } from "../mapping/request-rules.js";
import { toWire } from "../mapping/request-mapping.js";
import type { AuthorizationRequest } from "../request.js";
import { adminSettings, type AdminClientOptions, type AdminSettings } from "./admin-settings.js";
import { allPages } from "./pages.js";

/** The calls of a service: each takes a request as a plain object, and answers the response. */
export type ServiceMethods<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: Service["method"][Name] extends DescMethodUnary<infer Request, infer Response>
    ? (request: MessageInitShape<Request>, options?: CallOptions) => Promise<MessageShape<Response>>
    : never;
};

type Filter<Name extends keyof Service["method"], Service extends DescService> = Omit<Parameters<ServiceMethods<Service>[Name]>[0], "pageToken" | "$typeName">;

/**
 * Administers keys, policies, APIs and organisations. Names are those of the protocol; 64-bit integers are `bigint`, such as `quotaMax: 1000n`.
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

  /** All keys that match, page by page. */
  allKeys(filter?: Filter<"listKeys", typeof KeyService>, options?: CallOptions): AsyncIterable<Key>;

  /** All policies that match, page by page. */
  allPolicies(filter?: Filter<"listPolicies", typeof PolicyAdminService>, options?: CallOptions): AsyncIterable<Policy>;

  /** All APIs that match, page by page. */
  allApis(filter?: Filter<"listApis", typeof ApiAdminService>, options?: CallOptions): AsyncIterable<Api>;

  /** All organisations, page by page. */
  allOrganizations(filter?: Filter<"listOrganizations", typeof OrganizationAdminService>, options?: CallOptions): AsyncIterable<Organization>;

  /** The decision that a request would get now, with every step's finding and the origin of every limit. Nothing is spent. */
  explain(request: AuthorizationRequest, options?: CallOptions): Promise<ExplainResponse>;

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

  private readonly calls: ServiceCalls;

  constructor(private readonly settings: AdminSettings) {
    this.calls = new ServiceCalls(settings, { authorization: `Bearer ${settings.secret}` });
    this.keys = this.methods(KeyService);
    this.policies = this.methods(PolicyAdminService);
    this.apis = this.methods(ApiAdminService);
    this.organizations = this.methods(OrganizationAdminService);
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

  async explain(request: AuthorizationRequest, options?: CallOptions): Promise<ExplainResponse> {
    requireSound(request);
    return this.call(AuthorizeService.method.explain, { request: toWire(request) }, options);
  }

  close(): void {
    this.calls.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // All calls of these services are unary.
  private methods<Service extends DescService>(service: Service): ServiceMethods<Service> {
    return Object.fromEntries(service.methods.map((method) => [
      method.localName,
      (request: Record<string, unknown>, options?: CallOptions) => this.call(method as DescMethodUnary, request, options),
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
