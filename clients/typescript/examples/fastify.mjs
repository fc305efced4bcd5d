// An API on Fastify that asks about every request: PORT=3000 node fastify.mjs
import fastify from "fastify";
import { createDecisionClient } from "@decision/client";
import { decision } from "@decision/client/fastify";

const client = createDecisionClient();
const app = fastify();
await app.register(decision, { client, apiId: "orders" });
app.get("/orders/:id", async (request) => `order ${request.params.id} for ${request.decision.alias}\n`);
app.get("/reports", { config: { decision: { cost: 2 } } }, async () => "a report\n");
app.get("/healthz", { config: { decision: false } }, async () => "ok\n");

await client.connect();
console.log(`listens on ${await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" })}`);
