import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test, type TestContext } from "node:test";
import { createAdminClient } from "../src/admin/admin-client.js";
import type { AuthorizationStream } from "../src/client/authorization-stream.js";
import type { DecisionClientOptions } from "../src/client/options.js";
import { DecisionClosedError, DecisionCredentialError, DecisionRequestError } from "../src/errors.js";
import { clientOf, patienceMs, request } from "./support/clients.js";
import { DecisionServer } from "./support/decision-server.js";
import { FakeClock } from "./support/fake-clock.js";
import { allowed, ScriptedService, type ServiceOptions } from "./support/scripted-service.js";

const denied = { response: { reason: "REASON_RATE_LIMITED", http_status: 429, retry_after: "10s" } };

describe("stream", () => {
  test("requests_at_once_get_each_its_own_answer_over_one_call", async (t) => {
    const service = await started(t, { answers: [{ ...allowed, backwards: 20 }] });
    const stream = streamOf(t, { address: service.address });

    const verdicts = await Promise.all(Array.from({ length: 20 }, (_, number) => stream.authorize({ ...request, path: `/orders/${number}` })));

    assert.deepEqual(verdicts.map((verdict) => [verdict.allowed, verdict.alias]), Array.from({ length: 20 }, (_, number) => [true, `/orders/${number}`]));
    assert.deepEqual([service.streams, service.connections], [1, 1]);
  });

  test("the_callers_request_id_is_told", async (t) => {
    const service = await started(t);

    await streamOf(t, { address: service.address }).authorize({ ...request, requestId: "of-the-caller" });

    assert.match(service.asked[0]!.requestId, /of-the-caller/);
  });

  test("a_denial_is_remembered_as_elsewhere", async (t) => {
    const service = await started(t, { answers: [denied] });
    const stream = streamOf(t, { address: service.address });

    const verdicts = [await stream.authorize(request), await stream.authorize(request)];

    assert.deepEqual(verdicts.map((verdict) => [verdict.reason, verdict.source]), [["RATE_LIMITED", "service"], ["RATE_LIMITED", "memory"]]);
    assert.equal(service.asked.length, 1);
  });

  for (const breaks of ["connection", "stream"] as const) {
    test(`a_${breaks}_that_breaks_is_answered_by_the_failure_mode_and_opened_anew`, async (t) => {
      const service = await started(t, { answers: [{ breaks }, allowed] });
      const stream = streamOf(t, { address: service.address });

      const verdicts = [await stream.authorize(request), await stream.authorize(request)];

      assert.deepEqual([verdicts[0]!.allowed, verdicts[0]!.failure?.kind, verdicts[0]!.failure?.mayHaveSpent], [false, "unreachable", true]);
      assert.deepEqual([verdicts[1]!.allowed, service.streams], [true, 2]);
    });
  }

  test("a_stream_that_is_refused_unread_asks_another_address", async (t) => {
    const [first, second] = [await started(t, { answers: [{ breaks: "refused" }] }), await started(t)];
    const stream = streamOf(t, { address: [first.address, second.address] });

    assert.equal((await stream.authorize(request)).allowed, true);
    assert.equal(second.asked.length, 1);
  });

  test("an_address_without_a_service_is_passed_over", async (t) => {
    const [nobody, service] = [await started(t, { listens: "nobody" }), await started(t)];
    const stream = streamOf(t, { address: [nobody.address, service.address] });

    const verdicts = [await stream.authorize(request), await stream.authorize(request), await stream.authorize(request)];

    assert.deepEqual(verdicts.map((verdict) => verdict.allowed), [true, true, true]);
  });

  test("a_service_that_comes_back_is_asked_again", async (t) => {
    const service = await started(t);
    const stream = streamOf(t, { address: service.address });
    await stream.authorize(request);
    await service.stop();

    const gone = await stream.authorize(request);
    await service.listen();

    assert.equal(gone.failure?.kind, "unreachable");
    assert.equal((await stream.authorize(request)).allowed, true);
  });

  test("an_answer_that_does_not_come_in_time_is_a_failure", async (t) => {
    const service = await started(t, { answers: [{ hangs: true }, allowed] });
    const stream = streamOf(t, { address: service.address, deadlineMs: 200, failureMode: "open" });

    const verdict = await stream.authorize(request);

    assert.deepEqual([verdict.allowed, verdict.failure?.kind, verdict.failure?.mayHaveSpent], [true, "timed_out", true]);
  });

  test("who_gives_up_gets_the_reason_and_others_their_answers", async (t) => {
    const service = await started(t, { answers: [{ hangs: true }, allowed] });
    const stream = streamOf(t, { address: service.address, failureMode: "open" });
    const giveUp = new AbortController();

    const given = stream.authorize(request, { signal: giveUp.signal });
    while (service.asked.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }

    giveUp.abort(new Error("as the test says"));

    await assert.rejects(given, /as the test says/);
    assert.equal((await stream.authorize(request)).failure, undefined);
    assert.equal(service.streams, 1);
  });

  for (const [code, expected] of [["INVALID_ARGUMENT", DecisionRequestError], ["UNAUTHENTICATED", DecisionCredentialError], ["PERMISSION_DENIED", DecisionCredentialError]] as const) {
    test(`${code}_is_an_error_in_either_mode`, async (t) => {
      const service = await started(t, { answers: [{ status: { code, message: "as the test says" } }, allowed] });
      const stream = streamOf(t, { address: service.address, failureMode: "open" });

      await assert.rejects(stream.authorize(request), expected);
      assert.equal((await stream.authorize(request)).allowed, true);
    });
  }

  test("a_request_that_is_malformed_here_ends_nothing", async (t) => {
    const service = await started(t);
    const stream = streamOf(t, { address: service.address, failureMode: "open" });
    await stream.authorize(request);

    await assert.rejects(stream.authorize({ ...request, method: "" }), DecisionRequestError);
    await assert.rejects(stream.authorize({ ...request, apiKey: 7 as unknown as string }), DecisionRequestError);

    await stream.authorize(request);
    assert.equal(service.streams, 1);
  });

  test("a_closed_stream_and_a_closed_client_say_so", async (t) => {
    const service = await started(t);
    const client = clientOf({ address: service.address });
    const [closed, other] = [client.stream(), client.stream()];
    await closed.authorize(request);
    closed.close();

    await assert.rejects(closed.authorize(request), DecisionClosedError);
    assert.equal((await other.authorize(request)).allowed, true);
    client.close();
    await assert.rejects(other.authorize(request), DecisionClosedError);
  });

  test("an_open_stream_keeps_no_program_from_ending", async (t) => {
    const service = await started(t);
    const program = `
      import { createDecisionClient } from ${JSON.stringify(new URL("../src/index.js", import.meta.url).href)};
      const stream = createDecisionClient({ address: ${JSON.stringify(service.address)}, deadlineMs: ${patienceMs}, log: false }).stream();
      console.log((await stream.authorize(${JSON.stringify(request)})).allowed);`;

    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(child, "exit")) as [number];

    assert.deepEqual([code, printed.trim()], [0, "true"]);
  });
});

describe("stream of a real server", () => {
  let server: DecisionServer;
  before(async () => {
    server = await DecisionServer.start();
  });
  after(() => server.stop());

  test("it_counts_what_is_asked", async (t) => {
    using admin = createAdminClient({ address: server.address, secret: server.secret, log: false, deadlineMs: patienceMs });
    const { apiKey } = await admin.keys.createKey({ key: { orgId: "conformance", applyPolicies: ["three"] } });
    const stream = streamOf(t, { address: server.address, token: "conformance-token" });

    const reasons: unknown[] = [];
    for (let asked = 0; asked < 4; asked++) {
      reasons.push((await stream.authorize({ ...request, apiKey })).reason);
    }

    assert.deepEqual(reasons, ["ALLOWED", "ALLOWED", "ALLOWED", "RATE_LIMITED"]);
  });
});

async function started(t: TestContext, options: ServiceOptions = {}): Promise<ScriptedService> {
  const service = await ScriptedService.start(options);
  t.after(() => service.stop());
  return service;
}

function streamOf(t: TestContext, options: DecisionClientOptions): AuthorizationStream {
  const client = clientOf(options, new FakeClock());
  t.after(() => client.close());
  return client.stream();
}
