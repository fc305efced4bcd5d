import assert from "node:assert/strict";
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { createAdminClient } from "../src/admin/admin-client.js";
import { DecisionServer, repositoryPath } from "./support/decision-server.js";

const run = promisify(execFile);
const root = repositoryPath("clients/typescript/");

// As a user would have it: the packed package in a folder of its own, in front of a real server.
describe("package", () => {
  const folder = mkdtempSync(join(tmpdir(), "decision-package-"));
  let server: DecisionServer;
  let environment: NodeJS.ProcessEnv;
  let key: string;

  before(async () => {
    server = await DecisionServer.start();
    environment = { ...process.env, DECISION_ADDRESS: server.address, DECISION_TOKEN: "conformance-token", DECISION_DEADLINE: "30s", DECISION_ADMIN_SECRET: server.secret, PORT: "0" };
    const admin = createAdminClient({ address: server.address, secret: server.secret, deadlineMs: 60_000 });
    key = (await admin.keys.createKey({ key: { orgId: "conformance", alias: "me", applyPolicies: ["three"] } })).apiKey;
    await admin.keys.createKey({ key: { orgId: "demo", applyPolicies: [], accessRights: { orders: {} }, rate: -1, per: 1, quotaMax: -1n } });
    admin.close();
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    writeFileSync(join(folder, "package.json"), '{ "name": "a-program", "private": true, "type": "module" }');
    execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", join(folder, `decision-client-${version()}.tgz`)], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });

    // The frameworks are the user's own.
    for (const framework of ["express", "fastify"]) {
      symlinkSync(join(root, "node_modules", framework), join(folder, "node_modules", framework));
    }

    for (const example of ["authorize", "express", "fastify", "admin"]) {
      copyFileSync(join(folder, `node_modules/@decision/client/examples/${example}.mjs`), join(folder, `${example}.mjs`));
    }
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the_package_has_the_version_of_the_repository", () => {
    assert.equal(version(), /<VersionPrefix>(.*)<\/VersionPrefix>/.exec(readFileSync(repositoryPath("Directory.Build.props"), "utf8"))?.[1]);
  });

  test("the_package_holds_what_is_needed_and_no_more", () => {
    const installed = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8")) as { packages: object };
    assert.deepEqual(Object.keys(installed.packages).sort(), ["node_modules/@bufbuild/protobuf", "node_modules/@decision/client"]);
    for (const file of ["README.md", "LICENSE", "dist/index.d.ts", "dist/gen/decision/v1/authorize_pb.js"]) {
      assert.ok(readFileSync(join(folder, "node_modules/@decision/client", file), "utf8").length > 0, file);
    }
  });

  test("the_first_example_asks", async () => {
    const passed = await run(process.execPath, ["authorize.mjs", key], { cwd: folder, env: environment });
    const refused = await run(process.execPath, ["authorize.mjs", "nobody-made-this"], { cwd: folder, env: environment });

    assert.match(passed.stdout, /^passes, as \S+\n$/);
    assert.match(refused.stdout, /^403 KEY_UNKNOWN: /);
  });

  for (const framework of ["express", "fastify"]) {
    test(`the_example_of_${framework}_serves`, async () => {
      const program = spawn(process.execPath, [`${framework}.mjs`], { cwd: folder, env: environment, stdio: ["ignore", "pipe", "inherit"] });
      try {
        const address = await listening(program);

        const answer = await fetch(`${address}/orders/7`, { headers: { "X-Api-Key": key } });
        const healthy = await fetch(`${address}/healthz`);
        const refused = await fetch(`${address}/orders/7`);

        assert.deepEqual([answer.status, await answer.text(), answer.headers.get("x-ratelimit-limit")], [200, "order 7 for me\n", "3"]);
        assert.deepEqual([await healthy.text(), refused.status, await refused.json()], ["ok\n", 401, { error: "Authorization field missing" }]);
      } finally {
        program.kill();
        await once(program, "exit");
      }
    });
  }

  test("the_example_of_administration_makes_and_removes", async () => {
    const { stdout } = await run(process.execPath, ["admin.mjs"], { cwd: folder, env: environment });

    assert.match(stdout, /^made \S+; its secret, shown once, has \d+ characters\n/);
    assert.match(stdout, /\n {2}key: /);
  });

  test("a_program_in_TypeScript_compiles_against_the_package", async () => {
    writeFileSync(join(folder, "program.ts"), `
      import { createAdminClient, createDecisionClient, Reason, type Verdict } from "@decision/client";
      import type { Key } from "@decision/client/admin";
      const client = createDecisionClient({ address: ["http://a:1", "http://b:1"], failureMode: "closed" });
      const verdict: Verdict = await client.authorize({ method: "GET", apiId: "orders" });
      switch (verdict.reason) {
        case Reason.RateLimited: console.log(verdict.retryAfterMs?.toFixed()); break;
        case "KEY_MISSING": break;
      }
      // @ts-expect-error a misspelt field
      await client.authorize({ method: "GET", apikey: "x" });
      const admin = createAdminClient();
      const key: Key | undefined = (await admin.keys.getKey({ keyId: "k" })).key;
      console.log(key?.quotaMax === 5n);
      // @ts-expect-error no such call
      await admin.keys.removeKey({});
    `);
    await run(join(root, "node_modules/.bin/tsc"), [
      "--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2022", "--lib", "es2023,esnext.disposable,dom",
      "--types", "", "--skipLibCheck", "false", "program.ts",
    ], { cwd: folder }).catch((error: { stdout: string }) => assert.fail(error.stdout));
  });
});

function version(): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}

async function listening(program: ChildProcess): Promise<string> {
  const [line] = (await Promise.race([
    once(createInterface(program.stdout!), "line"),
    once(program, "exit").then(([code]) => Promise.reject(new Error(`the example ended with ${String(code)}`))),
  ])) as [string];
  return line.replace("listens on ", "");
}
