import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { IncomingMessage } from "node:http";
import express from "express";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type { DecisionClient } from "../../src/client/decision-client.js";
import { decision as forExpress } from "../../src/express.js";
import { decision as forFastify } from "../../src/fastify.js";
import type { GuardOptions } from "../../src/http/guard-options.js";
import type { Verdict } from "../../src/verdict.js";

/** A request that reached an application. */
export interface Passed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: readonly string[];
  readonly query: unknown;
  readonly verdict: Verdict | null | undefined;
}

/** An application with the middleware, over real connections. All routes answer; `/dear` costs 2, `/healthz` passes unasked, `/shared` is another API. */
export interface TestApplication {
  readonly port: number;
  readonly passed: Passed[];
  close(): Promise<void>;
}

export interface ApplicationOptions extends Omit<GuardOptions, "client"> {
  readonly client: DecisionClient;
  readonly apiId?: string;
}

/** How to start one, for each framework. */
export const frameworks: Readonly<Record<string, (options: ApplicationOptions) => Promise<TestApplication>>> = {
  async express({ apiId, ...options }) {
    const app = express();
    const passed: Passed[] = [];
    app.use(forExpress({
      ...options,
      apiId: (request) => (request.path.startsWith("/shared") ? "shared" : apiId),
      cost: (request) => (request.path === "/dear" ? 2 : undefined),
      skip: (request) => request.path === "/healthz",
    }));
    app.use((request, response) => {
      passed.push(passedOf(request, request.originalUrl, request.query, request.decision));
      response.writeHead(200, { "Content-Length": 6, RateLimit: "of the application", "X-Decision-Id": "of the application" }).end("passed");
    });
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
      port: (server.address() as AddressInfo).port,
      passed,
      close: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  },
  async fastify({ apiId, ...options }) {
    const app = fastify();
    const passed: Passed[] = [];
    await app.register(forFastify, { ...options, apiId });
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
      passed.push(passedOf(request.raw, request.raw.url ?? "", request.query, request.decision));
      void reply.header("RateLimit", "of the application").header("X-Decision-Id", "of the application");
      return "passed";
    };
    app.get("/dear", { config: { decision: { cost: 2 } } }, answer);
    app.get("/healthz", { config: { decision: false } }, answer);
    app.get("/shared/*", { config: { decision: { apiId: "shared" } } }, answer);
    app.all("/*", answer);
    await app.listen({ port: 0, host: "127.0.0.1" });
    return { port: (app.server.address() as AddressInfo).port, passed, close: () => app.close() };
  },
};

function passedOf(message: IncomingMessage, url: string, query: unknown, verdict: Verdict | null | undefined): Passed {
  return { url, headers: { ...message.headers }, raw: [...message.rawHeaders], query: { ...(query as object) }, verdict };
}
