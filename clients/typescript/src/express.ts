import type { IncomingMessage, ServerResponse } from "node:http";
import { setOnWriting } from "./http/answer-headers.js";
import { denialBody, Guard } from "./http/guard.js";
import { optionProblems, requireNone, ruleProblems, type GuardOptions } from "./http/guard-options.js";
import { removeForged } from "./http/request-headers.js";
import { clientHeaders } from "./http/verdict-headers.js";
import type { Verdict } from "./verdict.js";

declare global {
  // Where Express's own types let others add to its requests.
  namespace Express {
    interface Request {
      /** The verdict of a request that passed; always one that allows. Undefined = nothing was asked. */
      decision?: Verdict;
    }
  }
}

/** Options of the middleware for Express. */
export interface ExpressOptions extends GuardOptions {
  /** The API that requests are for. Default: the service finds it by host and path in its API registry. */
  readonly apiId?: PerRequest<string | undefined>;

  /** The version of the API. Default: the API's own. */
  readonly apiVersion?: PerRequest<string | undefined>;

  /** What a request counts for on every limit, in units, 1 or more. Default: 1. */
  readonly cost?: PerRequest<number | undefined>;

  /** Which requests pass unasked: health checks and the like. Default: none. */
  readonly skip?: ((request: ExpressRequest) => boolean) | undefined;

  /** A name for the request, for logs and traces. Default: `request.id`, which loggers such as pino-http set, else none. */
  readonly requestId?: ((request: ExpressRequest) => string | undefined) | undefined;
}

/** A value, or how to tell it from a request. */
export type PerRequest<Value> = Value | ((request: ExpressRequest) => Value);

/** What the middleware uses of a request of Express. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl: string;
  readonly host?: string;
  readonly ip?: string | undefined;
  readonly path: string;
  readonly id?: unknown;
  decision?: Verdict;
}

/** What `app.use` takes. */
export type ExpressMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

const names = [
  "client", "organizationId", "keyHeader", "keyQueryParameter", "keyCookie", "removeCredential", "log", "apiId", "apiVersion", "cost", "skip", "requestId",
] as const satisfies readonly (keyof ExpressOptions)[];

// Which middleware a request was decided by: it is decided and counted once.
const decidedBy = new WeakMap<IncomingMessage, unknown>();

/**
 * Asks about every request that comes to it. A request that passes has its verdict in `request.decision`, and headers under `X-Decision-*` for
 * what it goes on to; one that is refused is answered here.
 * @throws DecisionOptionsError Options are wrong; all of them are named, with what to write.
 */
export function decision(options: ExpressOptions): ExpressMiddleware {
  requireNone([
    ...optionProblems(options, names),
    ...ruleProblems({ ...(typeof options.apiId === "function" ? {} : { apiId: options.apiId }), ...(typeof options.cost === "function" ? {} : { cost: options.cost }) }),
  ]);
  const guard = new Guard(options);
  return (message, response, next) => {
    const request = message as ExpressRequest;
    const before = decidedBy.get(request);
    if (before !== undefined) {
      // The same one again: a second round through the application, to a page for errors.
      next(before === guard ? undefined : new Error(
        "This request was decided by another decision() already, and would be counted twice: let the first one skip it, or tell its apiId by a function."));
      return;
    }

    removeForged(request);
    if (options.skip?.(request) === true) {
      next();
      return;
    }

    decidedBy.set(request, guard);
    decide(guard, options, request, response).then((isPassed) => {
      if (isPassed) {
        next();
      }
    }, next);
  };
}

async function decide(guard: Guard, options: ExpressOptions, request: ExpressRequest, response: ServerResponse): Promise<boolean> {
  const rule = { apiId: told(options.apiId, request), apiVersion: told(options.apiVersion, request), cost: told(options.cost, request) };
  const target = request.originalUrl ?? request.url ?? "";
  const passage = await guard.decide({
    message: request,
    response,
    target,
    host: request.host ?? request.headers.host ?? "",
    clientIp: request.ip ?? request.socket.remoteAddress ?? "",
    requestId: options.requestId === undefined ? idOf(request) : (options.requestId(request) ?? ""),
  }, rule);
  switch (passage.kind) {
    case "gone":
      return false;
    case "refused":
      refuse(response, passage.status, passage.message, passage.headers);
      return false;
    case "passes":
      request.decision = passage.verdict;
      setOnWriting(response, () => clientHeaders(passage.verdict, Date.now()));
      if (passage.target !== target) {
        removeFromUrls(request, passage.target);
      }

      return true;
  }
}

// The query is the same in both; a router that the middleware is mounted on shortens the path of `url`.
function removeFromUrls(request: ExpressRequest, target: string): void {
  const start = target.indexOf("?");
  const query = start < 0 ? "" : target.slice(start);
  request.url = (request.url ?? "").replace(/\?.*$/s, "") + query;
  (request as { originalUrl: string }).originalUrl = target;
}

function refuse(response: ServerResponse, status: number, message: string, headers: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) {
      response.setHeader(name, value);
    }
  }

  // It is this key's answer, and only now.
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Type", "application/json");
  response.statusCode = status;
  response.end(denialBody(message));
}

function told<Value>(value: PerRequest<Value>, request: ExpressRequest): Value {
  return typeof value === "function" ? (value as (request: ExpressRequest) => Value)(request) : value;
}

function idOf(request: ExpressRequest): string {
  return typeof request.id === "string" || typeof request.id === "number" ? String(request.id) : "";
}
