import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { equals, fromJson, toJson, type DescMethodUnary, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { createAdminClient, type AdminClient } from "../../src/admin/admin-client.js";
import type { GrpcDecisionClient } from "../../src/client/decision-client.js";
import { DecisionCredentialError, DecisionError, DecisionRequestError } from "../../src/errors.js";
import { ApiAdminService } from "../../src/gen/decision/admin/v1/apis_pb.js";
import { KeyService } from "../../src/gen/decision/admin/v1/keys_pb.js";
import { OrganizationAdminService } from "../../src/gen/decision/admin/v1/organizations_pb.js";
import { PolicyAdminService } from "../../src/gen/decision/admin/v1/policies_pb.js";
import { AuthorizeRequestSchema, ExplainOutcome } from "../../src/gen/decision/v1/authorize_pb.js";
import { toVerdict } from "../../src/mapping/verdict-mapping.js";
import type { AuthorizationRequest } from "../../src/request.js";
import type { CallError } from "../../src/calls/call-error.js";
import { clientOf, patienceMs } from "../support/clients.js";
import type { DecisionServer } from "../support/decision-server.js";
import { FakeClock } from "../support/fake-clock.js";
import { codeOf, ScriptedService } from "../support/scripted-service.js";
import { filledIn, type Case, type ExpectedError, type Step } from "./case.js";
import { expectVerdict, matches, verdictFields } from "./matching.js";

const adminServices = { KeyService: [KeyService, "keys"], PolicyAdminService: [PolicyAdminService, "policies"], ApiAdminService: [ApiAdminService, "apis"], OrganizationAdminService: [OrganizationAdminService, "organizations"] } as const;

/** Runs one case, against a real server or against services that answer as it says. */
export class CaseRun {
  private readonly clock = new FakeClock();
  private readonly kept = new Map<string, JsonValue>([["unique", randomBytes(6).toString("hex")]]);
  private readonly services: ScriptedService[] = [];
  private client!: GrpcDecisionClient;

  constructor(
    private readonly one: Case,
    private readonly server: DecisionServer | undefined,
  ) {}

  async run(): Promise<void> {
    try {
      if (this.server === undefined) {
        for (const service of this.one.services ?? [{}]) {
          this.services.push(await ScriptedService.start({ ...service, advance: (ms) => this.clock.advance(ms) }));
        }
      }

      for (const step of this.one.given ?? []) {
        assert.ok(step.admin !== undefined, "what is given are admin calls");
        await this.step(step);
      }

      this.client = this.makeClient();
      for (const step of this.one.steps) {
        await this.step(step);
      }
    } finally {
      this.client?.close();
      await Promise.all(this.services.map((service) => service.stop()));
    }
  }

  private makeClient(): GrpcDecisionClient {
    const options = this.one.client ?? {};
    const token = options.token === undefined && this.server !== undefined ? "conformance-token" : (options.token ?? undefined);
    return clientOf({
      address: this.server?.address ?? this.services.map((service) => service.address),
      ...(options.failure_mode === undefined ? {} : { failureMode: options.failure_mode }),
      deadlineMs: options.deadline_ms === null ? undefined : (options.deadline_ms ?? patienceMs),
      ...(token === undefined ? {} : { token }),
      ...(options.denial_memory_capacity === undefined ? {} : { denialMemoryCapacity: options.denial_memory_capacity }),
    }, this.clock);
  }

  private async step(given: Step): Promise<void> {
    const step = filledIn(given, this.kept);
    const startedAt = performance.now();
    if (step.error === undefined) {
      await this.act(step);
    } else {
      await assert.rejects(this.act(step), (error) => isExpected(error, step.error!, step.admin !== undefined));
    }

    this.check(step, performance.now() - startedAt);
  }

  private async act(step: Step): Promise<void> {
    if (step.authorize !== undefined) {
      await this.authorize(step);
    } else if (step.batch !== undefined) {
      const verdicts = await this.client.authorizeBatch(step.batch.map(toRequest));
      assert.equal(verdicts.length, step.batch.length);
      step.expect_each?.forEach((expected, index) => expectVerdict(verdicts[index]!, expected));
    } else if (step.admin !== undefined || step.explain !== undefined) {
      await this.administer(step);
    } else if (step.connect === true) {
      assert.equal(await this.client.connect(), step.expect_answering);
    } else if (step.advance_ms !== undefined) {
      this.clock.advance(step.advance_ms);
    } else if (step.stop !== undefined) {
      await this.services[step.stop]!.stop();

      // Until the client has heard of it.
      await delay(20);
    } else if (step.start !== undefined) {
      await this.services[step.start]!.listen();
    } else if (step.until_asked !== undefined) {
      await this.askUntil(step.until_asked, step);
    } else {
      assert.fail(`a step that this runner does not know: ${JSON.stringify(step)}`);
    }
  }

  private async authorize(step: Step): Promise<void> {
    const request = toRequest(step.authorize!);
    const verdicts = step.parallel === undefined
      ? [] : await Promise.all(Array.from({ length: step.parallel }, () => this.client.authorize(request)));
    for (let n = 0; step.parallel === undefined && n < (step.times ?? 1); n++) {
      verdicts.push(await this.client.authorize(request));
    }

    verdicts.forEach((verdict) => expectVerdict(verdict, step.expect ?? {}));
    this.keep(step, verdictFields(verdicts.at(-1)!));
  }

  private async askUntil(service: number, step: Step): Promise<void> {
    const until = performance.now() + patienceMs;
    const asked = this.services[service]!.asked.length;
    while (this.services[service]!.asked.length === asked) {
      assert.ok(performance.now() < until, `service ${service} was not asked in time`);

      // Each move is one look at an address that failed; the look itself is a real call.
      this.clock.advance(1000);
      await delay(5);
      expectVerdict(await this.client.authorize(toRequest(step.request!)), step.expect ?? {});
    }
  }

  private async administer(step: Step): Promise<void> {
    const admin = createAdminClient({ address: this.server!.address, secret: step.secret ?? this.server!.secret, deadlineMs: patienceMs, log: false });
    try {
      if (step.explain !== undefined) {
        const { response, steps } = await admin.explain(toRequest(step.explain));
        expectVerdict(toVerdict(response!), step.expect ?? {});
        for (const [name, outcome] of Object.entries(step.expect_steps ?? {})) {
          const found = steps.find((one) => one.name === name);
          assert.equal(found && ExplainOutcome[found.outcome], outcome, name);
        }

        return;
      }

      const response = await this.call(admin, step.admin!, step.request ?? {});
      matches(response, step.expect_response ?? {}, "response");
      this.keep(step, response);
    } finally {
      admin.close();
    }
  }

  private async call(admin: AdminClient, call: string, request: JsonObject): Promise<JsonObject> {
    const [serviceName, methodName] = call.split("/") as [keyof typeof adminServices, string];
    const [service, part] = adminServices[serviceName];
    const method = service.methods.find((one) => one.name === methodName) as DescMethodUnary | undefined;
    assert.ok(method, `${call} is no admin call`);
    const methods = admin[part] as unknown as Record<string, (request: unknown) => Promise<never>>;
    const response = await methods[method.localName]!(fromJson(method.input, request));
    return toJson(method.output, response, { useProtoFieldName: true, alwaysEmitImplicit: true }) as JsonObject;
  }

  private check(step: Step, tookMs: number): void {
    const asked = this.services.map((service) => service.asked.length);
    const inAll = asked.reduce((sum, count) => sum + count, 0);
    if (step.asked !== undefined) {
      assert.deepEqual(asked, step.asked);
    }

    if (step.asked_in_all !== undefined) {
      assert.equal(inAll, step.asked_in_all);
    }

    if (step.asked_at_most !== undefined) {
      assert.ok(inAll <= step.asked_at_most, `${inAll} were asked`);
    }

    if (step.received !== undefined) {
      const last = this.services.flatMap((service) => service.asked).at(-1)!;
      assert.ok(equals(AuthorizeRequestSchema, last, fromJson(AuthorizeRequestSchema, step.received)), JSON.stringify(toJson(AuthorizeRequestSchema, last)));
    }

    const metadata = this.services.flatMap((service) => service.metadata).at(-1);
    for (const [name, value] of Object.entries(step.received_metadata ?? {})) {
      assert.equal(metadata?.[name], value);
    }

    if (step.received_deadline_ms !== undefined) {
      const left = timeoutMs(String(metadata?.["grpc-timeout"]));
      assert.ok(left >= step.received_deadline_ms[0] && left <= step.received_deadline_ms[1], `${left} ms were left`);
    }

    if (step.took_ms !== undefined) {
      assert.ok(tookMs >= step.took_ms[0] && tookMs <= step.took_ms[1], `it took ${tookMs} ms`);
    }
  }

  private keep(step: Step, value: JsonValue): void {
    if (step.as !== undefined) {
      this.kept.set(step.as, value);
    }
  }
}

// The cases name fields as the protocol does.
function toRequest(fields: JsonObject): AuthorizationRequest {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), value])) as unknown as AuthorizationRequest;
}

function isExpected(error: unknown, expected: ExpectedError, isAdmin: boolean): true {
  assert.ok(error instanceof DecisionError, String(error));
  const text = `${error.message}\n${String(error.stack)}`;
  switch (expected.type) {
    case "request":
      assert.ok(error instanceof DecisionRequestError && !isAdmin, String(error));
      break;
    case "credential":
      assert.ok(error instanceof DecisionCredentialError, String(error));
      break;
    case "admin":
      assert.ok(!(error instanceof DecisionCredentialError) && isAdmin, String(error));
      break;
  }

  if (expected.code !== undefined) {
    assert.equal((error.cause as CallError).status, codeOf(expected.code));
  }

  if (expected.violations !== undefined) {
    matches((error as DecisionRequestError).violations.map((violation) => violation.field), [...expected.violations], "violations");
  }

  expected.message_has?.forEach((part) => assert.ok(error.message.includes(part), `'${part}' is not in: ${error.message}`));
  expected.message_lacks?.forEach((part) => assert.ok(!text.includes(part), `'${part}' is in: ${text}`));
  return true;
}

function timeoutMs(header: string): number {
  const unit = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000001 }[header.slice(-1)] ?? Number.NaN;
  return Number(header.slice(0, -1)) * unit;
}
