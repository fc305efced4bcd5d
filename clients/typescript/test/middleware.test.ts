import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { createAdminClient, type AdminClient } from "../src/admin/admin-client.js";
import type { GrpcDecisionClient } from "../src/client/decision-client.js";
import type { DecisionClientOptions } from "../src/client/options.js";
import { frameworks, type ApplicationOptions, type TestApplication } from "./support/applications.js";
import { clientOf } from "./support/clients.js";
import { DecisionServer } from "./support/decision-server.js";
import { FakeClock } from "./support/fake-clock.js";
import { sendRaw, type RawAnswer } from "./support/raw-http.js";
import { allowed, ScriptedService } from "./support/scripted-service.js";

for (const [framework, start] of Object.entries(frameworks)) {
  describe(framework, () => {
    const toClose: (() => unknown)[] = [];
    let server: DecisionServer;
    let admin: AdminClient;
    let client: GrpcDecisionClient;

    before(async () => {
      server = await DecisionServer.start();
      admin = createAdminClient({ address: server.address, secret: server.secret, log: false, deadlineMs: 60_000 });
      client = clientOf({ address: server.address, token: "conformance-token" });
    });
    after(async () => {
      client.close();
      admin.close();
      await server.stop();
    });
    afterEach(async () => {
      for (const close of toClose.splice(0)) {
        await close();
      }
    });

    test("a_key_passes_as_who_it_is_until_its_rate_is_used_up", async () => {
      const { apiKey, keyId } = await makeKey("three", { alias: "Zoë 100%", tags: ["small, but fine"] });
      const app = await application();

      const first = await get(app, "/orders/1?page=2", `X-Api-Key: ${apiKey}`, "X-Decision-Key-Id: forged", "x_decision_tags: forged", "X-Decisions: kept");
      const dear = await get(app, "/dear", `Authorization: Bearer ${apiKey}`);
      const refused = await get(app, "/orders/3", `X-Api-Key: ${apiKey}`);

      assert.deepEqual([first.status, first.body], [200, "passed"]);
      assert.equal(first.headers.get("ratelimit-policy"), '"rate";q=3;w=3600');
      assert.match(first.headers.get("ratelimit")!, /^"rate";r=2;t=\d+$/);
      assert.deepEqual(["x-ratelimit-limit", "x-ratelimit-remaining", "x-decision-reason"].map((name) => first.headers.get(name)), ["3", "2", "ALLOWED"]);
      const resetIn = Number(first.headers.get("x-ratelimit-reset")) - Date.now() / 1000;
      assert.ok(resetIn > 1000 && resetIn < 3700, `${resetIn} s`);
      assert.notEqual(first.headers.get("x-decision-id"), "of the application");
      assert.deepEqual([dear.status, dear.headers.get("x-ratelimit-remaining")], [200, "0"]);

      assert.deepEqual([refused.status, refused.headers.get("x-decision-reason"), refused.headers.get("content-type")], [429, "RATE_LIMITED", "application/json"]);
      assert.deepEqual([refused.body, refused.headers.get("cache-control")], ['{"error": "Rate Limit Exceeded"}', "no-store"]);
      assert.ok(Number(refused.headers.get("retry-after")) > 3000);

      assert.equal(app.passed.length, 2);
      const [passed] = app.passed;
      assert.deepEqual([passed!.url, passed!.verdict?.keyId, passed!.verdict?.allowed], ["/orders/1?page=2", keyId, true]);
      assert.deepEqual(
        ["x-decision-key-id", "x-decision-organization-id", "x-decision-alias", "x-decision-tags", "x-decisions"].map((name) => passed!.headers[name]),
        [keyId, "conformance", "Zo%C3%AB 100%25", "small%2C%20but%20fine", "kept"]);
      assert.match(String(passed!.headers["x-decision-limits"]), /^"rate";limit=3;remaining=2;reset=\d+$/);
      assert.ok(!passed!.raw.includes("forged") && passed!.headers["x_decision_tags"] === undefined);
      assert.ok(passed!.raw.includes(keyId));
    });

    test("who_may_not_is_told_why", async () => {
      const { apiKey } = await makeKey("three");
      const app = await application();

      await refused(app, "/orders/1", 401, "KEY_MISSING");
      await refused(app, "/orders/1", 403, "KEY_UNKNOWN", "X-Api-Key: nobody-made-this");
      await refused(app, "/shared/1", 403, "API_NOT_GRANTED", `X-Api-Key: ${apiKey}`);
      assert.equal((await get(app, "/orders/1")).headers.get("www-authenticate"), "Bearer");
      assert.equal(app.passed.length, 0);
    });

    test("a_path_that_can_be_read_in_two_ways_is_refused", async () => {
      const { apiKey } = await makeKey("plain");
      const app = await application();

      await refused(app, "/orders/open/..%2fclosed", 400, "PATH_INVALID", `X-Api-Key: ${apiKey}`);
      await refused(app, "http://a/orders/%2e%2e/x", 400, "PATH_INVALID", `X-Api-Key: ${apiKey}`);
    });

    test("what_is_skipped_passes_unasked_and_unforged", async () => {
      const service = await scripted();
      const app = await application({ client: clientOfScripted(service) });

      const answer = await get(app, "/healthz", "X-Decision-Key-Id: forged");

      assert.deepEqual([answer.status, answer.headers.get("x-decision-reason"), service.asked.length], [200, undefined, 0]);
      assert.ok(!app.passed[0]!.raw.includes("forged") && app.passed[0]!.headers["x-decision-key-id"] === undefined);
      assert.ok(app.passed[0]!.verdict == null);
    });

    test("the_service_is_told_the_request_as_it_was_sent", async () => {
      const service = await scripted();
      const app = await application({ client: clientOfScripted(service), organizationId: "acme" });

      await sendRaw(app.port, ["GET /a%2Fb;v=1//c?q=1 HTTP/1.1", "Host: a.example.com:81", "X-Api-Key: k"]);
      await sendRaw(app.port, ["GET http://b.example.com?q=1 HTTP/1.1", "Host: b.example.com"]);

      const { path, host, method, clientIp, organizationId, apiKey } = service.asked[0]!;
      assert.deepEqual({ path, host, method, clientIp, organizationId, apiKey }, {
        path: "/a%2Fb;v=1//c", host: "a.example.com:81", method: "GET", clientIp: "127.0.0.1", organizationId: "acme", apiKey: "k",
      });
      assert.equal(service.asked[1]?.path, "/");
    });

    test("without_an_API_id_host_and_path_say_which_one", async () => {
      const { apiKey } = await makeKey("three");
      const app = await application({ apiId: undefined });

      const found = await sendRaw(app.port, ["GET /orders/1 HTTP/1.1", "Host: api.example.com", `X-Api-Key: ${apiKey}`]);
      const none = await sendRaw(app.port, ["GET /elsewhere HTTP/1.1", "Host: api.example.com", `X-Api-Key: ${apiKey}`]);

      assert.deepEqual([found.status, none.status, none.headers.get("x-decision-reason")], [200, 404, "API_UNKNOWN"]);
    });

    test("a_signed_request_takes_what_it_signed_along", async () => {
      const service = await scripted();
      const app = await application({ client: clientOfScripted(service) });
      const signature = 'Signature keyId="k",headers="(request-target) date x-one",signature="s"';

      await get(app, "/orders/1?page=2", "Date: today", "X-One: 1", "X-One: 2", "X-Other: -", `Authorization: ${signature}`);

      const [asked] = service.asked;
      assert.deepEqual([asked?.apiKey, asked?.path], [signature, "/orders/1?page=2"]);
      assert.deepEqual(asked?.headers.map(({ name, value }) => `${name}: ${value}`), ["date: today", "x-one: 1", "x-one: 2"]);
    });

    test("the_key_is_found_where_the_options_say", async () => {
      const service = await scripted();
      const app = await application({ client: clientOfScripted(service), keyQueryParameter: "api_key", keyCookie: "key" });

      await get(app, "/?x=1&api%5Fkey=a%2Bkey");
      await get(app, "/", "Cookie: other=1; key=\"from-cookie\"");
      await get(app, "/?api_key=second", "Cookie: key=third", "Authorization: second", "X-Api-Key: first");
      await get(app, "/?API_KEY=no", "Cookie: KEY=no");

      assert.deepEqual(service.asked.map((asked) => asked.apiKey), ["a+key", "from-cookie", "first", ""]);
    });

    test("two_keys_in_one_place_are_refused", async () => {
      const service = await scripted();
      const app = await application({ client: clientOfScripted(service, { failureMode: "open" }), keyQueryParameter: "api_key", keyCookie: "key" });

      for (const [path, ...headers] of [
        ["/", "X-Api-Key: one", "X-Api-Key: two"],
        ["/", "Authorization: one", "Authorization: one"],
        ["/?api_key=one&api%5fkey=two"],
        ["/", "Cookie: key=one; key=two"],
        ["/", "Cookie: key=one", "Cookie: key=two"],
      ] as [string, ...string[]][]) {
        await refused(app, path, 400, "INVALID_ARGUMENT", ...headers);
      }

      assert.deepEqual([service.asked.length, app.passed.length], [0, 0]);
    });

    test("the_key_does_not_go_on_where_it_must_not", async () => {
      const service = await scripted();
      const app = await application({ client: clientOfScripted(service), keyQueryParameter: "api_key", keyCookie: "key", removeCredential: true });

      await get(app, "/orders/1?b=%2f&api_key=a-key&c=d+e", "X-Trace: kept");
      await get(app, "/orders/1", "Cookie: b=1; key=a-key; c=\"2\"");
      await get(app, "/orders/1", "X-Api-Key: a-key");

      const [query, cookie, header] = app.passed;
      assert.deepEqual([query!.url, query!.query, query!.headers["x-trace"]], ["/orders/1?b=%2f&c=d+e", { b: "/", c: "d e" }, "kept"]);
      assert.equal(cookie!.headers["cookie"], 'b=1; c="2"');
      assert.equal(header!.headers["x-api-key"], undefined);
      assert.deepEqual(service.asked.map((asked) => asked.apiKey), ["a-key", "a-key", "a-key"]);
      assert.ok(app.passed.every((passed) => !JSON.stringify(passed).includes("a-key")));
    });

    test("without_a_service_requests_are_refused_with_a_time_to_come_back", async () => {
      const app = await application({ client: clientOfScripted(await scripted("nobody")) });

      const answer = await get(app, "/orders/1");

      assert.deepEqual([answer.status, answer.body, answer.headers.get("retry-after"), answer.headers.get("x-decision-reason"), answer.headers.get("x-decision-id")],
        [503, '{"error": "The request could not be decided"}', "1", "SERVICE_UNAVAILABLE", undefined]);
      assert.equal(app.passed.length, 0);
    });

    test("without_a_service_requests_pass_by_the_open_mode_without_an_identity", async () => {
      const app = await application({ client: clientOfScripted(await scripted("nobody"), { failureMode: "open" }), removeCredential: true });

      const answer = await get(app, "/orders/1", "X-Api-Key: a-key", "X-Decision-Key-Id: forged");

      assert.deepEqual([answer.status, answer.headers.get("x-decision-reason"), answer.headers.get("x-decision-id")], [200, "SERVICE_UNAVAILABLE", undefined]);
      assert.equal(app.passed[0]!.verdict?.source, "failure_mode");
      assert.ok(Object.keys(app.passed[0]!.headers).every((name) => !name.startsWith("x-decision")));
      assert.ok(!JSON.stringify(app.passed[0]!.headers).includes("a-key"));
    });

    for (const [code, status] of [["INVALID_ARGUMENT", 400], ["RESOURCE_EXHAUSTED", 400], ["UNAUTHENTICATED", 500], ["PERMISSION_DENIED", 500]] as const) {
      test(`${code}_does_not_pass_even_by_the_open_mode`, async () => {
        const service = await ScriptedService.start({ answers: [{ status: { code, message: "as the test says" } }] });
        toClose.push(() => service.stop());
        const lines: string[] = [];
        const app = await application({
          client: clientOfScripted(service, { failureMode: "open" }), log: { warn: (line) => lines.push(line), info: () => undefined },
        });

        const answer = await get(app, "/orders/1");

        assert.equal(answer.status, status);
        assert.match(answer.body, /^\{"error": "/);
        assert.deepEqual([app.passed.length, lines.length], [0, status === 500 ? 1 : 0]);
      });
    }

    test("a_flood_is_answered_from_memory_with_a_wait_that_counts_down", async () => {
      const [service, clock] = [await scripted(), new FakeClock()];
      service.answers = [{ response: { reason: "REASON_RATE_LIMITED", http_status: 429, retry_after: "2.5s" } }];
      const app = await application({ client: clientOfScripted(service, {}, clock) });

      const first = await get(app, "/orders/1");
      clock.advance(600);
      const second = await get(app, "/orders/1");

      assert.deepEqual([first.headers.get("retry-after"), second.headers.get("retry-after"), service.asked.length], ["3", "2", 1]);
    });

    function makeKey(policy: string, more: object = {}): Promise<{ apiKey: string; keyId: string }> {
      return admin.keys.createKey({ key: { orgId: "conformance", applyPolicies: [policy], ...more } });
    }

    async function scripted(listens: "service" | "nobody" = "service"): Promise<ScriptedService> {
      const service = await ScriptedService.start({ answers: [allowed], listens });
      toClose.push(() => service.stop());
      return service;
    }

    function clientOfScripted(service: ScriptedService, options: DecisionClientOptions = {}, clock?: FakeClock): GrpcDecisionClient {
      const made = clientOf({ address: service.address, ...options }, clock);
      toClose.unshift(() => made.close());
      return made;
    }

    async function application(options: Partial<Omit<ApplicationOptions, "apiId">> & { readonly apiId?: string | undefined } = {}): Promise<TestApplication> {
      const { apiId, ...rest } = { apiId: "orders", client, ...options };
      const app = await start({ ...rest, ...(apiId === undefined ? {} : { apiId }) });
      toClose.unshift(() => app.close());
      return app;
    }
  });
}

function get(app: TestApplication, target: string, ...headers: string[]): Promise<RawAnswer> {
  return sendRaw(app.port, [`GET ${target} HTTP/1.1`, "Host: a", ...headers]);
}

async function refused(app: TestApplication, target: string, status: number, reason: string, ...headers: string[]): Promise<void> {
  const answer = await get(app, target, ...headers);
  assert.deepEqual([answer.status, answer.headers.get("x-decision-reason")], [status, reason], target);
  assert.match(answer.body, /^\{"error": "/);
}
