import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv4 } from "node:net";
import { DecisionCredentialError, DecisionRequestError } from "../errors.js";
import type { AuthorizationRequest } from "../request.js";
import type { Verdict } from "../verdict.js";
import { keyPlaces, type GuardOptions, type GuardRule } from "./guard-options.js";
import { findKey, withoutCookie, withoutParameter, type FoundKey, type KeyPlaces } from "./key-finder.js";
import { removeHeaders, setHeader } from "./request-headers.js";
import { pathAndQuery, withoutQuery } from "./request-target.js";
import { isSignature, signedHeaders } from "./signed-headers.js";
import { clientHeaders, malformedReason, tellUpstream } from "./verdict-headers.js";

/** A request as its framework knows it. */
export interface GuardedRequest {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;

  /** The target as it was received. */
  readonly target: string;

  readonly host: string;
  readonly clientIp: string;
  readonly requestId: string;
}

/** What becomes of a request. */
export type Passage =
  | { readonly kind: "passes"; readonly verdict: Verdict; readonly target: string }
  | { readonly kind: "refused"; readonly status: number; readonly message: string; readonly headers: Readonly<Record<string, string | undefined>> }
  /** The client has gone: there is nobody to answer. */
  | { readonly kind: "gone" };

/** Asks about a request before it goes on. The frameworks' middleware is a thin layer around it. */
export class Guard {
  private readonly places: KeyPlaces;

  constructor(private readonly options: GuardOptions) {
    this.places = keyPlaces(options);
  }

  /** Decides; a request that passes then carries what the service knows of its key. */
  async decide(request: GuardedRequest, rule: GuardRule): Promise<Passage> {
    const target = pathAndQuery(request.target);
    const key = findKey(request.message, target, this.places);
    if (typeof key === "string") {
      return malformed(key);
    }

    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    request.response.once("close", onClose);
    try {
      const verdict = await this.options.client.authorize(this.toRequest(request, target, key, rule), { signal: gone.signal });
      if (!verdict.allowed) {
        return { kind: "refused", status: verdict.httpStatus, message: verdict.message, headers: clientHeaders(verdict, Date.now()) };
      }

      tellUpstream(request.message, verdict);
      return { kind: "passes", verdict, target: this.options.removeCredential === true ? removeKey(request, key) : request.target };
    } catch (error) {
      if (gone.signal.aborted) {
        return { kind: "gone" };
      }

      if (error instanceof DecisionRequestError) {
        return malformed(error.message);
      }

      if (error instanceof DecisionCredentialError) {
        this.tell(`The Decision service does not let this program ask; every request is refused. ${error.message}`);
        return { kind: "refused", status: 500, message: "The request could not be decided", headers: {} };
      }

      throw error;
    } finally {
      request.response.off("close", onClose);
    }
  }

  private toRequest(request: GuardedRequest, target: string, key: FoundKey, rule: GuardRule): AuthorizationRequest {
    const isSigned = isSignature(key.text);
    return {
      apiKey: key.text,
      apiId: rule.apiId,
      apiVersion: rule.apiVersion,
      method: request.message.method ?? "",

      // A query may hold keys, and decides nothing but what was signed.
      path: isSigned ? target : withoutQuery(target),
      host: request.host,
      cost: rule.cost,
      clientIp: plainAddress(request.clientIp),
      requestId: request.requestId,
      organizationId: this.options.organizationId,
      headers: isSigned ? signedHeaders(key.text, request.message) : [],
    };
  }

  private tell(message: string): void {
    const { log } = this.options;
    if (log !== false) {
      (log ?? { warn: console.error }).warn(message);
    }
  }
}

/** The body of a refusal, as Tyk's users know it. */
export function denialBody(message: string): string {
  return `{"error": ${JSON.stringify(message)}}`;
}

function malformed(problem: string): Passage {
  return { kind: "refused", status: 400, message: problem, headers: { "X-Decision-Reason": malformedReason } };
}

// Takes the key out of the request; answers the target without it.
function removeKey(request: GuardedRequest, key: FoundKey): string {
  switch (key.place) {
    case "header":
      removeHeaders(request.message, (name) => name === key.name);
      break;
    case "query":
      return withoutParameter(request.target, key.name);
    case "cookie": {
      const left = withoutCookie(request.message, key.name);
      if (left === undefined) {
        removeHeaders(request.message, (name) => name === "cookie");
      } else {
        setHeader(request.message, "Cookie", left);
      }

      break;
    }
  }

  return request.target;
}

// A dual-mode socket tells IPv4 as IPv6, and a link-local address has its interface behind it: keys are bound to neither form.
function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, "");
  const mapped = /^::ffff:([0-9.]+)$/i.exec(plain)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : plain;
}
