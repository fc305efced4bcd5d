import { createHmac, randomBytes } from "node:crypto";
import type { AuthorizationRequest } from "../request.js";

/**
 * Makes fingerprints of everything in a request that can change its verdict, by HMAC-SHA-256 under a key that this process made up: the request,
 * and its key, cannot be told from them.
 */
export class RequestHasher {
  private readonly key = randomBytes(32);

  /** Everything but the request id, which changes nothing, and `peek` and `idempotencyKey`, which are not remembered. */
  hash(request: AuthorizationRequest): string {
    const headers = request.headers ?? [];

    // A query decides nothing, so that a client that varies it does not get round the memory; but a signature covers it.
    const path = request.path ?? "";
    const query = headers.length === 0 ? path.indexOf("?") : -1;
    const cost = request.cost ?? 0;

    // JSON keeps the fields apart: no two requests share a text.
    const text = JSON.stringify([
      request.apiKey ?? "", request.apiId ?? "", request.apiVersion ?? "", request.host ?? "", request.method.toUpperCase(),
      (query < 0 ? path : path.slice(0, query)) || "/", request.clientIp ?? "", request.organizationId ?? "",
      cost < 1 ? "1" : cost.toString(), request.queryDepth ?? -1, headers.map((header) => [header.name, header.value]),
    ]);
    return createHmac("sha256", this.key).update(text).digest("base64");
  }
}
