import assert from "node:assert/strict";
import { test } from "node:test";
import { adminSettings, type AdminClientOptions } from "../src/admin/admin-settings.js";
import { clientSettings } from "../src/client/client-settings.js";
import type { DecisionClientOptions } from "../src/client/options.js";
import { DecisionOptionsError } from "../src/errors.js";
import { decision as express, type ExpressOptions } from "../src/express.js";
import { temporaryFolder } from "./support/folder.js";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

test("defaults_are_those_that_are_documented", () => {
  const settings = clientSettings({}, {});

  assert.deepEqual(settings.addresses.map((address) => address.text), ["http://127.0.0.1:50051"]);
  assert.deepEqual(
    [settings.failureMode, settings.deadlineMs, settings.batchDeadlineMs, settings.token, settings.denialMemoryCapacity],
    ["closed", 200, 5000, undefined, 10_000]);
});

test("settings_come_from_the_environment_and_code_counts_over_it", () => {
  const environment = {
    DECISION_ADDRESS: "https://a.example.com,https://b.example.com:50051", DECISION_FAILURE_MODE: "open", DECISION_DEADLINE: "150ms",
    DECISION_BATCH_DEADLINE: "2.5s", DECISION_TOKEN: "from-the-environment", DECISION_DENIAL_MEMORY_CAPACITY: "7", DECISION_TLS_SERVER_NAME: "decision.internal",
  };

  const settings = clientSettings({ token: "from-code" }, environment);

  assert.deepEqual(settings.addresses.map((address) => [address.host, address.port, address.tls]), [["a.example.com", 443, true], ["b.example.com", 50051, true]]);
  assert.deepEqual(
    [settings.failureMode, settings.deadlineMs, settings.batchDeadlineMs, settings.token, settings.denialMemoryCapacity, settings.tls.serverName],
    ["open", 150, 2500, "from-code", 7, "decision.internal"]);
});

test("empty_variables_are_not_set", () => {
  const settings = clientSettings({}, { DECISION_ADDRESS: "", DECISION_FAILURE_MODE: "", DECISION_DEADLINE: "", DECISION_TOKEN: "", DECISION_TLS_CA_FILE: "" });

  assert.deepEqual([settings.failureMode, settings.deadlineMs, settings.token, settings.tls.caFile], ["closed", 200, undefined, undefined]);
});

test("addresses_are_understood_in_every_form", () => {
  const settings = clientSettings({ address: ["http://[::1]:5", "HTTP://Host:80", "unix:/run/a.sock", "unix:///run/b.sock"] }, {});

  assert.deepEqual(settings.addresses.map((address) => address.socketPath ?? `${address.host}:${address.port}`), ["::1:5", "host:80", "/run/a.sock", "/run/b.sock"]);
});

const wrong: readonly (readonly [options: object, environment: Record<string, string>, problem: string])[] = [
  [{ address: "" }, {}, "address is empty: write http://host:port"],
  [{ address: [] }, {}, "address is empty: write http://host:port"],
  [{ address: 5 }, {}, "address is 5: write a text"],
  [{ address: "127.0.0.1:50051" }, {}, "address has '127.0.0.1:50051': write http://host:port"],
  [{ address: "ftp://host" }, {}, "address has 'ftp://host': write http://host:port"],
  [{ address: "http://host/path" }, {}, "address has 'http://host/path': write http://host:port"],
  [{ address: "http://user@host" }, {}, "address has 'http://user@host': write http://host:port"],
  [{ address: "unix:relative.sock" }, {}, "address has 'unix:relative.sock': write http://host:port"],
  [{ address: "http://a,http://a:80" }, {}, "address has 'http://a:80' twice"],
  [{ address: Array.from({ length: 33 }, (_, n) => `http://a:${n + 1}`) }, {}, "address has 33 addresses: write 32 at most"],
  [{ deadlineMs: 0 }, {}, "deadlineMs is 0: write 1 to 60000 milliseconds"],
  [{ deadlineMs: "200ms" }, {}, "deadlineMs is '200ms': write 1 to 60000 milliseconds"],
  [{ deadlineMs: 60_001 }, {}, "deadlineMs is 60001: write 1 to 60000 milliseconds"],
  [{}, { DECISION_DEADLINE: "200" }, "DECISION_DEADLINE is '200': write a number with its unit, such as 200ms"],
  [{}, { DECISION_DEADLINE: "0ms" }, "DECISION_DEADLINE is 0: write 1 to 60000 milliseconds"],
  [{ batchDeadlineMs: 300_001 }, {}, "batchDeadlineMs is 300001: write 1 to 300000"],
  [{ failureMode: "ajar" }, {}, "failureMode is 'ajar': write closed or open"],
  [{}, { DECISION_FAILURE_MODE: "OPEN" }, "failureMode is 'OPEN': write closed or open"],
  [{ token: "two words" }, {}, "token is empty or has characters other than visible ASCII"],
  [{ token: "" }, {}, "token is empty or has characters other than visible ASCII"],
  [{ denialMemoryCapacity: -1 }, {}, "denialMemoryCapacity is -1: write 0 to 1000000"],
  [{ denialMemoryCapacity: 1.5 }, {}, "denialMemoryCapacity is 1.5: write 0 to 1000000"],
  [{}, { DECISION_DENIAL_MEMORY_CAPACITY: "many" }, "DECISION_DENIAL_MEMORY_CAPACITY is 'many': write 0 to 1000000"],
  [{ adress: "http://a" }, {}, "adress is not an option: there are address, "],
  [{ tls: { ca: "x" }, address: "https://a" }, {}, "tls.ca is not an option: there are caFile, "],
  [{ tls: { serverName: "a" } }, {}, "tls is set, but no address begins with https://"],
  [{ tls: { serverName: "not a name" }, address: "https://a" }, {}, "tls.serverName is 'not a name': write the host name"],
  [{ tls: { caFile: "/none.pem" }, address: "https://a" }, {}, "tls.caFile is '/none.pem', which cannot be read"],
  [{ log: {} }, {}, "log has no functions warn and info"],
  [{ onVerdict: "x" }, {}, "onVerdict is no function"],
];
for (const [options, environment, problem] of wrong) {
  test(`wrong_options_are_told_${problem}`, () => {
    assert.throws(() => clientSettings(options as DecisionClientOptions, environment), (error) => {
      assert.ok(error instanceof DecisionOptionsError);
      assert.equal(error.problems.length, 1, error.message);
      assert.ok(error.problems[0]!.startsWith(problem), error.message);
      return true;
    });
  });
}

test("all_problems_are_told_at_once_and_no_token", () => {
  assert.throws(() => clientSettings({ address: "x", token: "a secret", deadlineMs: -1 }, {}), (error) => {
    assert.ok(error instanceof DecisionOptionsError);
    assert.equal(error.problems.length, 3);
    assert.ok(!error.message.includes("a secret"));
    return true;
  });
});

test("a_certificate_without_its_key_is_told", (t) => {
  const file = join(temporaryFolder(t), "x.pem");
  writeFileSync(file, "no PEM");

  assert.throws(() => clientSettings({ address: "https://a", tls: { certificateFile: file } }, {}), (error) => {
    assert.ok(error instanceof DecisionOptionsError);
    assert.match(error.message, /tls.certificateFile and tls.keyFile belong together/);
    assert.match(error.message, /tls.certificateFile is '.*', which cannot be read/);
    return true;
  });
});

test("the_admin_secret_comes_from_code_a_file_or_the_environment", (t) => {
  const file = join(temporaryFolder(t), "admin-secret");
  writeFileSync(file, "from-a-file\n");

  assert.equal(adminSettings({ secret: "from-code" }, { DECISION_ADMIN_SECRET: "x", DECISION_ADMIN_SECRET_FILE: "/none" }).secret, "from-code");
  assert.equal(adminSettings({ secretFile: file }, { DECISION_ADMIN_SECRET: "x" }).secret, "from-a-file");
  assert.equal(adminSettings({}, { DECISION_ADMIN_SECRET: "from-the-environment" }).secret, "from-the-environment");
  assert.equal(adminSettings({}, { DECISION_ADMIN_SECRET_FILE: file }).secret, "from-a-file");
});

const wrongAdmin: readonly (readonly [options: AdminClientOptions, problem: RegExp])[] = [
  [{}, /^secret is missing: write the service's admin secret, or secretFile, or set DECISION_ADMIN_SECRET\.$/],
  [{ secret: "two words" }, /^secret is empty or has characters other than visible ASCII/],
  [{ secretFile: "/none" }, /^secretFile is '\/none', which cannot be read/],
  [{ secretFile: "/dev/null" }, /^secretFile is '\/dev\/null', which is empty/],
  [{ secret: "a", secretFile: "/dev/null" }, /^secret and secretFile are both set: write one of them\.$/],
  [{ secret: "a", deadlineMs: 0 }, /^deadlineMs is 0/],
];
for (const [options, problem] of wrongAdmin) {
  test(`wrong_options_of_the_admin_client_are_told_${problem.source}`, () => {
    assert.throws(() => adminSettings(options, {}), (error) => error instanceof DecisionOptionsError && problem.test(error.message));
  });
}

const client = { authorize: () => undefined } as unknown as ExpressOptions["client"];
const wrongGuard: readonly (readonly [options: object, problem: string])[] = [
  [{}, "client is missing"],
  [{ client, apiId: "or ders" }, "apiId is 'or ders': write 1 to 128 characters"],
  [{ client, apiId: "" }, "apiId is '': write 1 to 128 characters"],
  [{ client, organizationId: "a/b" }, "organizationId is 'a/b': write 1 to 128 characters"],
  [{ client, keyHeader: "X Api" }, "keyHeader has 'X Api', which no header can be called"],
  [{ client, keyHeader: "" }, "Nothing says where keys are"],
  [{ client, keyQueryParameter: "" }, "keyQueryParameter is empty"],
  [{ client, keyCookie: "a=b" }, "keyCookie is 'a=b', which no cookie can be called"],
  [{ client, cost: 0 }, "cost is 0: write a whole number, 1 or more"],
  [{ client, apiID: "x" }, "apiID is not an option: there are client, "],
];
for (const [options, problem] of wrongGuard) {
  test(`wrong_options_of_the_middleware_are_told_${problem}`, () => {
    assert.throws(() => express(options as ExpressOptions), (error) =>
      error instanceof DecisionOptionsError && error.problems.length === 1 && error.problems[0]!.startsWith(problem));
  });
}
