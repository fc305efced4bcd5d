import assert from "node:assert/strict";
import { fromJson, toJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { AuthorizeRequestSchema } from "../../src/gen/decision/v1/authorize_pb.js";
import { clientOf } from "../support/clients.js";
import { FakeClock } from "../support/fake-clock.js";
import { sendRaw, type RawAnswer } from "../support/raw-http.js";
import { ScriptedService, type Answer, type Listens } from "../support/scripted-service.js";
import { caseApplications, type CaseApplication, type CaseMiddleware } from "./http-applications.js";
import { expectVerdict, matches } from "./matching.js";

/** A case of cases/http. */
export interface HttpCase {
  readonly name: string;
  readonly services?: readonly { readonly answers?: readonly Answer[]; readonly listens?: Listens }[];
  readonly client?: { readonly failure_mode?: "closed" | "open" };
  readonly middleware?: CaseMiddleware;
  readonly steps: readonly HttpStep[];
}

interface HttpStep {
  readonly http?: { readonly method: string; readonly target: string; readonly headers: readonly (readonly [string, string])[] };
  readonly advance_ms?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | null | { readonly in_seconds: readonly [number, number] }>>;
  readonly headers_once?: readonly string[];
  readonly body?: JsonValue;
  readonly body_text?: string;
  readonly lacks?: readonly string[];
  readonly app?: null | { readonly headers?: Readonly<Record<string, string | null>>; readonly target?: string; readonly verdict?: JsonObject | null; readonly lacks?: readonly string[] };
  readonly received_has?: JsonObject;
  readonly asked?: readonly number[];
}

const known = {
  case: ["name", "services", "client", "middleware", "steps"],
  client: ["failure_mode"],
  middleware: ["api_id", "organization_id", "key_headers", "key_query_parameter", "key_cookie", "remove_credential", "rules"],
  step: ["http", "advance_ms", "status", "headers", "headers_once", "body", "body_text", "lacks", "app", "received_has", "asked"],
  app: ["headers", "target", "verdict", "lacks"],
};

/** Runs one case in front of an application on a framework. */
export async function runHttpCase(one: HttpCase, framework: string): Promise<void> {
  requireKnown(one);
  const clock = new FakeClock();
  const services = await Promise.all((one.services ?? [{}]).map((service) => ScriptedService.start({ ...service, advance: (ms) => clock.advance(ms) })));
  const client = clientOf({ address: services.map((service) => service.address), failureMode: one.client?.failure_mode }, clock);
  const app = await caseApplications[framework]!(client, one.middleware ?? {});
  try {
    for (const step of one.steps) {
      if (step.advance_ms !== undefined) {
        clock.advance(step.advance_ms);
      } else {
        await runStep(step, app, services);
      }
    }
  } finally {
    await app.close();
    client.close();
    await Promise.all(services.map((service) => service.stop()));
  }
}

async function runStep(step: HttpStep, app: CaseApplication, services: readonly ScriptedService[]): Promise<void> {
  const { method, target, headers } = step.http!;
  const host = headers.some(([name]) => name.toLowerCase() === "host") ? [] : ["Host: a"];
  const before = app.seen.length;
  const answer = await sendRaw(app.port, [`${method} ${target} HTTP/1.1`, ...host, ...headers.map(([name, value]) => `${name}: ${value}`)]);
  checkAnswer(step, answer);
  checkApplication(step, app.seen.slice(before));
  if (step.received_has !== undefined) {
    const last = services.flatMap((service) => service.asked).at(-1)!;
    const received = toJson(AuthorizeRequestSchema, last, { useProtoFieldName: true, alwaysEmitImplicit: true }) as JsonObject;
    const expected = toJson(AuthorizeRequestSchema, fromJson(AuthorizeRequestSchema, step.received_has), { useProtoFieldName: true, alwaysEmitImplicit: true }) as JsonObject;
    for (const name of Object.keys(step.received_has)) {
      assert.deepEqual(received[name], expected[name], name);
    }
  }

  if (step.asked !== undefined) {
    assert.deepEqual(services.map((service) => service.asked.length), step.asked);
  }
}

function checkAnswer(step: HttpStep, answer: RawAnswer): void {
  if (step.status !== undefined) {
    assert.equal(answer.status, step.status, answer.body);
  }

  for (const [name, expected] of Object.entries(step.headers ?? {})) {
    const value = answer.headers.get(name.toLowerCase());
    if (typeof expected === "object" && expected !== null) {
      const ahead = Number(value) - Date.now() / 1000;
      assert.ok(ahead >= expected.in_seconds[0] && ahead <= expected.in_seconds[1], `${name} is ${ahead} s ahead`);
    } else {
      assert.equal(name === "Content-Type" ? value?.split(";")[0] : value, expected ?? undefined, name);
    }
  }

  for (const name of step.headers_once ?? []) {
    assert.equal(answer.names.filter((other) => other === name.toLowerCase()).length, 1, name);
  }

  if (step.body !== undefined) {
    matches(JSON.parse(answer.body) as JsonValue, step.body, "body");
  }

  if (step.body_text !== undefined) {
    assert.equal(answer.body, step.body_text);
  }

  for (const text of step.lacks ?? []) {
    assert.ok(![...answer.headers.values(), answer.body].some((part) => part.includes(text)), text);
  }
}

function checkApplication(step: HttpStep, seen: CaseApplication["seen"]): void {
  if (step.app === undefined) {
    return;
  }

  assert.equal(seen.length, step.app === null ? 0 : 1);
  if (step.app === null) {
    return;
  }

  const [request] = seen;
  for (const [name, value] of Object.entries(step.app.headers ?? {})) {
    assert.equal(request!.headers[name.toLowerCase()], value ?? undefined, name);
  }

  if (step.app.target !== undefined) {
    assert.equal(request!.target, step.app.target);
  }

  if (step.app.verdict === null) {
    assert.equal(request!.verdict, undefined);
  } else if (step.app.verdict !== undefined) {
    expectVerdict(request!.verdict!, step.app.verdict);
  }

  for (const text of step.app.lacks ?? []) {
    assert.ok(!JSON.stringify([request!.headers, request!.raw, request!.target]).includes(text), text);
  }
}

function requireKnown(one: HttpCase): void {
  const check = (value: object | null | undefined, names: readonly string[]): void => {
    for (const name of Object.keys(value ?? {})) {
      assert.ok(names.includes(name), `${one.name} has ${name}, which this runner does not know`);
    }
  };
  check(one, known.case);
  check(one.client, known.client);
  check(one.middleware, known.middleware);
  for (const step of one.steps) {
    check(step, known.step);
    check(step.app, known.app);
  }
}
