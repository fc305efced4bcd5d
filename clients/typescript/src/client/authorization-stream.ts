import type { CallOptions } from "./decision-client.js";
import type { AuthorizationRequest } from "../request.js";
import type { Verdict } from "../verdict.js";

/**
 * Decisions of one client over one call that stays open: less work for each than a call of its own. Any number may be asked at once; the service
 * decides up to 32 at a time, and answers come as they are ready. It is opened with the first request, and anew where it ended.
 */
export interface AuthorizationStream extends Disposable {
  /**
   * Asks as `DecisionClient.authorize` does, with the client's deadline, failure mode and memory; only that the service is not told the deadline.
   * @throws DecisionRequestError A request is malformed. What only the service sees ends the stream, so that others that wait get this too.
   * @throws DecisionCredentialError The service does not let this client ask.
   */
  authorize(request: AuthorizationRequest, options?: CallOptions): Promise<Verdict>;

  /** Ends the stream. Requests that wait are answered by the failure mode; later ones throw. */
  close(): void;
}
