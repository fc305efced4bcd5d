import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { once } from "node:events";
import * as http2 from "node:http2";
import type { Http2Server } from "node:http2";
import { json } from "node:stream/consumers";
import fastify, { type FastifyInstance, type FastifyPluginAsync } from "fastify";
import type { AddressInfo } from "node:net";
import { DecisionOptionsError } from "../src/errors.js";
import { decision, type FastifyOptions } from "../src/fastify.js";
import { clientOf } from "./support/clients.js";
import { sendRaw } from "./support/raw-http.js";
import { ScriptedService } from "./support/scripted-service.js";

test("a_route_says_what_is_asked", async (t) => {
  const { app, service } = await application(t, { apiId: "orders" });
  app.get("/plain", async () => "");
  app.get("/reports", { config: { decision: { apiId: "reports", apiVersion: "v2", cost: 5 } } }, async () => "");
  app.get("/open", { config: { decision: false } }, async () => "");

  await get(app, "/plain", "/reports", "/open", "/nothing-here");

  assert.deepEqual(
    service.asked.map(({ path, apiId, apiVersion, cost }) => [path, apiId, apiVersion, cost]),
    [["/plain", "orders", "", 0n], ["/reports", "reports", "v2", 5n], ["/nothing-here", "orders", "", 0n]]);
});

test("only_marked_routes_are_asked_about_where_it_is_set_so", async (t) => {
  const { app, service } = await application(t, { apiId: "orders", scope: "marked" });
  app.get("/plain", async () => "");
  app.get("/reports", { config: { decision: { apiId: "reports" } } }, async () => "");
  app.get("/marked", { config: { decision: true } }, async () => "");

  await get(app, "/plain", "/reports", "/marked", "/nothing-here");

  assert.deepEqual(service.asked.map(({ apiId }) => apiId), ["reports", "orders"]);
});

test("what_is_registered_inside_a_part_of_an_application_is_for_that_part", async (t) => {
  const { app, service, client } = await application(t);
  await app.register(async (part) => {
    await part.register(decision, { client, apiId: "orders" });
    part.get("/inside", async (request) => request.decision?.keyId ?? "none");
  });
  app.get("/outside", async () => "");

  await get(app, "/inside", "/outside");

  assert.deepEqual(service.asked.map(({ path }) => path), ["/inside"]);
});

test("an_application_of_HTTP_2_is_protected_too", async (t) => {
  const { service, client } = await application(t);
  const app = fastify({ http2: true });
  t.after(() => app.close());
  await app.register(decision as unknown as FastifyPluginAsync<FastifyOptions, Http2Server>, { client, apiId: "orders" });
  app.get("/orders/:id", async (request) => ({ key: request.decision?.keyId, told: request.headers["x-decision-key-id"], forged: request.headers["x-decision-forged"] ?? null }));
  await app.listen({ port: 0, host: "127.0.0.1" });
  const session = http2.connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  const stream = session.request({ ":path": "/orders/1?x=1", "x-api-key": "k", "x-decision-forged": "yes" });
  const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  const body: unknown = await json(stream);

  // Its server would wait for it for a long time.
  session.destroy();

  assert.deepEqual([headers["x-decision-reason"], body], ["ALLOWED", { key: "k-1", told: "k-1", forged: null }]);
  assert.deepEqual([service.asked[0]?.apiKey, service.asked[0]?.path], ["k", "/orders/1"]);
});

test("an_application_does_not_start_with_wrong_options", async (t) => {
  const { client } = await application(t);
  for (const [options, problem] of [
    [{ client, scope: "some" }, /^scope is 'some': write all or marked\.$/],
    [{ client, apiId: "or ders", cost: 0 }, /^apiId is 'or ders'.*\ncost is 0/],
    [{}, /^client is missing/],
  ] as [FastifyOptions, RegExp][]) {
    await assert.rejects(async () => fastify().register(decision, options), (error) => error instanceof DecisionOptionsError && problem.test(error.message));
  }
});

test("a_wrong_rule_at_a_route_is_told_at_once", async (t) => {
  const { app } = await application(t, { apiId: "orders" });

  assert.throws(() => app.get("/x", { config: { decision: { cost: -1 } } }, async () => ""), /GET \/x: cost is -1/);
});

async function application(t: TestContext, options?: Omit<FastifyOptions, "client">): Promise<{ app: FastifyInstance; service: ScriptedService; client: ReturnType<typeof clientOf> }> {
  const service = await ScriptedService.start();
  const client = clientOf({ address: service.address });
  const app = fastify();
  if (options !== undefined) {
    await app.register(decision, { client, ...options });
  }

  t.after(async () => {
    await app.close();
    client.close();
    await service.stop();
  });
  return { app, service, client };
}

async function get(app: FastifyInstance, ...paths: string[]): Promise<void> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  for (const path of paths) {
    await sendRaw((app.server.address() as AddressInfo).port, [`GET ${path} HTTP/1.1`, "Host: a"]);
  }
}
