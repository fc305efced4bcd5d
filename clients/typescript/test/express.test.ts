import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { decision } from "../src/express.js";
import { clientOf } from "./support/clients.js";
import { sendRaw } from "./support/raw-http.js";
import { ScriptedService } from "./support/scripted-service.js";

const limited = {
  response: {
    allowed: true, reason: "REASON_ALLOWED", http_status: 200, decision_id: "d-1", key_id: "k-1",
    limits: [{ name: "rate", scope: "key", limit: "5", remaining: "4", period: "60s", reset_after: "12.5s" }, { name: "quota", scope: "organization", limit: "9", remaining: "8" }],
  },
};

// Whoever protects a route twice would count its requests twice.
test("a_request_that_two_middlewares_would_decide_is_an_error", async (t) => {
  const [service, client] = await asking(t);
  const app = express();
  app.use(decision({ client, apiId: "orders" }));
  app.use("/reports", decision({ client, apiId: "reports" }), (_, response) => void response.end("passed"));
  app.use((error: Error, _: Request, response: Response, next: NextFunction) => void (response.status(500).end(error.message), next));

  const answer = await sendRaw(await listening(t, app), ["GET /reports HTTP/1.1", "Host: a"]);

  assert.deepEqual([answer.status, service.asked.length], [500, 1]);
  assert.match(answer.body, /decided by another decision\(\) already/);
});

test("a_request_that_runs_through_the_middleware_again_is_decided_once", async (t) => {
  const [service, client] = await asking(t);
  const app = express();
  const guard = decision({ client, apiId: "orders" });
  app.use(guard, guard, (request, response) => void response.json(request.decision?.keyId));

  const answer = await sendRaw(await listening(t, app), ["GET / HTTP/1.1", "Host: a"]);

  assert.deepEqual([answer.status, answer.body, service.asked.length], [200, '"k-1"', 1]);
});

test("a_route_alone_is_asked_about_with_its_whole_path", async (t) => {
  const [service, client] = await asking(t);
  const app = express();
  const router = express.Router();
  router.get("/:id", decision({ client, apiId: "orders", apiVersion: "v2", cost: 3, requestId: (request) => String(request.headers["x-trace"]) }), (_, response) => void response.end("passed"));
  app.use("/orders", router);
  app.get("/open", (_, response) => void response.end("open"));
  const port = await listening(t, app);

  await sendRaw(port, ["GET /orders/5?x=1 HTTP/1.1", "Host: a", "X-Trace: t-1"]);
  const open = await sendRaw(port, ["GET /open HTTP/1.1", "Host: a"]);

  assert.deepEqual(service.asked.map(({ path, apiVersion, cost, requestId }) => [path, apiVersion, cost, requestId]), [["/orders/5", "v2", 3n, "t-1"]]);
  assert.equal(open.body, "open");
});

for (const [form, send] of [
  ["set", (response: Response) => void response.set({ RateLimit: "theirs", "X-Decision-Id": "theirs", "X-Other": "kept" }).end()],
  ["an_object", (response: Response) => void response.writeHead(200, "Fine", { ratelimit: "theirs", "x-decision-id": "theirs", "X-Other": "kept" }).end()],
  ["a_list", (response: Response) => void response.writeHead(200, ["RateLimit", "theirs", "X-Decision-Id", "theirs", "X-Other", "kept"]).end()],
] as const) {
  test(`headers_of_an_upstream_that_come_as_${form}_do_not_take_the_place_of_ours`, async (t) => {
    const [, client] = await asking(t);
    const app = express();
    app.use(decision({ client, apiId: "orders" }), (_, response) => send(response));

    const { headers } = await sendRaw(await listening(t, app), ["GET / HTTP/1.1", "Host: a"]);

    assert.deepEqual(
      ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-reset", "x-decision-id", "x-other"].map((name) => headers.get(name)),
      ['"rate";r=4;t=13, "organization-quota";r=8', '"rate";q=5;w=60, "organization-quota";q=9', "9", "0", "d-1", "kept"]);
  });
}

test("a_mistake_of_the_application_s_own_rule_is_its_error", async (t) => {
  const [service, client] = await asking(t);
  const app = express();
  app.use(decision({
    client,
    apiId: () => {
      throw new Error("as the test says");
    },
  }));
  app.use((error: Error, _: Request, response: Response, next: NextFunction) => void (response.status(500).end(error.message), next));

  const answer = await sendRaw(await listening(t, app), ["GET / HTTP/1.1", "Host: a"]);

  assert.deepEqual([answer.status, answer.body, service.asked.length], [500, "as the test says", 0]);
});

async function asking(t: TestContext): Promise<[ScriptedService, ReturnType<typeof clientOf>]> {
  const service = await ScriptedService.start({ answers: [limited] });
  const client = clientOf({ address: service.address });
  t.after(async () => {
    client.close();
    await service.stop();
  });
  return [service, client];
}

async function listening(t: TestContext, app: Express): Promise<number> {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
