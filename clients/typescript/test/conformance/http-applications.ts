import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type { DecisionClient } from "../../src/client/decision-client.js";
import { decision as forExpress } from "../../src/express.js";
import { decision as forFastify } from "../../src/fastify.js";
import type { Verdict } from "../../src/verdict.js";

/** The options that a case names. */
export interface CaseMiddleware {
  readonly api_id?: string;
  readonly organization_id?: string;
  readonly key_headers?: readonly string[];
  readonly key_query_parameter?: string;
  readonly key_cookie?: string;
  readonly remove_credential?: boolean;
  readonly rules?: readonly { readonly path: string; readonly skip?: boolean; readonly api_id?: string; readonly api_version?: string; readonly cost?: number }[];
}

/** What an application saw of a request. */
export interface Seen {
  readonly headers: IncomingMessage["headers"];
  readonly raw: readonly string[];
  readonly target: string;
  readonly verdict: Verdict | undefined;
}

export interface CaseApplication {
  readonly port: number;
  readonly seen: Seen[];
  close(): Promise<void>;
}

const answerHeaders = { "X-From-App": "yes", "X-RateLimit-Limit": "from-the-app" };

/** The application of the cases, on each framework. */
export const caseApplications: Readonly<Record<string, (client: DecisionClient, options: CaseMiddleware) => Promise<CaseApplication>>> = {
  async express(client, options) {
    const seen: Seen[] = [];
    const app = express();
    const ruleOf = (path: string): NonNullable<CaseMiddleware["rules"]>[number] | undefined => options.rules?.find((rule) => rule.path === path);
    app.use(forExpress({
      client, ...guardOptions(options),
      apiId: (request) => ruleOf(request.path)?.api_id ?? options.api_id,
      apiVersion: (request) => ruleOf(request.path)?.api_version,
      cost: (request) => ruleOf(request.path)?.cost,
      skip: (request) => ruleOf(request.path)?.skip === true,
    }));
    app.use((request, response) => {
      seen.push(seenOf(request, request.originalUrl, request.decision));
      response.set(answerHeaders).json({});
    });
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
      port: (server.address() as AddressInfo).port,
      seen,
      close: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  },
  async fastify(client, options) {
    const seen: Seen[] = [];
    const app = fastify();
    await app.register(forFastify, { client, ...guardOptions(options), apiId: options.api_id });
    const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      seen.push(seenOf(request.raw, request.raw.url ?? "", request.decision ?? undefined));
      return reply.code(200).headers(answerHeaders).send({});
    };
    for (const rule of options.rules ?? []) {
      app.all(rule.path, { config: { decision: rule.skip === true ? false : { apiId: rule.api_id, apiVersion: rule.api_version, cost: rule.cost } } }, answer);
    }

    app.setNotFoundHandler(answer);
    await app.listen({ port: 0, host: "127.0.0.1" });
    return { port: (app.server.address() as AddressInfo).port, seen, close: () => app.close() };
  },
};

function guardOptions(options: CaseMiddleware): object {
  return {
    organizationId: options.organization_id, keyHeader: options.key_headers, keyQueryParameter: options.key_query_parameter, keyCookie: options.key_cookie,
    removeCredential: options.remove_credential, log: false,
  };
}

function seenOf(message: IncomingMessage, target: string, verdict: Verdict | undefined): Seen {
  return { headers: { ...message.headers }, raw: [...message.rawHeaders], target, verdict };
}
