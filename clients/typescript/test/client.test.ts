import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as http2 from "node:http2";
import { test, type TestContext } from "node:test";
import type { DecisionClientOptions } from "../src/client/options.js";
import { DecisionClosedError, DecisionRequestError } from "../src/errors.js";
import type { AuthorizationRequest } from "../src/request.js";
import type { Verdict } from "../src/verdict.js";
import { clientOf, request } from "./support/clients.js";
import { FakeClock } from "./support/fake-clock.js";
import { allowed, ScriptedService, type ServiceOptions } from "./support/scripted-service.js";

const denied = { response: { reason: "REASON_RATE_LIMITED", http_status: 429, retry_after: "10s" } };

test("authorize_of_a_stream_that_is_reset_after_it_was_read_is_not_asked_again", async (t) => {
  const [first, second] = [await started(t, { answers: [{ breaks: "stream" }] }), await started(t, { answers: [{ breaks: "stream" }] })];
  const client = clientFor(t, { address: [first.address, second.address] });

  const verdict = await client.authorize(request);

  assert.deepEqual([verdict.allowed, verdict.failure?.mayHaveSpent], [false, true]);
  assert.equal(first.asked.length + second.asked.length, 1);
});

// RFC 9113, 8.7: such a stream was not looked at.
test("authorize_of_a_stream_that_is_refused_unread_asks_another_address", async (t) => {
  const [first, second] = [await started(t, { answers: [{ breaks: "refused" }] }), await started(t)];
  const client = clientFor(t, { address: [first.address, second.address] });

  const verdicts = [await client.authorize(request), await client.authorize(request)];

  assert.deepEqual(verdicts.map((verdict) => [verdict.allowed, verdict.failure]), [[true, undefined], [true, undefined]]);
  assert.ok(second.asked.length === 2);
});

test("authorize_uses_one_connection_for_all_requests", async (t) => {
  const service = await started(t);
  const client = clientFor(t, { address: service.address });

  await Promise.all(Array.from({ length: 200 }, () => client.authorize(request)));
  await client.authorize(request);

  assert.deepEqual([service.asked.length, service.connections], [201, 1]);
});

test("authorize_that_is_given_up_throws_the_reason_and_is_not_answered_by_the_failure_mode", async (t) => {
  const service = await started(t, { answers: [{ hangs: true }] });
  const client = clientFor(t, { address: service.address, failureMode: "open" });
  const giveUp = new AbortController();

  const asking = client.authorize(request, { signal: giveUp.signal });
  while (service.asked.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }

  giveUp.abort(new Error("as the test says"));

  await assert.rejects(asking, /as the test says/);
  await assert.rejects(client.authorize(request, { signal: giveUp.signal }), /as the test says/);
});

test("authorize_after_close_throws", async (t) => {
  const service = await started(t);
  const client = clientFor(t, { address: service.address });
  await client.authorize(request);

  client.close();
  client.close();

  await assert.rejects(client.authorize(request), DecisionClosedError);
  await assert.rejects(client.connect(), DecisionClosedError);
});

test("authorize_of_what_is_no_gRPC_service_is_a_failure", async (t) => {
  const server = http2.createServer((_, response) => response.writeHead(502).end("a proxy's page"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const client = clientFor(t, { address: `http://127.0.0.1:${(server.address() as { port: number }).port}` });

  const verdict = await client.authorize(request);

  assert.deepEqual([verdict.allowed, verdict.failure?.kind, verdict.failure?.mayHaveSpent], [false, "unreachable", true]);
  assert.match(verdict.failure!.detail, /HTTP status 502/);
  client.close();
});

test("authorize_of_an_answer_that_is_too_large_throws", async (t) => {
  const service = await started(t, { answers: [{ response: { ...allowed.response, message: "x".repeat(33 * 1024 * 1024) } }] });
  const client = clientFor(t, { address: service.address, failureMode: "open" });

  await assert.rejects(client.authorize(request), (error) => error instanceof DecisionRequestError && /larger than/.test(error.message));
});

for (const [what, wrong, field] of [
  ["a misspelt field", { ...request, apikey: "k" }, "apikey"],
  ["a key that is no text", { ...request, apiKey: 5 }, "api_key"],
  ["a cost that is no number", { ...request, cost: "2" }, "cost"],
  ["a cost with a fraction", { ...request, cost: 1.5 }, "cost"],
  ["a cost beyond 64 bits", { ...request, cost: 2n ** 63n }, "cost"],
  ["a depth with a fraction", { ...request, queryDepth: 1.5 }, "query_depth"],
  ["half a surrogate pair", { ...request, path: "/\ud800" }, "path"],
  ["half a surrogate pair in a header", { ...request, headers: [{ name: "Date", value: "\udc00" }] }, "headers"],
  ["headers that are no list", { ...request, headers: { Date: "today" } }, "headers"],
  ["peek that is no flag", { ...request, peek: "yes" }, "peek"],
  ["nothing", null, ""],
] as const) {
  test(`authorize_of_${what}_throws_without_asking`, async (t) => {
    const service = await started(t);
    const client = clientFor(t, { address: service.address, failureMode: "open" });

    await assert.rejects(client.authorize(wrong as unknown as AuthorizationRequest), (error) => {
      assert.ok(error instanceof DecisionRequestError);
      assert.deepEqual(error.violations.map((violation) => violation.field), [field]);
      return true;
    });
    assert.equal(service.asked.length, 0);
  });
}

test("authorize_takes_whole_pairs_and_large_costs", async (t) => {
  const service = await started(t);
  const client = clientFor(t, { address: service.address });

  await client.authorize({ ...request, apiKey: "a-\u{1F511}-b", cost: 2n ** 63n - 1n });

  assert.deepEqual([service.asked[0]?.apiKey, service.asked[0]?.cost], ["a-\u{1F511}-b", 2n ** 63n - 1n]);
});

test("authorizeBatch_takes_1_to_1000_requests", async (t) => {
  const client = clientFor(t, { address: "http://127.0.0.1:1" });
  for (const requests of [[], Array.from({ length: 1001 }, () => request), "none"]) {
    await assert.rejects(client.authorizeBatch(requests as AuthorizationRequest[]), (error) =>
      error instanceof DecisionRequestError && error.violations[0]?.field === "requests");
  }
});

test("the_memory_keeps_no_more_than_it_may_and_the_newest", async (t) => {
  const service = await started(t, { answers: [denied] });
  const client = clientFor(t, { address: service.address, denialMemoryCapacity: 3 }, new FakeClock());
  for (let n = 0; n < 10; n++) {
    await client.authorize({ ...request, path: `/${n}` });
  }

  assert.equal(client.rememberedDenials, 3);
  assert.equal((await client.authorize({ ...request, path: "/9" })).source, "memory");
  assert.equal((await client.authorize({ ...request, path: "/0" })).source, "service");
});

test("the_memory_forgets_what_is_over", async (t) => {
  const [service, clock] = [await started(t, { answers: [denied] }), new FakeClock()];
  const client = clientFor(t, { address: service.address }, clock);
  for (let n = 0; n < 10; n++) {
    await client.authorize({ ...request, path: `/${n}` });
  }

  clock.advance(1000);
  await client.authorize(request);

  assert.equal(client.rememberedDenials, 1);
});

test("the_log_tells_of_a_failing_address_once_and_of_its_return_and_no_secret", async (t) => {
  const [service, lines] = [await started(t, { answers: [...Array.from({ length: 5 }, () => ({ status: { code: "INTERNAL", message: "as the test says" } })), allowed] }), [] as string[]];
  const client = clientFor(t, {
    address: service.address, token: "token-of-the-client", log: { warn: (line) => lines.push(`warn ${line}`), info: (line) => lines.push(`info ${line}`) },
  }, new FakeClock());
  for (let n = 0; n < 7; n++) {
    await client.authorize(request);
  }

  assert.deepEqual(lines, [
    `warn The Decision service at ${service.address} gives no verdict: Internal: as the test says`,
    `info The Decision service at ${service.address} answers again.`,
  ]);
});

test("the_log_tells_of_an_address_that_comes_and_goes_every_ten_seconds_at_most", async (t) => {
  const failing = { status: { code: "INTERNAL", message: "as the test says" } };
  const [service, clock, lines] = [await started(t, { answers: Array.from({ length: 41 }, (_, n) => (n % 2 === 0 ? failing : allowed)) }), new FakeClock(), [] as string[]];
  const client = clientFor(t, { address: service.address, log: { warn: (line) => lines.push(line), info: () => undefined } }, clock);
  for (let n = 0; n < 20; n++) {
    await client.authorize(request);
  }

  assert.equal(lines.length, 1);
  clock.advance(10_000);
  await client.authorize(request);
  assert.equal(lines.length, 2);
});

test("the_log_warns_of_an_open_failure_mode_and_of_keys_in_clear", (t) => {
  const lines: string[] = [];

  clientFor(t, {
    address: "http://192.0.2.1:50051,http://127.0.0.1:1,http://localhost:1,http://[::1]:1,unix:/a.sock,https://192.0.2.2", failureMode: "open",
    log: { warn: (line) => lines.push(line), info: () => undefined },
  });

  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /failureMode is open/);
  assert.match(lines[1]!, /http:\/\/192\.0\.2\.1:50051 without TLS/);
});

test("onVerdict_is_told_every_answer_with_its_source_and_cannot_break_it", async (t) => {
  const [service, told] = [await started(t, { answers: [allowed, denied] }), [] as Verdict[]];
  const client = clientFor(t, {
    address: service.address,
    onVerdict: (verdict) => {
      told.push(verdict);
      throw new Error("as the test says");
    },
  }, new FakeClock());

  await client.authorize(request);
  await client.authorize({ ...request, path: "/2" });
  await client.authorize({ ...request, path: "/2" });
  await service.stop();
  await client.authorizeBatch([request]);

  assert.deepEqual(told.map((verdict) => [verdict.source, verdict.allowed]), [["service", true], ["service", false], ["memory", false], ["failure_mode", false]]);
});

// A script that forgets to close must end all the same; a request under way must be waited for.
test("a_program_ends_with_an_open_client_but_not_before_its_answers", async (t) => {
  const service = await started(t);
  const script = `
    import { createDecisionClient } from ${JSON.stringify(new URL("../src/index.js", import.meta.url).href)};
    const client = createDecisionClient({ address: ${JSON.stringify(service.address)}, deadlineMs: 30000 });
    client.authorize({ method: "GET", apiId: "orders" }).then((verdict) => console.log(verdict.reason));
  `;
  const program = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(program.stdout), once(program, "exit")]);

  assert.deepEqual([output, code], ["ALLOWED\n", 0]);
});

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = "";
  for await (const chunk of stream) {
    all += String(chunk);
  }

  return all;
}

async function started(t: TestContext, options?: ServiceOptions): Promise<ScriptedService> {
  const service = await ScriptedService.start(options);
  t.after(() => service.stop());
  return service;
}

function clientFor(t: TestContext, options: DecisionClientOptions, clock?: FakeClock): ReturnType<typeof clientOf> {
  const client = clientOf(options, clock);
  t.after(() => client.close());
  return client;
}
