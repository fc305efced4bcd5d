import { clientSettings } from "../../src/client/client-settings.js";
import { GrpcDecisionClient } from "../../src/client/decision-client.js";
import type { DecisionClientOptions } from "../../src/client/options.js";
import { systemClock, type Clock } from "../../src/clock.js";
import type { AuthorizationRequest } from "../../src/request.js";

/** A deadline that no working service misses, however busy the machine is. */
export const patienceMs = 30_000;

export const request: AuthorizationRequest = { apiKey: "key-of-a-client", apiId: "orders", method: "GET", path: "/orders/1" };

/** A client with a deadline that no working service misses, that reads nothing from the environment and says nothing. */
export function clientOf(options: DecisionClientOptions, clock: Clock = systemClock): GrpcDecisionClient {
  return new GrpcDecisionClient(clientSettings({ deadlineMs: patienceMs, batchDeadlineMs: patienceMs, log: false, ...options }, {}), options.onVerdict, clock);
}
