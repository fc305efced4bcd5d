// Makes a policy and a key, shows what the key may do, and removes both: node admin.mjs. Needs DECISION_ADMIN_SECRET or DECISION_ADMIN_SECRET_FILE.
import { createAdminClient } from "@decision/client";

const admin = createAdminClient();
await admin.policies.createPolicy({
  policy: { id: "example", orgId: "demo", rate: 5, per: 60, quotaMax: 1000n, quotaPeriod: "month", accessRights: { orders: { versions: ["Default"] } } },
});
const { apiKey, keyId } = await admin.keys.createKey({ key: { orgId: "demo", alias: "me", applyPolicies: ["example"] } });
console.log(`made ${keyId}; its secret, shown once, has ${apiKey.length} characters`);

const { response, steps } = await admin.explain({ apiKey, apiId: "orders", method: "GET", path: "/orders/1" });
console.log(response.allowed ? "may ask for /orders/1" : `may not: ${response.message}`);
for (const step of steps) {
  console.log(`  ${step.name}: ${step.finding}`);
}

await admin.keys.deleteKey({ keyId });
await admin.policies.deletePolicy({ id: "example" });
admin.close();
