import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { TlsOptions } from "../src/client/options.js";
import { Certificates } from "./support/certificates.js";
import { clientOf, request } from "./support/clients.js";
import { DecisionServer } from "./support/decision-server.js";
import { ScriptedService } from "./support/scripted-service.js";

describe("transport", () => {
  const folder = mkdtempSync(join(tmpdir(), "decision-tls-"));
  const certificates = new Certificates(folder);
  let service: ScriptedService;
  let mutual: ScriptedService;

  before(async () => {
    const server = { cert: readFileSync(certificates.serverFile), key: readFileSync(certificates.serverKeyFile) };
    service = await ScriptedService.start({ tls: server });
    mutual = await ScriptedService.start({ tls: { ...server, ca: readFileSync(certificates.caFile), requestCert: true, rejectUnauthorized: true } });
  });
  after(async () => {
    await service.stop();
    await mutual.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("authorize_trusts_whom_the_file_names", async () => {
    assert.equal(await failureOver(service, { caFile: certificates.caFile }), undefined);
  });

  test("authorize_does_not_trust_a_certificate_of_an_unknown_root", async () => {
    const asked = service.asked.length;

    assert.deepEqual(await failureOver(service, {}), { kind: "unreachable", mayHaveSpent: false });
    assert.equal(service.asked.length, asked);
  });

  test("authorize_does_not_trust_a_root_that_is_not_in_the_file", async () => {
    const other = join(folder, "other");
    mkdirSync(other);

    assert.deepEqual(await failureOver(service, { caFile: new Certificates(other).caFile }), { kind: "unreachable", mayHaveSpent: false });
  });

  test("authorize_takes_only_a_certificate_of_the_right_name", async () => {
    assert.equal(await failureOver(service, { caFile: certificates.caFile, serverName: "localhost" }), undefined);
    assert.deepEqual(await failureOver(service, { caFile: certificates.caFile, serverName: "other.example.com" }), { kind: "unreachable", mayHaveSpent: false });
  });

  test("authorize_shows_its_certificate", async () => {
    const own = { caFile: certificates.caFile, certificateFile: certificates.clientFile, keyFile: certificates.clientKeyFile };

    assert.equal(await failureOver(mutual, own), undefined);
    assert.notEqual(await failureOver(mutual, { caFile: certificates.caFile }), undefined);
  });

  test("authorize_reads_renewed_files_for_a_new_connection", async () => {
    const caFile = join(folder, "renewed.pem");
    const other = join(folder, "before");
    mkdirSync(other);
    copyFileSync(new Certificates(other).caFile, caFile);
    const client = clientOf({ address: service.address, tls: { caFile } });
    try {
      assert.notEqual((await client.authorize(request)).failure, undefined);

      copyFileSync(certificates.caFile, caFile);

      assert.equal((await client.authorize(request)).failure, undefined);
    } finally {
      client.close();
    }
  });

  test("authorize_goes_over_a_Unix_socket", async () => {
    const local = await ScriptedService.start({ socketPath: join(folder, "decision.sock") });
    const client = clientOf({ address: local.address });
    try {
      assert.equal((await client.authorize(request)).failure, undefined);
      assert.equal(local.asked.length, 1);
    } finally {
      client.close();
      await local.stop();
    }
  });

  test("authorize_to_a_Unix_socket_that_is_not_there_is_unreachable", async () => {
    const client = clientOf({ address: `unix:${join(folder, "none.sock")}` });

    const { failure } = await client.authorize(request);

    assert.deepEqual([failure?.kind, failure?.mayHaveSpent], ["unreachable", false]);
    client.close();
  });

  test("a_real_server_answers_over_its_Unix_socket", async () => {
    const socket = join(folder, "real.sock");
    const server = await DecisionServer.start(`--Server:UnixSocket=${socket}`);
    const client = clientOf({ address: `unix:${socket}`, token: "conformance-token" });
    try {
      assert.equal((await client.authorize(request)).reason, "KEY_UNKNOWN");
    } finally {
      client.close();
      await server.stop();
    }
  });

  async function failureOver(over: ScriptedService, tls: TlsOptions): Promise<object | undefined> {
    const client = clientOf({ address: over.address, tls });
    try {
      const { failure } = await client.authorize(request);
      return failure && { kind: failure.kind, mayHaveSpent: failure.mayHaveSpent };
    } finally {
      client.close();
    }
  }
});
