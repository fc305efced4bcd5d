import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createAdminClient, type AdminClient } from "../src/admin/admin-client.js";
import { AdminRole } from "../src/admin/index.js";
import { createDecisionClient } from "../src/client/decision-client.js";
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
    const named = await admin.explain({ keyId: made.keyId, apiId: "orders", method: "GET", path: "/orders/1" });
    assert.deepEqual([named.response?.allowed, named.response?.alias], [true, "Zoë"]);
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

  test("previewPolicies_tells_plan_and_effect_from_the_address_that_answers", async () => {
    const nobody = await ScriptedService.start({ listens: "nobody" });
    using several = createAdminClient({ address: [nobody.address, server.address], secret: server.secret, log: false, deadlineMs: 60_000 });
    const wanted = { policies: [{ id: "previewed", orgId: "conformance", rate: 1, per: 1, accessRights: { orders: {} } }] };

    // Twice, so that either address comes first once.
    for (let n = 0; n < 2; n++) {
      const events = [];
      for await (const { event } of several.policies.previewPolicies({ wanted })) {
        events.push(event);
      }

      assert.equal(events[0]?.case === "plan" && events[0].value.policies[0]?.id, "previewed");
      assert.equal(events.at(-1)?.case, "effect");
    }
  });

  test("streams_are_refused_and_fail_as_other_calls_do", async () => {
    await rejects(first(admin.policies.previewPolicies({})), DecisionRequestError, (error) => assert.ok(error.violations.length > 0));
    using wrong = createAdminClient({ address: server.address, secret: "not-the-secret", log: false });
    await rejects(first(wrong.activity.followRefusals({})), DecisionCredentialError, () => undefined);
    const nobody = await ScriptedService.start({ listens: "nobody" });
    using away = createAdminClient({ address: nobody.address, secret: "s", log: false });
    await rejects(first(away.activity.followRefusals({})), DecisionUnavailableError, (error) => assert.deepEqual([error.kind, error.mayHaveChanged], ["unreachable", false]));
  });

  test("followRefusals_tells_refusals_until_its_reader_gives_up", async () => {
    const { apiKey, keyId } = await admin.keys.createKey({ key: { orgId: "conformance", applyPolicies: ["three"], isInactive: true } });
    using client = createDecisionClient({ address: server.address, token: "conformance-token", log: false, deadlineMs: 60_000 });
    const giveUp = new AbortController();
    let told = 0;
    const reading = (async () => {
      for await (const { decision } of admin.activity.followRefusals({ keyId }, { signal: giveUp.signal })) {
        assert.equal(decision?.keyId, keyId);
        told++;
      }
    })();

    // It tells what comes once it follows.
    while (told === 0) {
      await client.authorize({ apiKey, apiId: "orders", method: "GET", path: "/orders/1" });
    }

    giveUp.abort(new Error("as the test says"));
    await assert.rejects(reading, /as the test says/);
  });

  test("credentials_and_audit_tell_who_did_what", async () => {
    const { token, credential } = await admin.credentials.createAdminCredential({ credential: { name: "reader", role: AdminRole.VIEWER } });
    using reader = createAdminClient({ address: server.address, secret: token, log: false, deadlineMs: 60_000 });

    assert.equal((await reader.credentials.whoAmI({})).credential?.name, "reader");
    await rejects(reader.policies.deletePolicy({ id: "three" }), DecisionCredentialError, (error) => assert.match(error.message, /needs the role admin/));
    assert.ok((await ids(admin.allCredentials(), (one) => one.credentialId)).includes(credential!.credentialId));
    assert.ok((await ids(admin.allAuditEntries({ objectId: credential!.credentialId, pageSize: 1 }), (entry) => entry.action)).includes("credential.create"));
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

async function first<Item>(all: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of all) {
    return item;
  }

  return undefined;
}

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
