import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { denialBody, Guard } from "./http/guard.js";
import { optionProblems, requireNone, ruleProblems, type GuardOptions, type GuardRule } from "./http/guard-options.js";
import { removeForged } from "./http/request-headers.js";
import { clientHeaders } from "./http/verdict-headers.js";
import type { Verdict } from "./verdict.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The verdict of a request that passed; always one that allows. Null = nothing was asked. */
    decision: Verdict | null;
  }

  interface FastifyContextConfig {
    /** What is asked about requests for this route, over the plugin's options; `false` = they pass unasked, `true` = as the options say. */
    decision?: GuardRule | boolean;
  }
}

/** Options of the plugin for Fastify. */
export interface FastifyOptions extends GuardOptions, GuardRule {
  /** Which requests are asked about: `all`, also those that no route takes; or `marked`, those for routes with `config: { decision: ... }`. Default: `all`. */
  readonly scope?: "all" | "marked" | undefined;
}

const names = [
  "client", "organizationId", "keyHeader", "keyQueryParameter", "keyCookie", "removeCredential", "log", "apiId", "apiVersion", "cost", "scope",
] as const satisfies readonly (keyof FastifyOptions)[];

/**
 * Asks about the requests of the instance that it is registered on. A request that passes has its verdict in `request.decision`, and headers
 * under `X-Decision-*` for what it goes on to; one that is refused is answered here. Routes say more in `config: { decision: ... }`.
 * @throws DecisionOptionsError Options are wrong; all of them are named, with what to write.
 */
export async function decision(app: FastifyInstance, options: FastifyOptions): Promise<void> {
  requireNone([
    ...optionProblems(options, names),
    ...ruleProblems(options),
    ...(options.scope === undefined || options.scope === "all" || options.scope === "marked" ? [] : [`scope is '${String(options.scope)}': write all or marked.`]),
  ]);
  const guard = new Guard(options);
  app.decorateRequest("decision", null);
  app.addHook("onRoute", (route) => {
    const rule = route.config?.decision;
    requireNone(typeof rule === "object" ? ruleProblems(rule).map((problem) => `${String(route.method)} ${route.url}: ${problem}`) : []);
  });
  app.addHook("onRequest", async (request, reply) => {
    removeForged(request.raw);
    const rule = ruleOf(request, options);
    return rule === undefined ? undefined : ask(guard, request, reply, rule, options.keyQueryParameter);
  });

  // At the end, so that they take the place of what an upstream sent under these names.
  app.addHook("onSend", async (request, reply) => {
    if (request.decision !== null) {
      write(reply, clientHeaders(request.decision, Date.now()));
    }
  });
}

// As Fastify's documentation has it: the hooks are for the instance that registers this, not for one of their own.
Object.assign(decision, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "@decision/client",
  [Symbol.for("plugin-meta")]: { name: "@decision/client", fastify: "5.x" },
});

export default decision;

function ruleOf(request: FastifyRequest, options: FastifyOptions): GuardRule | undefined {
  const rule = request.routeOptions.config?.decision;
  if (rule === false || (rule === undefined && options.scope === "marked")) {
    return undefined;
  }

  const own = typeof rule === "object" ? rule : {};
  return { apiId: own.apiId ?? options.apiId, apiVersion: own.apiVersion ?? options.apiVersion, cost: own.cost ?? options.cost };
}

async function ask(
  guard: Guard, request: FastifyRequest, reply: FastifyReply, rule: GuardRule, removedParameter: string | undefined,
): Promise<FastifyReply | undefined> {
  const target = request.originalUrl;
  const passage = await guard.decide(
    { message: request.raw, response: reply.raw, target, host: request.host ?? "", clientIp: request.ip, requestId: request.id }, rule);
  switch (passage.kind) {
    case "gone":
      return reply.hijack();
    case "refused":
      write(reply, passage.headers);

      // It is this key's answer, and only now. A buffer, so that the type stays as it is.
      return reply.code(passage.status).header("Cache-Control", "no-store").type("application/json").send(Buffer.from(denialBody(passage.message)));
    case "passes":
      request.decision = passage.verdict;
      if (passage.target !== target) {
        request.raw.url = passage.target;
        delete (request.query as Record<string, unknown>)[removedParameter ?? ""];
      }

      return undefined;
  }
}

function write(reply: FastifyReply, headers: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(headers)) {
    void (value === undefined ? reply.removeHeader(name) : reply.header(name, value));
  }
}
