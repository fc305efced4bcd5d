import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createAdminClient, type AdminClient } from "../src/admin/admin-client.js";
import {
  DecisionClosedError, DecisionCredentialError, DecisionRequestError, DecisionStateError, DecisionUnavailableError,
} from "../src/errors.js";
import { DecisionServer } from "./support/decision-server.js";
import { ScriptedService } from "./support/scripted-service.js";

describe("admin client", () => {
  let server: DecisionServer;
  let admin: AdminClient;
  before(async () => {
    server = await DecisionServer.start();
    admin = createAdminClient({ address: server.address, secret: server.secret, log: false, deadlineMs: 60_000 });
  });
  after(async () => {
    admin.close();
    await server.stop();
  });

  test("createKey_answers_a_key_that_works_as_it_was_made", async () => {
    const made = await admin.keys.createKey({ key: { orgId: "conformance", alias: "Zoë", quotaMax: 10n, quotaRenewalRate: 3600n, accessRights: { orders: {} } } });

    const { response } = await admin.explain({ apiKey: made.apiKey, apiId: "orders", method: "GET", path: "/orders/1" });

    assert.deepEqual([response?.allowed, response?.alias, response?.limits[0]?.limit], [true, "Zoë", 10n]);
  });

  test("lists_come_page_by_page_and_are_told_in_one", async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      made.push((await admin.keys.createKey({ key: { orgId: "paged", quotaMax: -1n, rate: -1, per: 1, accessRights: { orders: {} } } })).keyId);
    }

    const found: string[] = [];
    for await (const key of admin.allKeys({ organizationId: "paged", pageSize: 2 })) {
      found.push(key.keyId);
    }

    assert.deepEqual(found.sort(), made.sort());
    assert.deepEqual(await ids(admin.allPolicies({ pageSize: 1 }), (policy) => policy.id), ["plain", "quota", "soft", "three"]);
    assert.deepEqual(await ids(admin.allApis({ pageSize: 2 }), (api) => api.apiId), ["orders", "reports", "versioned"]);
    await admin.organizations.createOrganization({ organization: { organizationId: "ts-org" } });
    assert.ok((await ids(admin.allOrganizations(), (organization) => organization.organizationId)).includes("ts-org"));
  });

  test("errors_are_typed", async () => {
    await rejects(admin.policies.createPolicy({ policy: { id: "wrong", rate: -7, quotaPeriod: "fortnight" } }), DecisionRequestError, (error) =>
      assert.ok(error.violations.length >= 2 && error.violations.some((violation) => violation.field.endsWith("rate"))));
    await rejects(admin.policies.getPolicy({ id: "never-made" }), DecisionStateError, (error) => assert.equal(error.code, "not_found"));
    await rejects(admin.policies.deletePolicy({ id: "three" }), DecisionStateError, (error) => assert.equal(error.code, "precondition"));
    await admin.apis.createApi({ api: { apiId: "twice" } });
    await rejects(admin.apis.createApi({ api: { apiId: "twice" } }), DecisionStateError, (error) => assert.equal(error.code, "already_exists"));
    const { api } = await admin.apis.getApi({ apiId: "twice" });
    await admin.apis.updateApi({ api: { apiId: "twice", name: "changed" }, updateMask: { paths: ["name"] } });
    await rejects(
      admin.apis.updateApi({ api: { apiId: "twice", name: "lost", etag: api!.etag }, updateMask: { paths: ["name"] } }), DecisionStateError,
      (error) => assert.equal(error.code, "conflict"));
    await rejects(admin.explain({ method: "" }), DecisionRequestError, (error) => assert.equal(error.violations.length, 2));
  });

  test("what_cannot_be_sent_is_told", async () => {
    await rejects(admin.keys.createKey({ key: { quotaMax: 10.5 as unknown as bigint } }), DecisionRequestError, (error) => assert.match(error.message, /cannot be sent.*quota_?max/i));
  });

  test("a_wrong_secret_is_told_and_not_shown", async () => {
    const other = createAdminClient({ address: server.address, secret: "not-the-secret", log: false });

    await rejects(other.keys.listKeys({}), DecisionCredentialError, (error) => assert.ok(!error.message.includes("not-the-secret")));
    other.close();
    await rejects(other.keys.listKeys({}), DecisionClosedError, () => undefined);
  });

  test("without_a_service_nothing_was_changed_and_a_broken_call_may_have", async () => {
    const nobody = await ScriptedService.start({ listens: "nobody" });
    const gone = createAdminClient({ address: nobody.address, secret: "s", log: false });
    await rejects(gone.keys.listKeys({}), DecisionUnavailableError, (error) => assert.deepEqual([error.kind, error.mayHaveChanged], ["unreachable", false]));
    gone.close();

    const silence = await ScriptedService.start({ listens: "silence" });
    const slow = createAdminClient({ address: silence.address, secret: "s", log: false, deadlineMs: 100 });
    await rejects(slow.keys.listKeys({}), DecisionUnavailableError, (error) => assert.deepEqual([error.kind, error.mayHaveChanged], ["timed_out", true]));
    slow.close();
    await silence.stop();
  });
});

async function ids<Item>(all: AsyncIterable<Item>, id: (item: Item) => string): Promise<string[]> {
  const found: string[] = [];
  for await (const item of all) {
    found.push(id(item));
  }

  return found.sort();
}

async function rejects<Kind extends Error>(call: Promise<unknown>, kind: abstract new (...args: never[]) => Kind, check: (error: Kind) => void): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof kind, String(error));
    check(error);
    return true;
  });
}
