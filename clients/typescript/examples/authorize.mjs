// Asks whether a key may make a request: node authorize.mjs KEY. The address and so on come from the environment (DECISION_ADDRESS).
import { createDecisionClient } from "@decision/client";

const decision = createDecisionClient();
const verdict = await decision.authorize({ apiKey: process.argv[2], apiId: "orders", method: "GET", path: "/orders/1" });
console.log(verdict.allowed ? `passes, as ${verdict.keyId}` : `${verdict.httpStatus} ${verdict.reason}: ${verdict.message}`);
