import { DecisionRequestError, type FieldViolation } from "../errors.js";
import type { AuthorizationRequest } from "../request.js";

const mostRequests = 1000;
const greatestCost = 2n ** 63n - 1n;
const greatestDepth = 2 ** 31 - 1;

// By the name in code: the name in the protocol, and what it must be.
const fields: Readonly<Record<keyof AuthorizationRequest, readonly [field: string, kind: "text" | "cost" | "depth" | "flag" | "headers"]>> = {
  apiKey: ["api_key", "text"],
  apiId: ["api_id", "text"],
  apiVersion: ["api_version", "text"],
  method: ["method", "text"],
  path: ["path", "text"],
  host: ["host", "text"],
  cost: ["cost", "cost"],
  clientIp: ["client_ip", "text"],
  requestId: ["request_id", "text"],
  headers: ["headers", "headers"],
  queryDepth: ["query_depth", "depth"],
  organizationId: ["organization_id", "text"],
  peek: ["peek", "flag"],
  idempotencyKey: ["idempotency_key", "text"],
};

/**
 * What no service is needed to see. It is refused here, so that a mistake is told also while the service is away, and cannot pass by the failure
 * mode `open`. The service checks everything else.
 */
export function requireSound(request: AuthorizationRequest): void {
  const violations: FieldViolation[] = [];
  check(request, "", violations);
  if (violations.length > 0) {
    throw new DecisionRequestError(violations);
  }
}

/** The same for a batch. */
export function requireSoundBatch(requests: readonly AuthorizationRequest[]): void {
  const violations: FieldViolation[] = [];
  if (!Array.isArray(requests) || requests.length === 0 || requests.length > mostRequests) {
    const found = Array.isArray(requests) ? `has ${requests.length} requests` : "is no list";
    throw new DecisionRequestError([{ field: "requests", description: `${found}: send 1 to ${mostRequests} in one call.` }]);
  }

  requests.forEach((request, index) => check(request, `requests[${index}].`, violations));
  if (violations.length > 0) {
    throw new DecisionRequestError(violations);
  }
}

function check(request: AuthorizationRequest, prefix: string, violations: FieldViolation[]): void {
  const add = (field: string, description: string): void => void violations.push({ field: prefix + field, description });
  if (typeof request !== "object" || request === null) {
    violations.push({ field: prefix.replace(/\.$/, ""), description: "is no request: send an object with method, apiId and so on." });
    return;
  }

  if (request.method === undefined || request.method === "") {
    add("method", "is empty: send the request's HTTP method, such as GET.");
  }

  if (!request.apiId && !request.host) {
    add("api_id", "is empty, and so is host: send api_id, or host with path for the API registry.");
  }

  for (const [name, value] of Object.entries(request)) {
    const rule = Object.hasOwn(fields, name) ? fields[name as keyof AuthorizationRequest] : undefined;
    if (rule === undefined) {
      // A misspelt field must not go unnoticed: without its key or its cost a request means something else.
      add(name, `is no field of a request: there are ${Object.keys(fields).join(", ")}.`);
    } else if (value !== undefined) {
      const problem = problemOf(rule[1], value);
      if (problem !== undefined) {
        add(rule[0], problem);
      }
    }
  }
}

function problemOf(kind: (typeof fields)[keyof AuthorizationRequest][1], value: unknown): string | undefined {
  switch (kind) {
    case "text":
      return typeof value !== "string" ? `is a ${typeof value}: send a text.` : notText(value);
    case "cost":
      return (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) || (typeof value === "bigint" && value >= 0n && value <= greatestCost)
        ? undefined : `is ${String(value)}: send 0 (which counts 1) or more, a whole number.`;
    case "depth":
      return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= greatestDepth
        ? undefined : `is ${String(value)}: send 0 or more, a whole number, or leave it out.`;
    case "flag":
      return typeof value === "boolean" ? undefined : `is a ${typeof value}: send true or false.`;
    case "headers":
      return headersProblem(value);
  }
}

function headersProblem(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every((header) => typeof header?.name === "string" && typeof header?.value === "string")) {
    return "is no list of headers: send [{ name, value }, ...].";
  }

  return value.map((header: { name: string; value: string }) => notText(header.name) ?? notText(header.value)).find((problem) => problem !== undefined);
}

function notText(text: string): string | undefined {
  return text.isWellFormed() ? undefined : "has half a surrogate pair, which no UTF-8 can hold: send whole characters.";
}
